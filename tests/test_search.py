"""Searching: what is found by which words, by whom, and where; the same on both databases."""

import pytest
from django.db import connection
from django.utils import timezone

from tests.conftest import TODAY, acts_for
from tests.factories import EvidenceFactory, MeasureFactory, TicketFactory, UnitFactory
from tracker import search
from tracker.choices import Role
from tracker.initials import MOST_SPELLINGS, initials_of
from tracker.models import Evidence, Finding, Measure, Person, Progress, Ticket, Unit, UnitAlias

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite looks through the text itself"
)


@pytest.fixture
def ticket(inspection, department, today):
    """One ticket with a word of its own in each place; beside it stands one that has none."""
    # Its own would have the number of its row in it, which is another in each run.
    inspection.code = "2026-01"
    inspection.save()
    unit = UnitFactory(name="青云河道管理中心", short_name="河道中心")
    ticket = TicketFactory(
        inspection=inspection,
        lead_unit=department,
        in_progress=True,
        title="公章使用无登记",
        problem="关于公章使用无登记、借用不销案的问题",
        printed_number="17(1)",
        claim="done",
        claim_quote="印鉴已收回。",
        leader=acts_for(department, Role.LEADER, name="单晓明"),
        person_text="曹某",
        proved=False,  # the names of its files would be found as well
    )
    MeasureFactory(ticket=ticket, number="二", text="逐枚清点封存，完成率100%。", order=1)
    Finding.objects.create(
        ticket=ticket,
        bulletin=ticket.bulletin,
        kind="document",
        value={"title": "用印审批办法", "is_issued": True},
        by=ticket.bulletin.imported_by,
    )
    ticket.report(
        by=acts_for(department, Role.STAFF),
        text="已换锁，启用OA系统。",
        difficulty="经费不足。",
        next_step="月底复查。",
        version=1,
    )
    helper = UnitFactory(name="白鹭洲财务服务中心", parent=inspection.unit)
    UnitAlias.objects.create(unit=helper, name="会计核算站")
    ticket.co_units.add(helper)
    EvidenceFactory(ticket=ticket, by=ticket.leader, name="印模交接扫描件.pdf")
    TicketFactory(
        inspection=inspection,
        lead_unit=unit,
        title="食堂采购不规范",
        problem="食堂",
        proved=False,
    )
    return ticket


def found(reader: Person, typed: str) -> list[str]:
    tickets = Ticket.objects.visible_to(reader)
    return [t.title for t in search.speaking_of(tickets, search.words_of(typed))]


def explained(ticket: Ticket, typed: str) -> search.Found:
    row = Ticket.objects.for_list(TODAY).get(pk=ticket.pk)
    search.explain([row], search.words_of(typed))
    return row.found


