import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Func, IntegerField, Q, Subquery
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from tracker import policy
from tracker.choices import AuditKind, Post, Role
from tracker.models.spelt import Spelt, SpeltQuerySet
from tracker.models.unit import Unit

# How long the password that an administrator hands out is good for.
SECRET_LIVES = timedelta(hours=72)
# No letter that is taken for another when it is read out or copied from paper.
_SECRET_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"

HAS_ROLES = "三员分立：此人有任职，先收回任职才能授予管理岗位。"
HAS_POST = "三员分立：此人有管理岗位，不能再有任职。"


class PersonManager(UserManager.from_queryset(SpeltQuerySet)):
    def get_by_natural_key(self, username):
        """Find the account whatever the case in which the name was typed."""
        return self.get(username__iexact=username)


class Person(Spelt, AbstractUser):
    """A registered person: an account with the name that documents print."""

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=50)
    title = models.CharField("职务", max_length=50, blank=True)

    post = models.CharField(
        "管理岗位",
        max_length=12,
        choices=Post,
        blank=True,
        help_text="三员分立：有管理岗位的人不能有任职，看不到业务。",
    )

    must_change_password = models.BooleanField("须改密码", default=False, editable=False)
    # Set while the password is one that an administrator handed out.
    secret_expires_at = models.DateTimeField("初始密码有效至", null=True, editable=False)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, editable=False)
    last_login_ip = models.CharField("上次登录地址", max_length=45, blank=True, editable=False)

    objects = PersonManager()

    REQUIRED_FIELDS = ["name"]
    # What an administrator decides about an account; each change is an audit event.
    WATCHED = ("username", "name", "title", "is_active", "is_superuser", "post")

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = verbose_name_plural = "人员"
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="person_username_any_case",
                violation_error_message="已有这个账号（不分大小写）。",
            ),
            models.CheckConstraint(
                condition=models.Q(post__in=["", *Post.values]),
                name="person_post_is_known",
                violation_error_message="没有这种管理岗位。",
            ),
            models.CheckConstraint(
                condition=models.Q(post="") | models.Q(is_superuser=False),
                name="person_post_is_no_superuser",
                violation_error_message="超级用户不能有管理岗位。",
            ),
        ]

    def __str__(self):
        return self.name or self.username

    def save(self, *args, **kwargs):
        """Write down what changed of the account, in the transaction that changes it."""
        touched = set(kwargs.get("update_fields") or self.WATCHED) & set(self.WATCHED)
        if not touched:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            old = Person.objects.filter(pk=self.pk).values(*touched).first() if self.pk else None
            super().save(*args, **kwargs)
            self._tell(old or {}, {name: getattr(self, name) for name in sorted(touched)})

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    def clean(self):
        super().clean()
        if self.post and self.pk and self.memberships.exists():
            raise ValidationError({"post": HAS_ROLES})

    def _tell(self, old: dict, new: dict) -> None:
        from tracker import audit

        changed = [name for name in new if new[name] != old.get(name)]
        if not changed:
            return
        labels = {name: str(Person._meta.get_field(name).verbose_name) for name in changed}
        audit.record(
            None,
            AuditKind.GRANT
            if {"post", "is_superuser"} & set(changed) and old
            else AuditKind.ACCOUNT,
            self,
            before={labels[name]: old[name] for name in changed} if old else None,
            after={labels[name]: new[name] for name in changed},
            reason="" if old else "建立账号",
        )

    @cached_property
    def _acting(self) -> list["Membership"]:
        """The memberships by which this person acts today: their own, and those lent to them.

        One query for each request. Those of somebody who has left are lent no more. Who holds a
        post has none, and is not asked after.
        """
        if self.post:
            return []
        from tracker.models.substitution import Substitution

        today = Substitution.objects.in_force(timezone.localdate()).filter(substitute=self)
        lent = Q(
            person__in=today.values("principal"),
            person__is_active=True,
            role__in=policy.REVIEWERS,
        )
        tops = (
            Unit.objects.filter(parent=None)
            .order_by()
            .annotate(n=Func("pk", function="COUNT", output_field=IntegerField()))
        )
        acting = Membership.objects.filter(Q(person=self) | lent).select_related("unit", "person")
        return list(acting.annotate(units_at_the_top=Subquery(tops.values("n"))))

    @property
    def duties(self) -> list["Membership"]:
        """The person's own memberships with their units."""
        return [duty for duty in self._acting if duty.person_id == self.pk]

    # -- the password -----------------------------------------------------------------------------

    def issue_secret(self, now: datetime) -> str:
        """Give the account a random password to begin with, and return it to be shown once.

        It opens nothing but the page that replaces it, and not even that after 72 hours.
        """
        groups = ["".join(secrets.choice(_SECRET_LETTERS) for _ in range(5)) for _ in range(4)]
        secret = "-".join(groups)
        self.set_password(secret)
        self.must_change_password, self.secret_expires_at = True, now + SECRET_LIVES
        self.password_changed_at = now
        return secret

    def take_password(self, password: str, now: datetime) -> None:
        """Replace the password by one that the person has chosen."""
        self.set_password(password)
        self.must_change_password, self.secret_expires_at = False, None
        self.password_changed_at = now
        self.save()

    @property
    def password_expires_at(self) -> datetime | None:
        """When the password must be replaced; never, in a profile without a greatest age."""
        if not settings.PASSWORD_MAX_DAYS:
            return None
        since = self.password_changed_at or self.date_joined
        return since + timedelta(days=settings.PASSWORD_MAX_DAYS)

    def needs_new_password(self, now: datetime) -> bool:
        expires_at = self.password_expires_at
        return self.must_change_password or (expires_at is not None and expires_at <= now)

    def secret_is_stale(self, now: datetime) -> bool:
        return self.secret_expires_at is not None and self.secret_expires_at <= now

    @property
    def state(self) -> str:
        """What an administrator must know of the account, in one word."""
        now = timezone.now()
        if not self.is_active:
            return "停用"
        if not (self.post or self.memberships.all()):
            return "待授权"
        if self.secret_is_stale(now):
            return "初始密码过期"
        if self.needs_new_password(now):
            return "待改密码"
        return "正常"

    # -- what the person may do -------------------------------------------------------------------

    @property
    def is_authorised(self) -> bool:
        """False while nobody has granted a role or a post (待授权)."""
        return bool(self.post or self.is_superuser or self.duties)

    @property
    def lent_duties(self) -> list["Membership"]:
        """The memberships of those whose substitute (代理) this person is today."""
        return [duty for duty in self._acting if duty.person_id != self.pk]

    @property
    def deciding_duties(self) -> list["Membership"]:
        """The memberships by which the person may review and decide, their own before lent ones."""
        own = [duty for duty in self.duties if duty.role in policy.REVIEWERS]
        return own + self.lent_duties

    @property
    def reach(self) -> list[str]:
        """The paths of the units for which this person acts in any role, today."""
        return [duty.unit.path for duty in self._acting]

    @cached_property
    def _paths_in_reach(self) -> dict[int, str]:
        """The units of `reach` and all below them, by key; one query for each request.

        A page asks a dozen times which tickets are in sight: asked for by path, each time would
        walk the tree again.
        """
        return dict(Unit.objects.in_reach_of(self).order_by().values_list("pk", "path"))

    @property
    def units_in_reach(self) -> list[int]:
        """The keys of the units of `reach` and of all below them."""
        return list(self._paths_in_reach)

    @cached_property
    def acts_for_all_units(self) -> bool:
        """Whether no unit is out of reach and all are acted for: no ticket need be asked after."""
        acting = [duty for duty in self._acting if duty.role != Role.VIEWER]
        at_the_top = {duty.unit_id for duty in acting if duty.unit.parent_id is None}
        return bool(at_the_top) and len(at_the_top) == acting[0].units_at_the_top

    @cached_property
    def units_acted_for(self) -> list[int]:
        """Of `units_in_reach` those for which the person does more than look on."""
        paths = tuple(duty.unit.path for duty in self._acting if duty.role != Role.VIEWER)
        return [pk for pk, path in self._paths_in_reach.items() if path.startswith(paths)]

    @property
    def roles(self) -> frozenset[str]:
        """Every role the person holds anywhere; for a given ticket ask `roles_on`."""
        return frozenset(duty.role for duty in self.duties)

    @property
    def roles_in_words(self) -> str:
        """The post, or each role with its unit, as the audit trail and the lists print it."""
        if self.post:
            return self.get_post_display()
        return "；".join(f"{duty.unit} {duty.get_role_display()}" for duty in self.duties)

    @cached_property
    def unread_notices(self) -> int:
        """The number on the bell; one query for each request."""
        from tracker.models.notice import Notice

        return Notice.objects.of(self).unread().count()

    def may(self, action: str) -> bool:
        """Whether the person may take this action of `policy` for some unit, today."""
        return bool(self.reach_for(action))

    def reach_for(self, action: str) -> list[str]:
        """The paths of the units for which the person may take this action of `policy`."""
        duties = self._acting if action in policy.BY_SUBSTITUTE else self.duties
        return [duty.unit.path for duty in duties if policy.may({duty.role}, action)]

    def roles_on(self, *units: Unit) -> frozenset[str]:
        """The roles held for any of these units: on the unit itself or on one above it."""
        return _roles_on(self.duties, units)

    def lent_roles_on(self, *units: Unit) -> frozenset[str]:
        """The roles lent to this person for any of these units; see `policy.BY_SUBSTITUTE`."""
        return _roles_on(self.lent_duties, units)

    def capacity_on(
        self, unit: Unit, roles: Collection[str], leader: int | None
    ) -> "Membership | None":
        """The duty by which the person decides for a unit in one of these roles.

        Their own comes first, else one lent to them. Where a responsible leader is registered,
        no other leader decides.
        """
        for duty in self.deciding_duties:
            if duty.role not in roles or not unit.path.startswith(duty.unit.path):
                continue
            if duty.role == Role.LEADER and leader not in (None, duty.person_id):
                continue
            return duty
        return None


