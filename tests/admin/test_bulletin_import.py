"""导入通报 in the admin: upload, review, differences, confirmation, result."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.conftest import acts_for
from tests.sample import BULLETIN, CONTENT
from tracker.choices import DraftStatus, DueBasis, Role
from tracker.models import (
    Bulletin,
    Draft,
    DraftProblem,
    Finding,
    ImportBatch,
    Inspection,
    Round,
    SourceFile,
    Ticket,
    Unit,
    Upload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

IMPORT = "/admin/tracker/bulletin/import/"


def upload(client, *contents, names=()):
    files = [
        SimpleUploadedFile(names[n] if names else f"通报{n + 1}.txt", content)
        for n, content in enumerate(contents)
    ]
    return client.post(IMPORT, {"files": files})


def outcomes(client, *contents, names=()):
    """Upload, and press 继续识别 until all is read, as one does without JavaScript."""
    where = upload(client, *contents, names=names).url
    while "继续识别" in (text := page(client.get(where))):
        where = client.post(where).url
    return text


def page(response):
    return response.content.decode()


@pytest.fixture
def staff(clerk, supervisor):
    """The people whom the sample names."""


@pytest.fixture
def as_operator(sign_in, operator, staff):
    return sign_in(operator)


@pytest.fixture
def draft(as_operator):
    """The sample, uploaded, its round chosen: ready for the differences."""
    upload(as_operator, CONTENT)
    draft = Draft.objects.get()
    draft.round = Round.objects.create(name="第七轮巡察")
    draft.save()
    return draft


def review_url(draft):
    return f"{IMPORT}{draft.pk}/"


def row_fields(problem, **changed):
    """What the browser sends of one row."""
    fields = {
        "title": problem.title,
        "kind": problem.kind,
        "due_on": problem.due_on or "",
        "leader": problem.leader_text,
        "lead_unit": problem.lead_unit_text,
        "person": problem.person_text,
        **changed,
    }
    return {f"p{problem.pk}-{name}": value for name, value in fields.items()}


class TestUpload:
    def test_one_file_leads_straight_to_its_review(self, as_operator):
        response = upload(as_operator, CONTENT)

        assert response.status_code == 302
        assert response.url == review_url(Draft.objects.get())

    def test_each_of_several_files_has_its_own_outcome(self, as_operator):
        other = BULLETIN.replace("2026年9月1日", "2026年9月2日").encode()

        text = outcomes(as_operator, CONTENT, b"", other, names=["甲.txt", "空.txt", "乙.txt"])

        assert Draft.objects.count() == SourceFile.objects.count() == 2
        for name, word in (("甲.txt", "新草稿"), ("空.txt", "未收"), ("乙.txt", "新草稿")):
            assert re.search(rf"{word}</span>\s*<b>{name}", text)

    def test_an_open_draft_is_offered_again(self, draft, as_operator):
        text = outcomes(as_operator, CONTENT)

        assert "已有草稿" in text
        assert review_url(draft) in text
        assert Draft.objects.count() == 1

    def test_a_file_already_imported_is_linked(self, draft, as_operator):
        confirm(as_operator, draft)

        text = outcomes(as_operator, CONTENT)

        assert "已入库" in text
        assert f"/bulletins/{Bulletin.objects.get().pk}/" in text
        assert Draft.objects.open().count() == 0

    def test_a_bulletin_out_of_reach_is_known_but_not_linked(
        self, draft, as_operator, other_bureau, client
    ):
        confirm(as_operator, draft)
        client.force_login(acts_for(other_bureau, Role.OPERATOR, username="stranger"))

        text = outcomes(client, CONTENT)

        assert "已入库" in text
        assert "/bulletins/" not in text

    def test_a_paste_beyond_all_bounds_is_refused_in_chinese(self, as_operator, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

        response = as_operator.post(IMPORT, {"text": "整改" * 1000})

        assert response.status_code == 400
        assert "没有收下，没有保存" in page(response)

    def test_no_file_is_asked_for(self, as_operator):
        response = as_operator.post(IMPORT, {})

        assert response.status_code == 422
        assert "请选择文件，或粘贴通报的文字。" in page(response)

    def test_pasted_text_becomes_a_file_of_its_own(self, as_operator):
        response = as_operator.post(IMPORT, {"text": BULLETIN})

        assert response.url == review_url(Draft.objects.get())
        source = SourceFile.objects.get()
        assert source.name == "粘贴-2026-11-22.txt"
        assert Draft.objects.get().problems.count() == 4

    def test_each_request_reads_one_file_and_what_is_left_waits(self, as_operator):
        other = BULLETIN.replace("2026年9月1日", "2026年9月2日").encode()

        where = upload(as_operator, CONTENT, other).url
        assert not Draft.objects.exists()
        as_operator.post(where)

        assert Draft.objects.count() == 1
        assert "已识别1/2" in page(as_operator.get(where))
        # Whoever closed the browser finds it again.
        text = page(as_operator.get(IMPORT))
        assert "还有1份没有识别" in text
        assert where in text

    def test_the_page_reads_on_by_itself(self, as_operator):
        where = upload(as_operator, CONTENT, b"").url

        part = page(as_operator.post(where, headers={"HX-Request": "true"}))
        last = page(as_operator.post(where, headers={"HX-Request": "true"}))

        assert 'hx-trigger="load' in part
        assert "<html" not in part
        assert 'hx-trigger="load' not in last
        assert "已识别2/2" in last

    def test_another_persons_upload_is_not_there(self, as_operator, client, bureau):
        where = upload(as_operator, CONTENT, b"").url
        client.force_login(acts_for(bureau, Role.OPERATOR, username="colleague"))

        assert client.get(where).status_code == client.post(where).status_code == 404

    def test_of_a_refused_file_only_its_name_and_the_reason_are_kept(self, as_operator):
        text = outcomes(as_operator, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

        assert "未收" in text
        assert Upload.objects.get().content is None
        assert not SourceFile.objects.exists()

    def test_looking_writes_nothing(self, as_operator):
        assert as_operator.get(IMPORT).status_code == 200
        assert not Draft.objects.exists()


class TestReview:
    def test_it_shows_source_and_draft_side_by_side(self, draft, as_operator):
        text = page(as_operator.get(review_url(draft)))

        assert '<p id="l7" data-l="7" class="h">' in text
        marked = re.findall(r'<span class="(mk-\w)" data-at="\d+ \d+">([^<]+)</span>', text)
        for mark in (("mk-p", "堤防台账不健全"), ("mk-m", "一是"), ("mk-c", "该问题已完成整改")):
            assert mark in marked
        assert "（一）工程管理方面</th>" in text
        assert "推定 2026-12-01" in text

    def test_looking_writes_nothing(self, draft, as_operator):
        before = Draft.objects.values().get(), list(DraftProblem.objects.values())

        as_operator.get(review_url(draft))

        assert (Draft.objects.values().get(), list(DraftProblem.objects.values())) == before

    def test_units_of_one_name_are_told_apart(self, draft, as_operator, other_bureau):
        for name in ("工程科", "林政科"):
            Unit.objects.create(name=name, parent=other_bureau)
        city = Unit.objects.create(name="临江市")
        for bureau in Unit.objects.filter(parent=None).exclude(pk=city.pk):
            bureau.parent = city
            bureau.save()
        draft.by.memberships.update(unit=city)

        text = page(as_operator.get(review_url(draft)))

        for label in ("市水务局工程科", "市林业局工程科", "林政科"):
            assert f">{label}</option>" in text

    def test_a_row_is_saved_with_what_was_entered(self, draft, as_operator, other_department):
        second = draft.problems.all()[1]

        as_operator.post(
            review_url(draft),
            row_fields(
                second,
                title="涵闸除险慢",
                leader="邓佳",
                lead_unit="财务科",
                person="外聘专家",
                due_on="2026-12-25",
                kind="immediate",
            ),
        )

        second.refresh_from_db()
        assert (second.title, second.kind) == ("涵闸除险慢", "immediate")
        assert (second.leader.username, second.lead_unit) == ("supervisor", other_department)
        assert (second.person, second.person_text) == (None, "外聘专家")
        assert (second.due_on, second.due_basis) == (date(2026, 12, 25), DueBasis.DECIDED)

    def test_saving_what_was_not_touched_changes_nothing(self, draft, as_operator):
        before = list(DraftProblem.objects.values())
        fields = {}
        for problem in draft.problems.all():
            fields |= row_fields(problem)

        as_operator.post(review_url(draft), {**fields, "action": "save"})

        assert list(DraftProblem.objects.values()) == before

    def test_a_wrong_date_is_told_and_the_rest_is_saved(self, draft, as_operator):
        first, second, *_ = draft.problems.all()

        response = as_operator.post(
            review_url(draft),
            {**row_fields(first, due_on="明年"), **row_fields(second, title="改好的标题")},
        )

        assert response.status_code == 422
        assert "明年" in page(response)
        second.refresh_from_db()
        assert second.title == "改好的标题"

    def test_a_field_saves_itself(self, draft, as_operator):
        second = draft.problems.all()[1]

        response = as_operator.post(
            review_url(draft), row_fields(second, person="梁文"), headers={"HX-Request": "true"}
        )

        assert 'id="points"' in page(response)
        assert f"p{second.pk}-title" not in page(response)
        second.refresh_from_db()
        assert second.person.username == "clerk"

    def test_a_shared_name_must_be_settled_and_is_by_naming_the_unit(
        self, draft, as_operator, other_department
    ):
        namesake = acts_for(other_department, Role.STAFF, username="namesake", name="梁文")
        second = draft.problems.all()[1]

        as_operator.post(review_url(draft), row_fields(second, person="梁文"))
        assert "对应2个账号" in page(as_operator.get(review_url(draft)))

        as_operator.post(review_url(draft), row_fields(second, person="梁文（财务科）"))
        second.refresh_from_db()
        assert second.person == namesake

    def test_the_facts_are_saved_and_a_round_is_registered_by_its_name(self, draft, as_operator):
        as_operator.post(
            review_url(draft),
            {
                "title": "通报",
                "unit": draft.unit_id,
                "inspecting_body": "市委第八巡察组",
                "kind": "local",
                "feedback_on": "2026-09-03",
                "new_round": "第八轮巡察",
            },
        )

        draft.refresh_from_db()
        assert draft.inspecting_body == "市委第八巡察组"
        assert draft.feedback_on == date(2026, 9, 3)
        assert draft.round == Round.objects.get(name="第八轮巡察")

    def test_only_units_in_reach_can_be_the_inspected_one(self, draft, as_operator, other_bureau):
        response = as_operator.post(
            review_url(draft), {"title": "通报", "unit": other_bureau.pk, "kind": "local"}
        )

        assert response.status_code == 422
        draft.refresh_from_db()
        assert draft.unit.name == "临江市水务局"

    def test_a_unit_is_registered_by_its_printed_name(self, draft, as_operator, bureau):
        as_operator.post(
            review_url(draft),
            {"action": "register-unit", "unit-name": "水务监察大队", "unit-parent": bureau.pk},
        )

        draft.refresh_from_db()
        assert (draft.unit.name, draft.unit.parent) == ("水务监察大队", bureau)
        assert draft.problems.first().person is None

    def test_a_unit_is_not_registered_outside_ones_reach(self, draft, as_operator, other_bureau):
        as_operator.post(
            review_url(draft),
            {"action": "register-unit", "unit-name": "监察队", "unit-parent": other_bureau.pk},
        )

        assert not Unit.objects.filter(name="监察队").exists()

    def test_chosen_rows_are_assigned_together(self, draft, as_operator, department):
        first, second, third, _ = draft.problems.all()

        as_operator.post(
            review_url(draft),
            {
                "action": "assign",
                "pick": [second.pk, third.pk],
                "bulk-lead_unit": "工程科",
                "bulk-due_on": "2026-12-31",
            },
        )

        for problem in (second, third):
            problem.refresh_from_db()
            assert problem.lead_unit == department
            assert (problem.due_on, problem.due_basis) == (date(2026, 12, 31), DueBasis.DECIDED)
        first.refresh_from_db()
        assert first.due_on == date(2026, 12, 20)

    def test_assigning_keeps_what_is_left_blank(self, draft, as_operator, clerk):
        first = draft.problems.first()

        as_operator.post(
            review_url(draft), {"action": "assign", "pick": [first.pk], "bulk-lead_unit": "财务科"}
        )

        first.refresh_from_db()
        assert first.person == clerk

    @pytest.mark.parametrize("action", ["assign", "exclude", "include"])
    def test_an_action_on_nothing_says_so(self, draft, as_operator, action):
        response = as_operator.post(review_url(draft), {"action": action}, follow=True)

        assert "选中问题" in page(response)

    def test_problems_are_left_out_and_taken_back(self, draft, as_operator):
        first = draft.problems.first()

        as_operator.post(review_url(draft), {"action": f"exclude:{first.pk}"})
        first.refresh_from_db()
        assert first.is_excluded

        as_operator.post(review_url(draft), {"action": f"include:{first.pk}"})
        first.refresh_from_db()
        assert not first.is_excluded

    def test_an_action_first_saves_what_was_typed(self, draft, as_operator):
        first, second, *_ = draft.problems.all()

        as_operator.post(
            review_url(draft),
            {**row_fields(first, title="改好的标题"), "action": f"exclude:{second.pk}"},
        )

        first.refresh_from_db()
        assert first.title == "改好的标题"

    def test_problems_are_merged_split_and_restored(self, draft, as_operator):
        url = review_url(draft)
        _, second, third, _ = draft.problems.all()

        as_operator.post(url, {"action": f"merge:{third.pk}"})
        assert draft.problems.count() == 3

        as_operator.post(url, {"action": f"split:{second.pk}:1"})
        assert draft.problems.count() == 4

        as_operator.post(url, {"action": f"restore:{second.pk}"})
        assert [p.title for p in draft.problems.all()] == [
            "堤防台账不健全",
            "病险涵闸除险缓慢",
            "公务用车登记不规范",
            "会议纪要印发拖延",
        ]

        as_operator.post(url, {"action": f"exclude:{draft.problems.first().pk}"})
        as_operator.post(url, {"action": "restore-all"})
        assert not draft.problems.filter(is_excluded=True).exists()

    @pytest.mark.parametrize(
        "action", ["merge:999999", "merge", "split:1:x", "split:999999:1", "restore:0", "nonsense"]
    )
    def test_an_action_that_is_not_possible_does_no_harm(self, draft, as_operator, action):
        response = as_operator.post(review_url(draft), {"action": action})

        assert response.status_code == 302
        assert draft.problems.count() == 4

    def test_the_differences_wait_until_everything_is_settled(self, draft, as_operator):
        Draft.objects.update(round=None)

        response = as_operator.post(review_url(draft), {"action": "diff"}, follow=True)

        assert "还有1处必须处理" in page(response)
        assert as_operator.get(f"{review_url(draft)}diff/").url == review_url(draft)

    def test_a_discarded_draft_stays_as_a_record(self, draft, as_operator):
        url = f"{review_url(draft)}discard/"
        assert "作废" in page(as_operator.get(url))
        draft.refresh_from_db()
        assert draft.is_open

        as_operator.post(url)

        draft.refresh_from_db()
        assert draft.status == DraftStatus.DISCARDED
        assert as_operator.get(review_url(draft)).status_code == 404

    @pytest.mark.parametrize("problems", [4, 40])
    def test_its_queries_do_not_grow_with_the_draft(
        self, draft, as_operator, django_assert_num_queries, problems
    ):
        first = draft.problems.first()
        for n in range(problems - 4):
            first.pk, first.order = None, 5 + n
            first.save()
        as_operator.get(review_url(draft))

        # session, person, draft, problems, findings; units, aliases, people of the directory; the
        # inspection, and those alike; the choices of unit, inspection, round and parent (and the
        # parent chosen first), and twice which names several units bear; the person's duties; whom
        # one stands in for (twice, as each asks), and the bell.
        with django_assert_num_queries(19):
            response = as_operator.get(review_url(draft))

        assert page(response).count('class="prob') == problems


class TestFindings:
    """What was read of a problem, item by item beside its words."""

    def kept(self, finding):
        finding.refresh_from_db()
        return finding.decision, finding.value

    def of(self, draft, place, kind):
        return draft.problems.all()[place].findings.get(kind=kind)

    def act(self, client, draft, action, **fields):
        return client.post(review_url(draft), {"action": action, **fields})

    def test_each_stands_beside_its_words_and_points_at_them(self, draft, as_operator):
        figure = self.of(draft, 1, "indicator")

        text = page(as_operator.get(review_url(draft)))

        assert "涵闸除险：已完成8处，共20处，剩余12处" in text or "已完成8处，共20处" in text
        assert f'href="#w{figure.pk}"' in text
        assert f'<span id="w{figure.pk}">' in text
        assert BULLETIN[figure.source_start : figure.source_end] == figure.quote

    @pytest.mark.parametrize(
        ("action", "decision"), [("accept", "accepted"), ("drop", "discarded")]
    )
    def test_one_click_decides_and_another_takes_it_back(
        self, draft, as_operator, action, decision
    ):
        figure = self.of(draft, 1, "indicator")

        response = self.act(as_operator, draft, f"{action}:{figure.pk}")

        assert response.status_code == 302
        assert response.url.endswith(f"?problem={figure.problem_id}#f{figure.problem_id}")
        assert self.kept(figure)[0] == decision
        self.act(as_operator, draft, f"reopen:{figure.pk}")
        assert self.kept(figure)[0] == "pending"

    def test_with_htmx_only_the_items_of_the_problem_come_back(self, draft, as_operator):
        figure = self.of(draft, 1, "indicator")

        text = page(
            as_operator.post(
                review_url(draft),
                {"action": f"accept:{figure.pk}"},
                headers={"HX-Request": "true"},
            )
        )

        assert "<html" not in text
        assert text.count("<details") == 1
        assert f'id="f{figure.problem_id}" open' in text

    def test_a_figure_is_put_right(self, draft, as_operator):
        figure = self.of(draft, 1, "indicator")
        pk = figure.pk
        assert f'name="f{pk}-done"' in page(as_operator.get(f"{review_url(draft)}?correct={pk}"))

        self.act(
            as_operator,
            draft,
            f"corrected:{pk}",
            **{f"f{pk}-label": "除险涵闸", f"f{pk}-unit": "座", f"f{pk}-done": "9"},
            **{f"f{pk}-total": "20"},
        )

        decision, value = self.kept(figure)
        assert (decision, value["label"], value["done"]) == ("corrected", "除险涵闸", 9)
        assert figure.read_value["done"] == 8
        self.act(as_operator, draft, f"reopen:{pk}")
        assert self.kept(figure)[1]["done"] == 8

    def test_a_wrong_correction_is_told_and_changes_nothing(self, draft, as_operator):
        figure = self.of(draft, 1, "indicator")
        fields = {f"f{figure.pk}-label": "除险", f"f{figure.pk}-done": "很多"}

        text = page(self.act(as_operator, draft, f"corrected:{figure.pk}", **fields))

        assert "很多" in text
        assert self.kept(figure)[0] == "pending"

    def test_a_discarded_deadline_leaves_the_row(self, draft, as_operator):
        promised = self.of(draft, 0, "deadline")
        assert draft.problems.first().due_on == date(2026, 12, 20)

        self.act(as_operator, draft, f"drop:{promised.pk}")

        assert draft.problems.first().due_on is None
        self.act(as_operator, draft, f"accept:{promised.pk}")
        assert draft.problems.first().due_on == date(2026, 12, 20)

    def test_a_date_set_by_hand_stays(self, draft, as_operator):
        promised = self.of(draft, 0, "deadline")
        draft.problems.filter(pk=promised.problem_id).update(
            due_on=date(2026, 12, 31), due_basis=DueBasis.DECIDED
        )

        self.act(as_operator, draft, f"drop:{promised.pk}")

        assert draft.problems.first().due_on == date(2026, 12, 31)

    def test_a_corrected_owner_is_matched_anew(self, draft, as_operator, clerk, supervisor):
        leader = draft.problems.first().findings.get(kind="owner", value__role="leader")

        self.act(as_operator, draft, f"corrected:{leader.pk}", **{f"f{leader.pk}-name": "梁文"})

        assert draft.problems.first().leader == clerk

    def test_all_of_a_problem_is_accepted_at_once(self, draft, as_operator):
        first, second, *_ = draft.problems.all()

        self.act(as_operator, draft, f"accept-all:{first.pk}")

        assert set(first.findings.values_list("decision", flat=True)) == {"accepted"}
        assert set(second.findings.values_list("decision", flat=True)) == {"pending"}

    def test_undecided_is_taken_as_read_unless_the_operator_says_otherwise(
        self, draft, as_operator
    ):
        assert Draft.objects.get().adopts_undecided

        self.act(as_operator, draft, "save", **{"adopt-sent": "1"})

        assert not Draft.objects.get().adopts_undecided

    def test_what_was_adopted_lands_on_the_ticket_with_its_source(self, draft, as_operator):
        figure = self.of(draft, 1, "indicator")
        self.act(as_operator, draft, f"accept:{figure.pk}")

        confirm(as_operator, draft)

        ticket = Ticket.objects.get(title="病险涵闸除险缓慢")
        kept = ticket.findings.get(kind="indicator")
        assert (kept.quote, kept.decision) == (figure.quote, "accepted")
        assert (kept.bulletin, kept.source_start) == (Bulletin.objects.get(), figure.source_start)
        assert kept.indicator == ticket.indicators.get()

    def test_what_was_discarded_does_not(self, draft, as_operator):
        claim = self.of(draft, 2, "claim")
        figure = self.of(draft, 1, "indicator")
        for each in (claim, figure):
            self.act(as_operator, draft, f"drop:{each.pk}")

        confirm(as_operator, draft)

        done = Ticket.objects.get(title="公务用车登记不规范")
        assert (done.claim, done.status) == ("not_stated", "unclaimed")
        assert not Ticket.objects.get(title="病险涵闸除险缓慢").indicators.exists()

    def test_without_the_tick_only_what_was_decided_lands(self, draft, as_operator):
        Draft.objects.update(adopts_undecided=False)

        confirm(as_operator, Draft.objects.get())

        assert not Finding.objects.exists()
        assert set(Ticket.objects.values_list("claim", flat=True)) == {"not_stated"}


def confirm(client, draft):
    text = page(client.get(f"{review_url(draft)}diff/"))
    digest = re.search(r'name="digest" value="(\w+)"', text)[1]
    return client.post(f"{review_url(draft)}confirm/", {"digest": digest})


class TestDiff:
    def test_it_shows_what_would_be_written_and_writes_nothing(self, draft, as_operator):
        text = page(as_operator.get(f"{review_url(draft)}diff/"))

        assert "新增 <b>4</b>" in text
        assert "写入：新增4，变更0。" in text
        assert "该问题已完成整改" in text
        for model in (Inspection, Bulletin, Ticket, ImportBatch):
            assert not model.objects.exists()

    def test_a_row_that_cannot_be_written_blocks_the_button_and_says_why(
        self, draft, as_operator, other_bureau
    ):
        draft.problems.filter(order=1).update(lead_unit=other_bureau)

        text = page(as_operator.get(f"{review_url(draft)}diff/"))

        assert "不是被巡察单位或其下级" in text
        assert re.search(r"<button[^>]*disabled>确认入库", text)
        assert "有1个问题不能导入" in text


class TestConfirm:
    def test_it_writes_and_leads_to_exactly_what_was_made(self, draft, as_operator):
        response = confirm(as_operator, draft)

        assert Ticket.objects.count() == 4
        batch = ImportBatch.objects.get()
        assert response.url == f"/admin/tracker/importbatch/{batch.pk}/change/"
        text = page(as_operator.get(response.url))
        for ticket in Ticket.objects.all():
            assert f"/tickets/{ticket.pk}/" in text
        assert "新增 <b>4</b>" in text

    def test_it_says_who_has_to_do_what_next(self, draft, as_operator, bureau):
        for ticket in draft.problems.all():
            ticket.lead_unit = bureau  # whose clerks work in its departments
            ticket.person_text, ticket.person = "", None
            ticket.save()

        text = page(as_operator.get(confirm(as_operator, draft).url))

        assert "没有责任人：由整改办、巡察办或部门负责人在清单里勾选" in text
        assert "“市水务局”没有承办人，它牵头的问题没有人能认领" in text
        assert f"/tickets/?inspection={Inspection.objects.get().pk}" in text

    def test_a_second_click_is_told_that_it_is_in(self, draft, as_operator):
        confirm(as_operator, draft)

        response = as_operator.post(f"{review_url(draft)}confirm/", {"digest": "x"}, follow=True)

        assert "已入库" in page(response)
        assert Ticket.objects.count() == 4

    @pytest.mark.parametrize(
        ("changed", "shown"),
        [({"is_excluded": True}, "新增 <b>3</b>"), ({"title": "改过的标题"}, "改过的标题")],
        ids=["left_out", "retitled"],
    )
    def test_what_changed_since_the_page_was_shown_is_shown_again(
        self, draft, as_operator, changed, shown
    ):
        text = page(as_operator.get(f"{review_url(draft)}diff/"))
        digest = re.search(r'name="digest" value="(\w+)"', text)[1]
        draft.problems.filter(order=1).update(**changed)

        response = as_operator.post(f"{review_url(draft)}confirm/", {"digest": digest})

        assert response.status_code == 409
        assert shown in page(response)
        assert not Ticket.objects.exists()

    def test_it_is_never_done_by_looking(self, draft, as_operator):
        assert as_operator.get(f"{review_url(draft)}confirm/").status_code == 405

    def test_the_file_with_one_byte_more_changes_nothing(self, draft, as_operator):
        confirm(as_operator, draft)
        before = list(Ticket.objects.values())
        upload(as_operator, CONTENT + b"\n")
        again = Draft.objects.open().get()
        again.round = draft.round
        again.save()

        text = page(as_operator.get(f"{review_url(again)}diff/"))
        assert "未变 <b>4</b>" in text
        assert "并入已登记的巡视巡察" in text
        confirm(as_operator, again)

        assert list(Ticket.objects.values()) == before
        assert ImportBatch.objects.count() == 2


class TestWhoMay:
    PAGES = ("", "discard/", "diff/", "confirm/")

    @pytest.mark.parametrize("tail", PAGES)
    def test_another_operators_draft_is_not_there(self, draft, client, bureau, tail):
        client.force_login(acts_for(bureau, Role.OPERATOR, username="colleague"))

        seen = {ask(f"{review_url(draft)}{tail}").status_code for ask in (client.get, client.post)}
        # The differences are only looked at, the confirmation only posted.
        assert seen == ({404, 405} if tail in ("diff/", "confirm/") else {404})
        draft.refresh_from_db()
        assert draft.is_open

    def test_an_administrator_has_no_business_role(self, draft, client, system_administrator):
        client.force_login(system_administrator)

        assert client.get(IMPORT).status_code == 403
        assert client.get(review_url(draft)).status_code == 403

    @pytest.mark.parametrize("who", ["clerk", "supervisor", "viewer", "neighbour"])
    def test_nobody_else_gets_in(self, draft, client, request, who):
        client.force_login(request.getfixturevalue(who))

        response = client.get(IMPORT, follow=True)

        assert response.status_code == 403

    def test_who_is_not_signed_in_is_sent_to_the_one_login_page(self, client):
        response = client.get(IMPORT, follow=True)

        assert response.redirect_chain[-1][0] == f"/login/?next={IMPORT}"

    def test_a_batch_out_of_reach_is_not_there(self, draft, as_operator, client, other_bureau):
        url = confirm(as_operator, draft).url
        client.force_login(acts_for(other_bureau, Role.OPERATOR, username="stranger"))

        assert client.get(url).status_code == 404
        assert str(draft) not in page(client.get("/admin/tracker/importbatch/"))


class TestLargeDraft:
    @pytest.mark.parametrize("problems", [4, 40])
    def test_a_row_more_costs_the_preview_few_queries(
        self, draft, as_operator, django_assert_max_num_queries, problems
    ):
        silent = draft.problems.last()
        for n in range(problems - 4):
            silent.pk, silent.order, silent.printed_number = None, 5 + n, f"9.{n}"
            silent.problem = f"关于第{n}件事拖延的问题"
            silent.save()

        # Eleven a row: ticket, measures, transition and cycle written, and the history of three of
        # them, each row in its own savepoint.
        with django_assert_max_num_queries(64 + 12 * problems):
            response = as_operator.get(f"{review_url(draft)}diff/")

        assert f"新增 <b>{problems}</b>" in page(response)
