"""What has to happen next to the tickets of an import, so that none lies where nobody looks."""

from collections.abc import Iterable
from datetime import date

from tracker import policy
from tracker.choices import DueBasis, Status
from tracker.models import Membership, Ticket


def next_steps(tickets: Iterable[Ticket], on: date) -> list[str]:
    """Say who has to do what; the tickets must come with their lead unit. One query a lead unit."""
    unclaimed = [ticket for ticket in tickets if ticket.status == Status.UNCLAIMED]
    steps = []
    if unassigned := sum(not ticket.person_name for ticket in unclaimed):
        steps.append(
            f"{unassigned}个没有责任人：由整改办、巡察办或部门负责人在清单里勾选，"
            "批量分派牵头单位、责任领导、责任人和时限；也可以由承办人认领。"
        )
    for unit in {ticket.lead_unit.pk: ticket.lead_unit for ticket in unclaimed}.values():
        above = [int(key) for key in unit.path.strip("/").split("/")]
        staff = Membership.objects.filter(
            unit__in=above, role__in=policy.ALLOWED["claim"], person__is_active=True
        )
        if not staff.exists():
            steps.append(
                f"“{unit}”没有承办人，它牵头的问题没有人能认领：请把牵头单位改为有承办人的部门，"
                "或请系统管理员登记人员、安全管理员授予承办人角色。"
            )
    derived = [ticket for ticket in unclaimed if ticket.due_basis == DueBasis.DERIVED]
    if late := sum(bool(ticket.due_on) and ticket.due_on < on for ticket in derived):
        steps.append(f"{late}个按推定的时限已经超期：推定不合适的，请在分派时写明新的时限。")
    return steps
