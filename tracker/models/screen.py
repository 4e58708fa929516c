from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q, Subquery
from django.utils import timezone

from tracker.choices import AuditKind
from tracker.models.address import (
    SecretAddress,
    SecretAddressQuerySet,
    digest_of,
    new_secret,
)
from tracker.models.holiday import Holiday
from tracker.models.inspection import Band, Inspection, Round
from tracker.models.measure import Measure
from tracker.models.person import Person
from tracker.models.progress import Progress
from tracker.models.ticket import Ticket
from tracker.models.transition import Transition
from tracker.models.unit import Unit
from tracker.workflow import MoveRefused
from tracker.worktime import WorkCalendar

if TYPE_CHECKING:
    from tracker.models.ticket_queryset import TicketQuerySet

# What a picture is made of. Every change of these leaves a version, which is never removed.
_VERSIONED = (Ticket, Measure, Inspection, Round, Band, Holiday, Unit, Person)
_APPEND_ONLY = (Transition, Progress)


class ScreenQuerySet(SecretAddressQuerySet):
    def in_reach_of(self, person: Person) -> Self:
        """The screens that this person may make and take back."""
        units = units_with_screens_of(person).values("pk")
        return self.filter(Q(unit__in=units) | Q(inspection__unit__in=units))

    def for_list(self) -> Self:
        return self.select_related("unit", "inspection__unit", "made_by", "revoked_by")

    def for_picture(self) -> Self:
        """Fetch in one query what a picture begins with, and `mark_…`: how far each table is.

        While no mark moves, nothing that the screen shows can have changed.
        """
        tables = [model.history.model for model in _VERSIONED] + list(_APPEND_ONLY)
        return self.select_related("unit", "inspection__unit", "inspection__round").annotate(
            **{
                f"mark_{table._meta.model_name}": Subquery(
                    table._default_manager.order_by("-pk").values("pk")[:1]
                )
                for table in tables
            }
        )


def units_with_screens_of(person: Person) -> models.QuerySet[Unit]:
    """The units of which this person may show the problems on a wall."""
    return Unit.objects.subtree(*person.reach_for("screen"))


class Screen(SecretAddress):
    """大屏: a display on a wall that shows one inspection, or all problems of one unit.

    It shows what its unit may see and everybody may know, whoever made it, until somebody of the
    office takes it back: a display belongs to a place and not to a person.
    """

    name = models.CharField("位置", max_length=40, help_text="挂在哪里，如“三楼会议室”。")
    inspection = models.ForeignKey(
        Inspection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="screens",
        verbose_name="巡视巡察",
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="screens", verbose_name="单位"
    )
    masks_names = models.BooleanField(
        "隐去姓名", default=True, help_text="责任人只写姓，如“梁某某”。"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="设置人",
    )
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name="作废人",
    )

    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "大屏"
        constraints = [
            models.CheckConstraint(
                condition=Q(inspection__isnull=True, unit__isnull=False)
                | Q(inspection__isnull=False, unit__isnull=True),
                name="screen_shows_one_thing",
                violation_error_message="大屏只能对应一次巡视巡察或一个单位。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="screen_revoked_by_someone",
                violation_error_message="作废必须有作废人和时间。",
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.subject}）"

    @property
    def subject(self) -> Inspection | Unit:
        return self.inspection or self.unit

    @property
    def body(self) -> Unit:
        """The unit whose problems are shown."""
        return self.inspection.unit if self.inspection else self.unit

    @classmethod
    def issue(
        cls, *, by: Person, name: str, subject: Inspection | Unit, masks_names: bool
    ) -> tuple[Self, str]:
        """Make a screen; return it with its secret, which nobody can find out again."""
        from tracker import audit

        screen = cls(name=name, masks_names=masks_names, made_by=by)
        if isinstance(subject, Inspection):
            screen.inspection = subject
        else:
            screen.unit = subject
        if not units_with_screens_of(by).filter(pk=screen.body.pk).exists():
            raise MoveRefused("只能为自己督办的单位设置大屏。")
        secret = new_secret()
        screen.digest = digest_of(secret)
        with transaction.atomic():
            screen.save()
            audit.record(by, AuditKind.CONFIG, screen, after=screen._in_words)
        return screen, secret

    def revoke(self, *, by: Person) -> None:
        """End the address; doing it twice changes nothing."""
        from tracker import audit

        with transaction.atomic():
            screen = Screen.objects.select_for_update().live().filter(pk=self.pk).first()
            if screen is None:
                return
            screen.revoked_at, screen.revoked_by = timezone.now(), by
            screen.save(update_fields=["revoked_at", "revoked_by"])
            audit.record(
                by,
                AuditKind.CONFIG,
                screen,
                before=screen._in_words,
                after={"状态": "已作废"},
            )

    @property
    def _in_words(self) -> dict[str, str]:
        return {"大屏": str(self), "姓名": "隐去" if self.masks_names else "显示"}

    def tickets(self, on: date, calendar: WorkCalendar) -> "TicketQuerySet":
        """What was fed back to the unit and those below it, `with_light` on this day.

        Nothing restricted (限定知悉): whoever passes by may read it.
        """
        units = Unit.objects.subtree(self.body.path).values_list("pk", flat=True)
        tickets = Ticket.objects.of_units(list(units)).unrestricted().fed_back()
        if self.inspection:
            tickets = tickets.filter(inspection=self.inspection)
        return tickets.with_light(on, calendar)

    @property
    def marks(self) -> tuple[int | None, ...]:
        """How far each table is; only of one fetched `for_picture`."""
        return tuple(value for name, value in sorted(vars(self).items()) if name[:5] == "mark_")
