from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Length
from django.http import QueryDict
from django.urls import reverse

from tracker.choices import BoardView, Role
from tracker.models.unit import Unit

if TYPE_CHECKING:
    from tracker.models.person import Person
    from tracker.models.ticket import Ticket
    from tracker.models.ticket_queryset import TicketQuerySet

# What a view keeps of an address is no longer than what a browser takes for certain.
LONGEST_QUERY = 1500
MOST_RECENT = 10


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def own(self, person: "Person") -> Self:
        return self.filter(owner=person)

    def shared_with(self, person: "Person") -> Self:
        """Those shared with a unit, or a role in it, for which the person acts; not lent ones."""
        held = Q(pk__in=[])
        for duty in person.duties:
            above = [key for key in duty.unit.path.split("/") if key]
            held |= Q(shared_unit__in=above, shared_role__in=["", duty.role])
        return self.filter(held)

    def offered_to(self, person: "Person") -> Self:
        return self.own(person) | self.shared_with(person)

    def kept_by(self, person: "Person") -> Self:
        """One's own, and what is shared in units for which one may share: an owner may leave."""
        units = Unit.objects.subtree(*person.reach_for("share_view")).values("pk")
        return self.own(person) | self.filter(shared_unit__in=units)

    def default_of(self, person: "Person") -> "SavedView | None":
        """One's own default, else that of one's role, of the nearest unit that has one."""
        defaults = self.filter(is_default=True)
        own = defaults.own(person).filter(shared_unit=None).first()
        if own:
            return own
        nearest_first = defaults.shared_with(person).annotate(depth=Length("shared_unit__path"))
        return nearest_first.order_by("-depth", "-shared_role", "pk").first()

    def for_list(self) -> Self:
        return self.select_related("owner", "shared_unit")


class SavedView(models.Model):
    """保存的视图: a view with its filter and columns, under a name; one's own, or shared.

    It holds no ticket: whoever opens it sees of its filter what is in their own reach.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_views",
        verbose_name="保存人",
        editable=False,
    )
    name = models.CharField("名称", max_length=40)
    view = models.CharField("页面", max_length=12, choices=BoardView)
    query = models.CharField("条件", max_length=LONGEST_QUERY, blank=True)
    shared_unit = models.ForeignKey(
        Unit,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="shared_views",
        verbose_name="共享给单位",
        help_text="本单位和下级单位的人都能看到这个视图；各人打开时只看到自己有权看的问题。",
    )
    shared_role = models.CharField(
        "共享给角色", max_length=12, choices=Role, blank=True, help_text="空则为这些单位的所有人。"
    )
    is_default = models.BooleanField(
        "设为默认",
        default=False,
        help_text="点“挂图作战”时先打开它；自己的默认视图优先于共享的。",
    )
    created_at = models.DateTimeField("保存时间", auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = verbose_name_plural = "保存的视图"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="saved_view_name_once",
                violation_error_message="您已有同名的视图，请换一个名称。",
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(is_default=True, shared_unit__isnull=True),
                name="saved_view_one_own_default",
                violation_error_message="您已有默认视图。",
            ),
            models.UniqueConstraint(
                fields=["shared_unit", "shared_role"],
                condition=Q(is_default=True, shared_unit__isnull=False),
                name="saved_view_one_role_default",
                violation_error_message="这个单位的这一角色已有默认视图，请先取消那一个。",
            ),
            models.CheckConstraint(
                condition=Q(view__in=BoardView.values), name="saved_view_is_a_view"
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="saved_view_has_a_name",
                violation_error_message="请填写名称。",
            ),
            models.CheckConstraint(
                condition=Q(shared_role__in=["", *Role.values]), name="saved_view_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(shared_role="") | Q(shared_unit__isnull=False),
                name="saved_view_role_in_a_unit",
                violation_error_message="共享给角色时，请选择单位。",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        address = reverse(f"tracker:{self.view}")
        return f"{address}?{self.query}" if self.query else address

    def keep(self, *, by: "Person") -> None:
        """Save it; a new default of one's own takes the place of the old one.

        A share reaches no further than who shares: anything else is a ValidationError.
        """
        reach = tuple(by.reach_for("share_view"))
        if self.shared_unit and not self.shared_unit.path.startswith(reach):
            raise ValidationError("只能共享给自己有权共享的单位。")
        with transaction.atomic():
            if self.is_default and not self.shared_unit:
                same = SavedView.objects.own(self.owner).filter(is_default=True, shared_unit=None)
                for other in same.exclude(pk=self.pk):
                    other.is_default = False
                    other.save(update_fields=["is_default"])
            self.full_clean()
            self.save()

    @property
    def sharing(self) -> str:
        """With whom it is shared, in words."""
        if not self.shared_unit:
            return "仅自己"
        who = self.get_shared_role_display() if self.shared_role else "所有人"
        return f"{self.shared_unit} · {who}"


def kept_query(typed: str) -> str:
    """What is worth keeping of an address: not its page, nor what a form sends empty."""
    kept = QueryDict(mutable=True)
    for name, values in QueryDict(typed).lists():
        if name != "page" and any(values):
            kept.setlist(name, [value for value in values if value])
    return kept.urlencode()


class RecentTickets(models.Model):
    """最近打开: the last tickets that one person opened, the newest first; nobody's record."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recent", verbose_name="人员"
    )
    keys = models.JSONField("问题", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "最近打开"

    def __str__(self):
        return f"{self.person}"

    @classmethod
    def note(cls, person: "Person", ticket: "Ticket") -> None:
        """Put a ticket on top: one write, and none if it is there already."""
        row = cls.objects.filter(person=person).first()
        if row is None:
            # Two windows may be the first at once.
            cls.objects.bulk_create([cls(person=person, keys=[ticket.pk])], ignore_conflicts=True)
        elif row.keys[:1] != [ticket.pk]:
            others = [key for key in row.keys if key != ticket.pk]
            row.keys = [ticket.pk, *others][:MOST_RECENT]
            row.save(update_fields=["keys"])

    @classmethod
    def of(cls, person: "Person", visible: "TicketQuerySet") -> list["Ticket"]:
        """These tickets of one person, as far as they are still in sight."""
        row = cls.objects.filter(person=person).first()
        keys = row.keys if row else []
        found = {ticket.pk: ticket for ticket in visible.filter(pk__in=keys)} if keys else {}
        return [found[key] for key in keys if key in found]
