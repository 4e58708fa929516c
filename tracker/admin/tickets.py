from datetime import timedelta

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm
from import_export.tmp_storages import BaseStorage

from tracker import audit
from tracker.admin.base import ForOperators
from tracker.choices import AuditKind, Light
from tracker.forms.amend import AmendForm
from tracker.ledger import LedgerCSV, LedgerResource, LedgerXLSX
from tracker.models import ImportRow, PendingUpload, Ticket
from tracker.names import Directory, people_meant
from tracker.workflow import MoveRefused, TicketChanged


class LightFilter(admin.SimpleListFilter):
    title = "灯"
    parameter_name = "light"

    def lookups(self, request, model_admin):
        return Light.choices

    def queryset(self, request, queryset):
        return queryset.filter(light_on_day=self.value()) if self.value() else queryset


class PrintedNameFilter(admin.SimpleListFilter):
    title = "姓名"
    parameter_name = "names"

    def lookups(self, request, model_admin):
        return [("printed", "有未登记的")]

    def queryset(self, request, queryset):
        if self.value() != "printed":
            return queryset
        leader = Q(leader=None) & ~Q(leader_text="")
        person = Q(person=None) & ~Q(person_text="")
        return queryset.filter(leader | person)


class UploadStorage(BaseStorage):
    """Keeps the ledger file between preview and confirmation: see `PendingUpload`."""

    def save(self, data):
        content = data.encode(self.encoding or "utf-8") if isinstance(data, str) else data
        # Previews that nobody confirmed are forgotten after a day.
        day_ago = timezone.now() - timedelta(days=1)
        PendingUpload.objects.forget(day_ago)
        self.name = PendingUpload.objects.create(content=content).name

    def read(self):
        content = bytes(PendingUpload.objects.get(name=self.name).content)
        return content.decode(self.encoding or "utf-8") if "b" not in self.read_mode else content

    def remove(self):
        PendingUpload.objects.filter(name=self.name).delete()


