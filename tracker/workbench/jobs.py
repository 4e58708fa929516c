"""今日必办: what waits for this person, by group, each line with its one next step."""

from dataclasses import dataclass, replace

from django.db.models import Prefetch

from tracker import supervision
from tracker.choices import Status
from tracker.lights import PRESSING
from tracker.models import Coordination, Ticket
from tracker.statistics import OPEN_STATUSES
from tracker.workbench.at_hand import OWN_TASKS, AtHand
from tracker.workbench.desk import BY_DEADLINE, MOST_JOBS, Desk, query_of
from tracker.workflow import ACTION_LABELS, IMPORTED, MOVES


@dataclass(frozen=True, slots=True)
class Job:
    """One line of 今日必办: a ticket, how it stands, and what this person does about it.

    `action` is "report", "plan", an act of supervision or the name of a workflow move; empty opens
    the ticket itself. With `wait` the act is not open yet, and the words say when it will be.
    """

    ticket: Ticket
    standing: str
    due: str
    label: str
    action: str = ""
    wait: str = ""


@dataclass(frozen=True, slots=True)
class JobGroup:
    """A heading of 今日必办 with the first of its jobs, and how many there are in all.

    `order` says in words which come first. The ticket list under `query` holds all of them; it
    is empty where the tiles lead there. `is_duty` parts what waits for this person from what
    they only keep an eye on.
    """

    label: str
    count: int
    jobs: list[Job]
    order: str = "时限近的在前"
    query: str = ""
    is_duty: bool = True


def groups_of(desk: Desk, hand: AtHand) -> list[JobGroup]:
    """The groups in which anything waits, what waits for this person first; ten jobs in all."""
    groups = []
    if desk.reports:
        groups += [_own_jobs(desk, hand), _helping_jobs(desk, hand)]
    if "review" in desk.waiting:
        groups.append(_review_jobs(desk))
    if desk.instructs:
        groups.append(_coordination_jobs(desk))
    if not desk.reports:
        groups.append(_pressing_jobs(desk))
    return _fit([group for group in groups if group.count])


def _own_jobs(desk: Desk, hand: AtHand) -> JobGroup:
    jobs = [
        _own_job(
            ticket,
            desk.due(ticket),
            may_submit=ticket.latest_percent == 100
            and not (ticket.has_unfinished or ticket.is_blocked or ticket.person == desk.person),
        )
        for ticket in hand.own
    ]
    return JobGroup("待我办理", sum(desk.waiting[name] for name in OWN_TASKS), jobs)


def _own_job(ticket: Ticket, due: str, *, may_submit: bool) -> Job:
    """The next step of the unit that answers for a ticket; what is open, `workflow` decides."""
    if ticket.status == Status.UNCLAIMED:
        return Job(ticket, "还没有人认领", due, MOVES["claim"].label, "claim")
    if ticket.status == Status.CLAIMED:
        return _starting_job(ticket, due)
    if ticket.draft_at:
        words = f"有暂存的填报没有提交　{ticket.redo_why or ticket.return_note or ''}"
        return Job(ticket, words.strip(), due, "接着填报", "report")
    if ticket.status == Status.RETURNED:
        return Job(ticket, f"已退回：{ticket.return_note}", due, "修改重报", "report")
    if ticket.redo_why:
        return Job(ticket, f"进展被退回：{ticket.redo_why}", due, "修改重报", "report")
    if may_submit:
        return Job(ticket, ticket.latest_text, due, MOVES["submit"].label, "submit")
    words = ticket.latest_text or "还没有填报过进展"
    if ticket.is_unreported and ticket.latest_text:
        words = f"缺本期进展　{words}"
    return Job(ticket, words, due, ACTION_LABELS["report"], "report")


def _starting_job(ticket: Ticket, due: str) -> Job:
    """Where the round wants the plan approved first, the plan is what is to be done."""
    plan = getattr(ticket.inspection, "plan", None)
    if not ticket.inspection.round.plan_first or (plan and plan.is_approved):
        return Job(ticket, "已认领，还没有启动", due, MOVES["start"].label, "start")
    if plan is None:
        return Job(ticket, "已认领，等整改办开始编制整改方案", due, "查看")
    if plan.is_editable:
        return Job(ticket, "整改方案编制中，批准后启动", due, "编制方案", "plan")
    return Job(ticket, "整改方案待审定，批准后启动", due, "看方案", "plan")