def signature(by: Person, acting_for: Person | None) -> str:
    """How a decision is signed: 卢平, or 卢平（代邓佳） by a substitute."""
    return f"{by}（代{acting_for}）" if acting_for else str(by)


def _roles_on(duties: Iterable["Membership"], units: Collection[Unit]) -> frozenset[str]:
    return frozenset(
        duty.role for duty in duties if any(unit.path.startswith(duty.unit.path) for unit in units)
    )


class Membership(models.Model):
    """One person acts for one unit, and all below it, in one role."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="memberships", verbose_name="人员"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name="单位")
    role = models.CharField("角色", max_length=12, choices=Role)

    class Meta:
        ordering = ["unit", "role", "person"]
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "role"],
                name="membership_once",
                violation_error_message="该人员在这个单位已有这一角色。",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="membership_role_is_known",
                violation_error_message="没有这种角色。",
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.unit} · {self.get_role_display()}"

    def save(self, *args, **kwargs):
        """A role is granted, or moved, only together with its audit event."""
        from tracker import audit

        with transaction.atomic():
            old = Membership.objects.filter(pk=self.pk).first() if self.pk else None
            super().save(*args, **kwargs)
            audit.record(
                None,
                AuditKind.GRANT,
                self.person,
                before={"任职": old.in_words} if old else None,
                after={"任职": self.in_words},
            )

    def clean(self):
        if self.person_id and self.person.post:
            raise ValidationError(HAS_POST)

    @property
    def in_words(self) -> str:
        return f"{self.unit} {self.get_role_display()}"


class ProposalQuerySet(models.QuerySet["MembershipProposal"]):
    def open(self) -> Self:
        return self.filter(decided_at=None)


class MembershipProposal(models.Model):
    """待授权: a membership that the system administrator asks for and another grants or refuses."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="proposals", verbose_name="人员"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    role = models.CharField("角色", max_length=12, choices=Role)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="提出人")
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, editable=False, verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间", null=True, editable=False)
    is_granted = models.BooleanField("已授权", default=False, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "待授权"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "role"],
                condition=models.Q(decided_at=None),
                name="proposal_open_once",
                violation_error_message="已提出过，等待授权。",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at=None, decided_by=None, is_granted=False)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="proposal_decided_by_someone",
                violation_error_message="决定必须有决定人和时间。",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("proposed_by")),
                name="proposal_not_decided_alone",
                violation_error_message="提出人不能自己授权。",
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.unit} · {self.get_role_display()}"

    def decide(self, *, by: Person, grant: bool) -> None:
        """Grant what was proposed, or refuse it; one decision only, by somebody else."""
        with transaction.atomic():
            open_ones = MembershipProposal.objects.select_for_update().open()
            proposal = open_ones.filter(pk=self.pk).first()
            if proposal is None:
                return
            proposal.decided_by, proposal.decided_at = by, timezone.now()
            proposal.is_granted = grant
            proposal.save()
            wanted = {"person": self.person, "unit": self.unit, "role": self.role}
            if grant and not Membership.objects.filter(**wanted).exists():
                duty = Membership(**wanted)
                duty.full_clean()
                duty.save()
