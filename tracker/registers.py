"""The registers of units and of people, taken in from a workbook that was filled in elsewhere.

An empty cell changes nothing. Every row that cannot be taken is named with all that is wrong with
it, and then nothing of the file is taken. A role is only proposed (待授权): whoever makes accounts
grants nothing.
"""

import io
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import Diff, ModelResource
from import_export.widgets import IntegerWidget, Widget
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tracker import audit
from tracker.choices import AuditKind, Role
from tracker.models import MembershipProposal, Person, Unit


def words(value: Any) -> str:
    return "" if value is None else str(value).strip()


class UnitWidget(Widget):
    """A unit by its name, short name or alias; of namesakes by its way from the top."""

    def clean(self, value, row=None, **kwargs):
        steps = [step.strip() for step in words(value).split("/") if step.strip()]
        if not steps:
            return None
        found = list(Unit.objects.called(steps[-1]).select_related("parent"))
        for unit in list(found):
            if len(steps) > 1 and not self._stands_below(unit, steps[:-1]):
                found.remove(unit)
        if not found:
            raise ValueError(f"没有名为“{words(value)}”的单位。")
        if len(found) > 1:
            raise ValueError(f"有{len(found)}个“{words(value)}”，请写成“上级/下级”。")
        return found[0]

    @staticmethod
    def _stands_below(unit: Unit, steps: list[str]) -> bool:
        for name in reversed(steps):
            unit = unit.parent
            if unit is None or name not in (unit.name, unit.short_name):
                return False
        return True

    def render(self, value, obj=None, **kwargs):
        return str(value or "")


class RoleWidget(Widget):
    def clean(self, value, row=None, **kwargs):
        said = words(value)
        if not said:
            return ""
        for role in Role:
            if said in (role.label, role.value):
                return role.value
        known = "、".join(role.label for role in Role)
        raise ValueError(f"没有“{said}”这种角色。可以填：{known}。")

    def render(self, value, obj=None, **kwargs):
        return Role(value).label if value else ""


class PlainDiff(Diff):
    """The library's own marks up changes with inline styles, which the pages do not allow."""

    def as_html(self):
        return [
            right if left == right else format_html("<del>{}</del> <ins>{}</ins>", left, right)
            for left, right in zip(self.left, self.right, strict=True)
        ]


class RegisterResource(ModelResource):
    """What both registers share."""

    # Printed on the second sheet of the template: column, must it be filled in, what to write.
    COLUMNS: tuple[tuple[str, str, str], ...] = ()

    def __init__(self, by: Person, **kwargs):
        super().__init__(**kwargs)
        self.by = by

    @classmethod
    def get_diff_class(cls):
        return PlainDiff

    def before_import(self, dataset, **kwargs):
        missing = [name for name, must, _ in self.COLUMNS if must and name not in dataset.headers]
        if missing:
            raise ValueError(f"第一行缺少这些列：{'、'.join(missing)}。请用下载的模板填写。")

    def before_import_row(self, row, **kwargs):
        empty = [name for name, must, _ in self.COLUMNS if must and not words(row.get(name))]
        if empty:
            raise ValueError(f"{'、'.join(empty)}没有填。")

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        """Leave what a cell leaves empty: an empty cell never clears anything."""
        if words(row.get(field.column_name)):
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def after_import(self, dataset, result, **kwargs):
        if not kwargs.get("dry_run"):
            audit.record(
                self.by,
                AuditKind.IMPORT,
                str(self._meta.model._meta.verbose_name),
                after={name: count for name, count in result.totals.items() if count},
                reason=words(kwargs.get("file_name")),
            )


