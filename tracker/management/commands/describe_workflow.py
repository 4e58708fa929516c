from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from tracker import workflow_doc

DOCS = Path(settings.BASE_DIR) / "docs"


class Command(BaseCommand):
    help = "Write docs/workflow.md and its diagram from the tables of policy and workflow."

    def handle(self, *args, **options):
        (DOCS / "workflow.md").write_text(workflow_doc.page(), encoding="utf-8")
        (DOCS / "workflow.svg").write_text(workflow_doc.diagram(), encoding="utf-8")
        self.stdout.write("docs/workflow.md, docs/workflow.svg")
