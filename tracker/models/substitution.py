from datetime import date
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from tracker import policy
from tracker.choices import AuditKind
from tracker.models.person import Membership, Person
from tracker.models.unit import Unit
from tracker.workflow import MoveRefused


def people_named_for_by(office: Person) -> QuerySet[Person]:
    """The people with a role that decides, for whom this person's office may name a substitute."""
    units = Unit.objects.subtree(*office.reach_for("name_substitute")).values("pk")
    return Person.objects.filter(
        pk__in=Membership.objects.filter(role__in=policy.REVIEWERS, unit__in=units).values("person")
    )


def who_may_stand_in_for(principal: Person) -> QuerySet[Person]:
    """Those who act in the principal's own units, below or above them.

    A substitute sees what the principal sees, so nobody from elsewhere is let in this way.
    """
    own = principal.memberships.filter(role__in=policy.REVIEWERS)
    paths = own.values_list("unit__path", flat=True)
    near = Unit.objects.subtree(*paths) | Unit.objects.filter(path__in=list(paths)).and_above()
    return (
        Person.objects.filter(is_active=True, memberships__unit__in=near.values("pk"))
        .exclude(pk=principal.pk)
        .distinct()
    )


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def in_force(self, on: date) -> Self:
        return self.filter(from_on__lte=on, to_on__gte=on, revoked_at=None)

    def overlapping(self, from_on: date, to_on: date) -> Self:
        return self.filter(from_on__lte=to_on, to_on__gte=from_on, revoked_at=None)

    def revocable_by(self, person: Person, on: date) -> Self:
        """Those that can still end earlier, and by this person: `may_be_revoked_by` in SQL."""
        return self.visible_to(person).filter(revoked_at=None, to_on__gte=on)

    def for_list(self) -> Self:
        return self.select_related("principal", "substitute", "named_by", "revoked_by")

    def visible_to(self, person: Person) -> Self:
        """A person's own, either way round, and those of the people whom they may name one for."""
        return self.filter(
            Q(principal=person)
            | Q(substitute=person)
            | Q(principal__in=people_named_for_by(person).values("pk"))
        )

    def appoint(
        self,
        substitute: Person,
        *,
        principal: Person,
        from_on: date,
        to_on: date,
        reason: str,
        by: Person,
    ) -> "Substitution":
        """Let one person decide in another's place for a period.

        Raises MoveRefused, with the reason in Chinese. The lock on the principal lets only one
        of two at once through; the database refuses a second period that overlaps as well.
        """
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=principal.pk)
            if refusal := self._refusal(
                substitute, principal=principal, from_on=from_on, to_on=to_on, by=by
            ):
                raise MoveRefused(refusal)
            if not (reason := reason.strip()):
                raise MoveRefused("请写明代理原因。")
            named = self.create(
                principal=principal,
                substitute=substitute,
                from_on=from_on,
                to_on=to_on,
                reason=reason,
                named_by=by,
                named_on=timezone.localdate(),
            )
            named._tell(by, f"指定代理：{reason}", after={"起": from_on, "止": to_on})
            return named

    def _refusal(
        self, substitute: Person, *, principal: Person, from_on: date, to_on: date, by: Person
    ) -> str:
        today = timezone.localdate()
        if not principal.memberships.filter(role__in=policy.REVIEWERS).exists():
            return f"{principal}没有审核、审批的角色，不需要代理。"
        if by != principal and not people_named_for_by(by).filter(pk=principal.pk).exists():
            return "只有本人或其单位的整改办可以指定代理人。"
        if substitute == principal:
            return "代理人不能是本人。"
        if not who_may_stand_in_for(principal).filter(pk=substitute.pk).exists():
            return f"{substitute}不在{principal}的单位任职，不能代理。"
        if to_on < from_on:
            return "止日不能早于起日。"
        if from_on < today:
            return "代理不能从过去的日子开始。"
        if already := self.filter(principal=principal).overlapping(from_on, to_on).first():
            return f"{principal}在这段时间已由{already.substitute}代理，请先撤销。"
        if self.filter(principal=substitute).overlapping(from_on, to_on).exists():
            return f"{substitute}在这段时间自己也由他人代理，请换一位。"
        return ""


class Substitution(models.Model):
    """代理: for a period one person takes another's decisions, by that person's roles and reach.

    Only what `policy.BY_SUBSTITUTE` names, and never what was given to the principal by a third.
    """

    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="substitutions",
        verbose_name="被代理人",
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="stands_in_by",
        verbose_name="代理人",
    )
    from_on = models.DateField("起")
    to_on = models.DateField("止")
    reason = models.CharField("原因", max_length=200)
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="指定人"
    )
    named_on = models.DateField("指定日期")
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤销人",
    )

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["-from_on", "-pk"]
        verbose_name = verbose_name_plural = "代理"
        constraints = [
            models.CheckConstraint(
                condition=~Q(principal=F("substitute")),
                name="substitution_not_of_oneself",
                violation_error_message="代理人不能是本人。",
            ),
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="substitution_ends_after_start",
                violation_error_message="止日不能早于起日。",
            ),
            models.CheckConstraint(
                condition=Q(from_on__gte=F("named_on")),
                name="substitution_not_backdated",
                violation_error_message="代理不能从过去的日子开始。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="substitution_has_a_reason",
                violation_error_message="请写明代理原因。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="substitution_revoked_by_someone",
                violation_error_message="撤销必须记下撤销人。",
            ),
        ]
        indexes = [
            models.Index(fields=["substitute", "from_on", "to_on"], name="substitution_in_force")
        ]

    def __str__(self):
        return f"{self.substitute}代{self.principal}"

    def state(self, on: date) -> str:
        """How it stands on this day, in the words of the list."""
        if self.revoked_at:
            return "已撤销"
        if on > self.to_on:
            return "已到期"
        return "未开始" if on < self.from_on else "代理中"

    def may_be_revoked_by(self, person: Person, on: date) -> bool:
        """Whether it can still end earlier, and this person is one of those who may end it."""
        return Substitution.objects.revocable_by(person, on).filter(pk=self.pk).exists()

    def revoke(self, *, by: Person) -> None:
        """End it now; what was decided under it stands. Raises MoveRefused."""
        with transaction.atomic():
            fresh = Substitution.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if not fresh.may_be_revoked_by(by, timezone.localdate()):
                raise MoveRefused("这项代理已经结束，或不由您撤销。")
            self.revoked_at, self.revoked_by = timezone.now(), by
            self.save(update_fields=["revoked_at", "revoked_by"])
            self._tell(by, "撤销代理", before={"止": self.to_on})

    def _tell(self, by: Person, reason: str, **values) -> None:
        from tracker import audit

        audit.record(by, AuditKind.DUTY, self, reason=reason, **values)
