from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, Substr

from tracker.models.spelt import Spelt, SpeltQuerySet

if TYPE_CHECKING:
    from tracker.models.person import Person


class UnitQuerySet(SpeltQuerySet):
    def subtree(self, *paths: str) -> Self:
        """The units at these paths and all below them; no path means none."""
        if not paths:
            return self.none()
        within = Q()
        for path in paths:
            within |= Q(path__startswith=path)
        return self.filter(within)

    def in_reach_of(self, person: "Person") -> Self:
        """The units for which a person acts in any role, with all units below them."""
        return self.subtree(*person.reach)

    def and_above(self) -> Self:
        """These units and every unit above them; asked only when the units are."""
        below = self.order_by().filter(path__startswith=OuterRef("path"))
        return self.model._default_manager.filter(Exists(below))

    def called(self, name: str) -> Self:
        """The units that are known by exactly this name, short name or alias."""
        return self.filter(
            Q(name=name)
            | Q(short_name=name)
            | Q(pk__in=UnitAlias.objects.filter(name=name).values("unit"))
        )


class Unit(Spelt):
    """A body or department that answers for problems; units form a tree."""

    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=30, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="上级单位",
    )
    path = models.CharField("路径", max_length=255, editable=False, default="", db_index=True)
    sort_no = models.PositiveIntegerField("排序", default=0, help_text="官方序列，小的在前。")

    objects = UnitQuerySet.as_manager()
    SPELT_BY = ("name", "short_name")

    class Meta:
        ordering = ["sort_no", "path"]
        verbose_name = verbose_name_plural = "单位"
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                name="unit_name_once_per_parent",
                violation_error_message="同一上级下已有同名单位。",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(parent__isnull=True),
                name="unit_name_once_at_the_top",
                violation_error_message="已有同名的顶层单位。",
            ),
        ]

    def __str__(self):
        return self.short_name or self.name

    @property
    def with_bureau(self) -> str:
        """The name where nothing around tells which is meant: a department with its bureau."""
        above = self.parent
        return f"{above}{self}" if above and above.parent_id else str(self)

    def save(self, *args, **kwargs):
        """Keep the path (/1/5/: the keys from the top down) true, below this unit as well."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            if path == self.path:
                return
            if self.path:
                Unit.objects.filter(path__startswith=self.path).update(
                    path=Concat(Value(path), Substr(F("path"), len(self.path) + 1))
                )
            else:
                Unit.objects.filter(pk=self.pk).update(path=path)
            self.path = path

    def clean(self):
        if self.pk and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": "上级单位不能是本单位或其下级。"})


def told_apart(units: Iterable[Unit], called: Callable[[Unit], str] = str) -> dict[int, str]:
    """What each of these units is called beside the others, by key; they must come with `parent`.

    Every bureau has an office: a name that two units bear is shown with that of the unit above.
    """
    units = list(units)
    bearers = Counter(map(called, units))
    return {
        unit.pk: f"{unit.parent or ''}{called(unit)}" if bearers[called(unit)] > 1 else called(unit)
        for unit in units
    }


class UnitAlias(models.Model):
    """Another name by which documents call a unit."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases", verbose_name="单位")
    name = models.CharField("别名", max_length=100, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = "单位别名"

    def __str__(self):
        return self.name
