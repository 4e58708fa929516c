from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property

from tracker import policy
from tracker.choices import Role
from tracker.models.unit import Unit


class Person(AbstractUser):
    """A registered person: an account with the name that documents print."""

    first_name = None
    last_name = None
    name = models.CharField("姓名", max_length=50)
    title = models.CharField("职务", max_length=50, blank=True)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = verbose_name_plural = "人员"

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @cached_property
    def duties(self) -> list["Membership"]:
        """The person's memberships with their units; one query for each request."""
        return list(self.memberships.select_related("unit"))

    @property
    def reach(self) -> list[str]:
        """The paths of the units for which this person acts in any role."""
        return [duty.unit.path for duty in self.duties]

    @cached_property
    def units_in_reach(self) -> list[int]:
        """The keys of the units of `reach` and of all below them; one query for each request.

        A page asks a dozen times which tickets are in sight: asked for by path, each time would
        walk the tree again.
        """
        return list(Unit.objects.in_reach_of(self).values_list("pk", flat=True))

    @property
    def roles(self) -> frozenset[str]:
        """Every role the person holds anywhere; for a given ticket ask `roles_on`."""
        return frozenset(duty.role for duty in self.duties)

    def reach_for(self, action: str) -> list[str]:
        """The paths of the units for which the person may take this action of `policy`."""
        return [duty.unit.path for duty in self.duties if policy.may({duty.role}, action)]

    def roles_on(self, *units: Unit) -> frozenset[str]:
        """The roles held for any of these units: on the unit itself or on one above it."""
        return frozenset(
            duty.role
            for duty in self.duties
            if any(unit.path.startswith(duty.unit.path) for unit in units)
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
