"""How a register is taken in from a workbook: template, upload, preview, confirmation."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import content_disposition_header
from import_export.admin import ImportMixin

from tracker import registers
from tracker.admin.tickets import UploadStorage


class RegisterImport(ImportMixin):
    """For admins of a register; `resource_classes` names its one resource."""

    import_formats = (registers.RegisterXLSX,)
    import_template_name = "admin/tracker/register_import.html"
    change_list_template = import_export_change_list_template = (
        "admin/tracker/register_change_list.html"
    )
    tmp_storage_class = UploadStorage
    # The resource writes one event for the whole file; each row keeps its own versions.
    skip_admin_log = True
    # What has to be done next, said once it is in.
    after_import = ""

    def has_import_permission(self, request):
        return self.has_add_permission(request)

    def get_import_resource_kwargs(self, request, *args, **kwargs):
        return {"by": request.user}

    def get_import_data_kwargs(self, **kwargs):
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def get_urls(self):
        name = f"tracker_{self.opts.model_name}_template"
        view = self.admin_site.admin_view(self.template_view)
        return [path("template/", view, name=name), *super().get_urls()]

    def template_view(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied
        resource = self.resource_classes[0]
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        response = HttpResponse(registers.template(resource), content_type=kind)
        response["Content-Disposition"] = content_disposition_header(
            True, registers.template_name(resource)
        )
        return response

    def process_result(self, result, request):
        address = f"admin:tracker_{self.opts.model_name}"
        if result.has_errors() or result.has_validation_errors():
            messages.error(request, "没有导入：预览之后数据有变化，请重新上传核对。")
            return redirect(f"{address}_import")
        totals = result.totals
        messages.success(
            request,
            f"已导入：新增{totals['new']}，修改{totals['update']}，未变{totals['skip']}。"
            f"{self.after_import}",
        )
        return redirect(f"{address}_changelist")