class TestWhatIsFound:
    @pytest.mark.parametrize(
        "typed",
        [
            "公章",
            "章使",  # any two characters, whatever a dictionary thinks of them
            "借用不销案",
            "印鉴",
            "清点",
            "封",
            "100%",
            "审批办法",
            "换锁",
            "oa系统",
            "经费",
            "复查",
            "曹某",
            "单晓明",
            "工程科",
            "17(1)",
            "白鹭",
            "核算站",
            "扫描件",
            "公章 清点 复查",
            "公章　封存",
        ],
    )
    def test_every_word_counts_wherever_it_stands(self, supervisor, ticket, typed):
        assert found(supervisor, typed) == ["公章使用无登记"]

    @pytest.mark.parametrize(
        "typed", ["公清", "公章 食堂", "17", "100_", "记借", "登记 关于食", "OA－系统", "章公"]
    )
    def test_nothing_else_is_found(self, supervisor, ticket, typed):
        assert found(supervisor, typed) == []

    def test_the_number_finds_its_ticket(self, supervisor, ticket):
        assert found(supervisor, ticket.number) == ["公章使用无登记"]
        assert found(supervisor, ticket.number.lower()) == ["公章使用无登记"]

    @pytest.mark.parametrize("typed", ["gck", "GCK", "sxm", "dxm", "xm", "blz"])
    def test_initials_of_names_find_their_tickets(self, supervisor, ticket, typed):
        assert found(supervisor, typed) == ["公章使用无登记"]

    @pytest.mark.parametrize("typed", ["hdzx", "qyhdglzx"])
    def test_a_unit_is_found_by_its_short_name_as_well(self, inspector, ticket, typed):
        unit = Unit.objects.get(short_name="河道中心")
        reader = acts_for(unit, Role.OFFICE)

        assert found(reader, typed) == ["食堂采购不规范"]

    def test_one_letter_is_no_initial(self, supervisor, ticket):
        assert found(supervisor, "x") == []

    def test_a_measure_that_was_dropped_is_found_no_more(self, supervisor, ticket):
        measure = MeasureFactory(ticket=ticket, order=2, text="张贴告示", added_by=supervisor)
        assert found(supervisor, "告示") == ["公章使用无登记"]
        measure.dropped_on = TODAY
        measure.save()

        assert found(supervisor, "告示") == []

    def test_a_file_that_was_withdrawn_is_found_no_more(self, supervisor, ticket):
        ticket.evidence.filter(name__contains="扫描").update(
            withdrawn_at=timezone.now(), withdrawn_by=ticket.leader, withdrawn_why="传错"
        )

        assert found(supervisor, "扫描") == []

    def test_a_reader_finds_only_what_they_may_see(self, ticket, neighbour, clerk):
        assert found(neighbour, "公章") == []
        assert found(clerk, "食堂") == []
        assert found(clerk, "公章") == ["公章使用无登记"]


class TestKeptInStep:
    """What is written is found at once, and what was replaced no more."""

    def test_a_title_that_is_corrected(self, supervisor, operator, ticket):
        ticket.refresh_from_db()
        new = {"title": "印章使用无登记"}
        ticket.amend(new, by=operator, why="更正", version=ticket.version)

        assert found(supervisor, "印章") == ["印章使用无登记"]

    def test_a_unit_and_a_person_who_are_renamed(self, supervisor, department, ticket):
        department.name = "运行科"
        department.save(update_fields=["name"])
        leader = ticket.leader
        leader.name = "阮青"
        leader.save()

        assert found(supervisor, "yxk") == found(supervisor, "rq") == ["公章使用无登记"]
        assert found(supervisor, "gck") == found(supervisor, "sxm") == []


class TestInitials:
    def test_letters_and_digits_stand_for_themselves(self):
        assert initials_of("第3科（A组）") == "d3kaz"

    def test_a_name_of_many_readings_keeps_a_few_spellings(self):
        assert len(initials_of("单曾解查仇朴盖区").split()) <= MOST_SPELLINGS


class TestExcerpts:
    @pytest.mark.parametrize(
        ("typed", "where", "hit"),
        [
            ("借用", "问题原文", "借用"),
            ("印鉴", "通报所称", "印鉴"),
            ("清点", "措施二", "清点"),
            ("审批办法", "文件", "审批办法"),
            ("oa", "2026年11月22日进展", "OA"),
            ("经费", "2026年11月22日困难", "经费"),
            ("复查", "2026年11月22日下一步", "复查"),
            ("gck", "牵头单位", "工程科"),
            ("dxm", "责任领导", "单晓明"),
            ("曹某", "责任人（原文）", "曹某"),
            ("白鹭", "配合单位", "白鹭"),
            ("核算", "配合单位（别名）", "核算"),
            ("扫描", "佐证", "扫描"),
        ],
    )
    def test_it_shows_where_a_word_was_found(self, ticket, typed, where, hit):
        [excerpt] = explained(ticket, typed).excerpts

        assert excerpt.where == where
        assert [text for text, is_found in excerpt.runs if is_found] == [hit]

    def test_a_word_in_the_title_is_marked_there(self, ticket):
        shown = explained(ticket, "登记")

        assert shown.title == [("公章使用无", False), ("登记", True)]
        assert shown.excerpts == []

    def test_each_word_is_shown_once(self, ticket):
        shown = explained(ticket, "公章 清点 封存 月底")

        assert [one.where for one in shown.excerpts] == ["措施二", "2026年11月22日下一步"]

    def test_a_long_text_is_cut_around_the_word(self, ticket):
        MeasureFactory(ticket=ticket, order=2, text="甲" * 90 + "雷管" + "乙" * 90, number="三")

        runs = explained(ticket, "雷管").excerpts[0].runs

        assert runs[0] == runs[-1] == ("…", False)
        assert ("雷管", True) in runs
        assert sum(len(text) for text, _ in runs) <= search.SHOWN + 2

    def test_the_list_marks_it_and_escapes_the_rest(self, sign_in, supervisor, ticket):
        MeasureFactory(ticket=ticket, order=2, text="<b>核对</b>印模", number="三")

        page = sign_in(supervisor).get("/tickets/?q=核对").content.decode()

        assert "<b>措施三</b>&lt;b&gt;<mark>核对</mark>&lt;/b&gt;印模" in page