class UnitResource(RegisterResource):
    """单位, the upper ones first: a parent may stand in the same file."""

    name = Field("name", "名称")
    short_name = Field("short_name", "简称")
    parent = Field("parent", "上级单位", UnitWidget())
    sort_no = Field("sort_no", "排序", IntegerWidget())

    COLUMNS = (
        ("名称", "必填", "单位或部门的全称；与上级单位一起认定是不是同一个单位"),
        ("简称", "", "页面上显示的短名"),
        ("上级单位", "", "上级的名称或简称，必须已登记或写在本表更上面的行；同名的写成“上级/下级”"),
        ("排序", "", "官方序列，整数，小的在前"),
    )

    class Meta:
        model = Unit
        fields = ("name", "short_name", "parent", "sort_no")
        import_id_fields = ("name",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        name = "单位"

    def get_instance(self, instance_loader, row):
        parent = UnitWidget().clean(row.get("上级单位"))
        return Unit.objects.filter(name=words(row.get("名称")), parent=parent).first()


class PersonResource(RegisterResource):
    """人员: accounts without a password, and proposals of what they may do."""

    username = Field("username", "账号")
    name = Field("name", "姓名")
    title = Field("title", "职务")
    unit = Field("proposed_unit", "单位", UnitWidget())
    role = Field("proposed_role", "角色", RoleWidget())

    COLUMNS = (
        ("账号", "必填", "登录用，字母和数字，不分大小写；已有的账号按此认定"),
        ("姓名", "必填", "文件上的姓名"),
        ("职务", "", "如“副局长”“科长”"),
        ("单位", "", "为哪个单位办事，写名称或简称；和角色一起填"),
        ("角色", "", "、".join(role.label for role in Role) + "；由安全管理员授权后才生效"),
    )

    class Meta:
        model = Person
        fields = ("username", "name", "title", "unit", "role")
        import_id_fields = ("username",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        name = "人员"

    def get_instance(self, instance_loader, row):
        return Person.objects.filter(username__iexact=words(row.get("账号"))).first()

    def init_instance(self, row=None):
        person = super().init_instance(row)
        person.set_unusable_password()
        return person

    def import_instance(self, instance, row, **kwargs):
        known = instance.username
        super().import_instance(instance, row, **kwargs)
        # The case in which the file writes a known account is no change of it.
        instance.username = known or words(row.get("账号"))

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        errors = dict(import_validation_errors or {})
        unit = getattr(instance, "proposed_unit", None)
        role = getattr(instance, "proposed_role", "")
        if bool(unit) != bool(role) and not {"proposed_unit", "proposed_role"} & set(errors):
            errors["proposed_role"] = "单位和角色要一起填。"
        if unit and role and instance.post:
            errors["proposed_role"] = "三员分立：此人有管理岗位，不能再有任职。"
        super().validate_instance(instance, errors, validate_unique)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if original.pk is None or self._proposal(instance):
            return False
        same = ("username", "name", "title")
        return all(getattr(instance, name) == getattr(original, name) for name in same)

    def after_save_instance(self, instance, row, **kwargs):
        if proposal := self._proposal(instance):
            proposal.save()

    def _proposal(self, person: Person) -> MembershipProposal | None:
        """What the row asks for beyond what the person has, or has asked for already."""
        unit = getattr(person, "proposed_unit", None)
        role = getattr(person, "proposed_role", "")
        if not (unit and role):
            return None
        if person.pk:
            wanted = {"unit": unit, "role": role}
            if person.memberships.filter(**wanted).exists():
                return None
            if person.proposals.open().filter(**wanted).exists():
                return None
        return MembershipProposal(person=person, unit=unit, role=role, proposed_by=self.by)


class RegisterXLSX(XLSX):
    def get_title(self):
        return "Excel（.xlsx）"


def template(resource: type[RegisterResource]) -> bytes:
    """An empty workbook to fill in; its second sheet says how."""
    book = Workbook()
    sheet, guide = book.active, book.create_sheet("填写说明")
    sheet.title = resource._meta.name
    sheet.append([name for name, _, _ in resource.COLUMNS])
    guide.append(["列", "必填", "怎么填"])
    for row in resource.COLUMNS:
        guide.append(row)
    guide.append(["空格", "", "空着的格不会改动已有的内容"])
    for page, widths in ((sheet, [20] * len(resource.COLUMNS)), (guide, [14, 8, 90])):
        for index, width in enumerate(widths, start=1):
            page.column_dimensions[get_column_letter(index)].width = width
            page.cell(1, index).font = Font(bold=True)
        for cells in page.iter_rows():
            for cell in cells:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.number_format = "@"
        page.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def template_name(resource: type[RegisterResource]) -> str:
    return f"{resource._meta.name}-模板-{timezone.localdate():%Y%m%d}.xlsx"
