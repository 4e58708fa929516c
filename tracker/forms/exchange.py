from django import forms
from django.conf import settings

from tracker.forms.drafts import FilesField, UploadInput

MOST_FILES = 60


class WorkbooksForm(forms.Form):
    """Workbooks to take back, those of many units at once."""

    files = FilesField(
        label="台账文件",
        widget=UploadInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择文件。"},
        help_text=f"从“导出Excel”得到、填写过的 .xlsx，一次可选{MOST_FILES}份以内。",
    )

    def clean_files(self):
        files = self.cleaned_data["files"]
        limit = settings.TRACKER_MAX_BULLETIN_BYTES
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"一次最多{MOST_FILES}份，选了{len(files)}份。")
        large = [file.name for file in files if file.size > limit]
        if large:
            megabytes = limit // (1024 * 1024)
            raise forms.ValidationError(f"超过{megabytes}MB：{'、'.join(large)}。")
        return files