@admin.register(Ticket)
class TicketAdmin(ForOperators, ImportExportMixin, admin.ModelAdmin):
    """Corrections of facts, each with its reason, one by one or through the ledger.

    Tickets come only from bulletins, move only on the board, and never go.
    """

    form = AmendForm
    list_display = (
        "number",
        "printed_number",
        "title",
        "lead_unit",
        "person_in_words",
        "due_on",
        "light",
        "status",
    )
    list_display_links = ("number", "title")
    list_filter = (
        ("inspection", admin.RelatedOnlyFieldListFilter),
        LightFilter,
        "status",
        "kind",
        PrintedNameFilter,
    )
    search_fields = ("number", "title", "problem", "person_text", "person__name")
    ordering = ("inspection", "order")
    list_per_page = 50
    actions = ("match_printed_names",)
    fieldsets = (
        (None, {"fields": ("as_printed", "title")}),
        ("责任", {"fields": ("leader", "leader_text", "lead_unit", "lead_unit_text", "co_units")}),
        (None, {"fields": ("person", "person_text")}),
        ("要求", {"fields": ("kind", "due_on")}),
        ("本次修改", {"fields": ("why", "seen")}),
        ("导入历史", {"fields": ("imports",)}),
    )
    readonly_fields = ("as_printed", "imports")
    change_form_template = "admin/tracker/ticket/change_form.html"

    resource_classes = (LedgerResource,)
    import_formats = export_formats = (LedgerXLSX, LedgerCSV)
    export_form_class = ExportForm
    export_template_name = "admin/tracker/ticket/export.html"
    import_template_name = "admin/tracker/ticket/import.html"
    tmp_storage_class = UploadStorage
    to_encoding = "utf-8-sig"
    # ImportBatch and Change say more than the admin's own log.
    skip_admin_log = True

    def in_reach(self, queryset, person):
        return queryset.led_in_reach_of(person, "amend").for_list(timezone.localdate())

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request) and (obj is None or obj.is_open)

    @admin.display(description="责任人")
    def person_in_words(self, ticket):
        return ticket.person_name

    @admin.display(description="灯", ordering="light_on_day")
    def light(self, ticket):
        return Light(ticket.light_on_day).label

    @admin.display(description="原文")
    def as_printed(self, ticket):
        url = reverse("tracker:ticket-detail", args=[ticket.pk])
        return format_html(
            '{}　{}　<a href="{}">看问题页</a>', ticket.printed_number, ticket.problem, url
        )

    @admin.display(description="每次导入")
    def imports(self, ticket):
        rows = ImportRow.objects.for_ticket(ticket)
        return format_html_join(
            "",
            '<p><a href="{}">{}</a> {}　{}　{}{}</p>',
            (
                (
                    reverse("admin:tracker_importbatch_change", args=[row.batch_id]),
                    row.batch,
                    timezone.localtime(row.batch.at).strftime("%Y-%m-%d %H:%M"),
                    row.get_outcome_display(),
                    "；".join(f"{c['field']}：{c['old']} → {c['new']}" for c in row.changes),
                    row.note,
                )
                for row in rows
            ),
        )

    def get_fieldsets(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return self.fieldsets
        return [part for part in self.fieldsets if part[0] != "本次修改"]

    # -- many tickets -----------------------------------------------------------------------------

    @admin.action(description="把原文姓名对应到已登记的人员")
    def match_printed_names(self, request, queryset):
        """Try again the names that nobody bore when the bulletin was imported."""
        directories: dict[int, Directory] = {}
        matched, left = 0, []
        for ticket in queryset.open().select_related("inspection__unit"):
            inspected = ticket.inspection.unit
            if inspected.pk not in directories:
                directories[inspected.pk] = Directory.of(inspected)
            people = people_meant(ticket, directories[inspected.pk])
            try:
                matched += len(
                    ticket.amend(people, by=request.user, why="姓名已登记", version=ticket.version)
                )
            except MoveRefused as refusal:
                left.append(f"{ticket.number} {refusal}")
            for role in ("leader", "person"):
                name = getattr(ticket, f"{role}_text")
                if name and getattr(ticket, f"{role}_id") is None:
                    same = directories[inspected.pk].namesakes(name)
                    why = f"有{len(same)}人同名，请逐个指定" if same else "还没有登记"
                    left.append(f"{ticket.number} {name}：{why}")
        messages.success(request, f"对应了{matched}处姓名。")
        if left:
            messages.warning(request, "没有对应的：" + "；".join(left))

    # -- one ticket -------------------------------------------------------------------------------

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except TicketChanged:
            # Somebody saved between the form's own look and the write: seldom, but possible.
            return render(request, "409.html", status=409)
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:tracker_ticket_changelist")

    def save_model(self, request, obj, form, change):
        """Write through `Ticket.amend`, which records each change and refuses an old version."""
        cleaned = form.cleaned_data
        ticket = Ticket.objects.get(pk=obj.pk)
        ticket.amend(
            {name: cleaned[name] for name in form.changed_data if name in Ticket.AMENDABLE},
            by=request.user,
            why=cleaned["why"],
            version=cleaned["seen"],
            co_units=cleaned["co_units"] if "co_units" in form.changed_data else None,
        )

    def save_related(self, request, form, formsets, change):
        """Nothing is left to save: `amend` has set the co-operating units too."""

    def log_change(self, request, obj, message):
        """The change history has it, with both values and the reason."""

    # -- the ledger -------------------------------------------------------------------------------

    def get_resource_kwargs(self, request, *args, **kwargs):
        return {"by": request.user}

    get_import_resource_kwargs = get_export_resource_kwargs = get_resource_kwargs

    def get_export_queryset(self, request):
        return super().get_export_queryset(request).prefetch_related("co_units")

    def get_export_data(self, file_format, request, queryset, **kwargs):
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        audit.record(request, AuditKind.EXPORT, "台账", after={"行数": queryset.count()})
        return data

    def get_export_filename(self, request, queryset, file_format):
        return f"taizhang-{timezone.localdate():%Y%m%d}.{file_format.get_extension()}"

    def get_import_data_kwargs(self, **kwargs):
        # All of the file or nothing, as with bulletins.
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def has_import_permission(self, request):
        return self.has_view_permission(request)

    has_export_permission = has_import_permission

    def process_result(self, result, request):
        if result.has_errors() or result.has_validation_errors():
            messages.error(request, "没有导入：预览之后数据有变化，请重新上传核对。")
            return redirect("admin:tracker_ticket_import")
        batch = getattr(result, "batch", None)
        if batch is None:
            messages.success(request, "文件与库中完全一致，没有修改。")
            return redirect("admin:tracker_ticket_changelist")
        messages.success(request, "台账已导入。")
        return HttpResponseRedirect(reverse("admin:tracker_importbatch_change", args=[batch.pk]))