def _helping_jobs(desk: Desk, hand: AtHand) -> JobGroup:
    jobs = [
        Job(ticket, _led_by(ticket), desk.due(ticket), ACTION_LABELS["report"], "report")
        for ticket in hand.helped
    ]
    return JobGroup("待我配合", desk.waiting["help"], jobs, query=query_of(act="help"))


def _review_jobs(desk: Desk) -> JobGroup:
    submitted = desk.rows.awaiting("review", desk.person).with_submission()
    jobs = [
        Job(ticket, _submission(ticket), desk.due(ticket), "审核")
        for ticket in submitted.order_by("submitted_at", "pk").first_rows(MOST_JOBS)
    ]
    return JobGroup(
        "待我审核", desk.waiting["review"], jobs, "先提交的在前", query_of(act="review")
    )


def _coordination_jobs(desk: Desk) -> JobGroup:
    asked = desk.requests.select_related("needs_unit").order_by("since_on", "pk")[:MOST_JOBS]
    jobs = [
        Job(one.ticket, _request(one), desk.due(one.ticket), "批示", "instruct")
        for one in asked.prefetch_related(Prefetch("ticket", desk.rows))
    ]
    return JobGroup(
        "待我批示",
        desk.counts["coordination"],
        jobs,
        "受阻久的在前",
        query_of(asks="coordination"),
    )


def _pressing_jobs(desk: Desk) -> JobGroup:
    """Who does not report keeps an eye on what is late, near or blocked, and may press it."""
    statuses = supervision.WITH_UNIT if desk.has_duties else OPEN_STATUSES
    pressing = desk.rows.filter(is_pressing=True, status__in=statuses).with_presses()
    paths = tuple(desk.person.reach_for("press"))

    def job(ticket: Ticket) -> Job:
        words, due = _owner(ticket), desk.due(ticket)
        if not ticket.lead_unit.path.startswith(paths):
            return Job(ticket, words, due, "查看")
        if ticket.press_count:
            words = f"{words}　已催办{ticket.press_count}次"
            if wait := ticket.press_wait(desk.calendar):
                return Job(ticket, words, due, "已催办", "press", wait)
        return Job(ticket, words, due, "催办", "press")

    query = query_of(light=PRESSING, status=statuses, sort="due")
    first = pressing.order_by(*BY_DEADLINE).first_rows(MOST_JOBS)
    jobs = [job(ticket) for ticket in first]
    count = sum(desk.tally.by_both[status, light] for status in statuses for light in PRESSING)
    return JobGroup("超期、临期与受阻", count, jobs, query=query, is_duty=False)


def _led_by(ticket: Ticket) -> str:
    return f"{ticket.lead_unit}牵头　{ticket.latest_text or '还没有填报过进展'}"


def _submission(ticket: Ticket) -> str:
    """Who asks for the closing and with what words; at first it is the bulletin that does."""
    if ticket.submitted_by_move == IMPORTED:
        return f"{ticket.lead_unit}　通报称：{ticket.claim_quote}"
    return f"{ticket.lead_unit}　{ticket.submitted_by}提交：{ticket.submitted_note}"


def _request(request: Coordination) -> str:
    return f"{request.ticket.lead_unit}　需{request.needs}：{request.reason}"


def _owner(ticket: Ticket) -> str:
    words = f"{ticket.lead_unit}　{ticket.person_name or ticket.get_status_display()}"
    return f"{words}　{ticket.blocked_reason}" if ticket.is_blocked else words


def _fit(groups: list[JobGroup]) -> list[JobGroup]:
    """Keep ten jobs in all: a second group gets at least half, or what it has if that is less."""
    kept, left = [], MOST_JOBS
    for index, group in enumerate(groups):
        later = sum(len(other.jobs) for other in groups[index + 1 :])
        room = max(left - later, left // 2) if later else left
        kept.append(replace(group, jobs=group.jobs[:room]))
        left -= len(kept[-1].jobs)
    return kept