@pytest.mark.parametrize("rows", [1, 30])
def test_its_queries_do_not_grow_with_the_list(
    sign_in, supervisor, inspection, django_assert_num_queries, rows, today
):
    for _ in range(rows):
        MeasureFactory(ticket=TicketFactory(inspection=inspection), text="逐枚清点", order=1)
    client = sign_in(supervisor)

    # Those of the list, and the measures, documents, reports and files on which excerpts rest.
    with django_assert_num_queries(20):
        assert client.get("/tickets/?q=清点").content.decode().count("<mark>清点") == rows


def test_a_search_without_end_is_refused(sign_in, supervisor, ticket):
    page = sign_in(supervisor).get("/tickets/", {"q": "公章 " * 40}).content.decode()

    assert "网址里有用不了的条件：关键词" in page


@on_postgresql
class TestIndex:
    @pytest.fixture
    def many(self, inspection, ticket):
        """Enough that reading everything is dearer than the index."""
        one = Measure.objects.get(text__startswith="逐枚")
        Measure.objects.bulk_create(
            Measure(ticket=ticket, order=n, text=f"第{n}项：核对台账并登记，限期补齐。")
            for n in range(10, 3010)
        )
        Progress.objects.bulk_create(
            Progress(
                ticket=ticket,
                ticket_version=n,
                by=one.ticket.leader,
                text=f"第{n}次核对台账。",
                at=timezone.now(),
            )
            for n in range(10, 3010)
        )
        Finding.objects.bulk_create(
            Finding(
                ticket=ticket,
                bulletin=ticket.bulletin,
                kind="document",
                value={"title": f"台账管理办法第{n}版"},
                by=one.ticket.leader,
            )
            for n in range(3000)
        )
        Evidence.objects.bulk_create(
            EvidenceFactory.build(ticket=ticket, by=one.ticket.leader, name=f"台账第{n}页.pdf")
            for n in range(3000)
        )
        with connection.cursor() as cursor:
            for table in ("measure", "progress", "finding", "evidence"):
                cursor.execute(f"ANALYZE tracker_{table}")

    def plan(self, typed: str) -> str:
        words = search.words_of(typed)
        return search.speaking_of(Ticket.objects.order_by(), words).explain()

    @pytest.mark.parametrize("typed", ["清点", "台账"])
    def test_texts_below_a_ticket_are_found_by_their_index(self, many, typed):
        """However rare or common: to read every row is to work out its characters anew."""
        plan = self.plan(typed)

        for index in ("measure_words", "progress_words", "document_words", "evidence_words"):
            assert f"Bitmap Index Scan on {index}" in plan, plan

    def test_tickets_have_an_index_that_fits(self, ticket):
        """A handful of tickets: none is worth it yet, but reading the whole table is forbidden."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")

        assert "Bitmap Index Scan on ticket_words" in self.plan("公章")
