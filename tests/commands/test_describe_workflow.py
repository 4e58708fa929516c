"""docs/workflow.md says what the tables say."""

from django.conf import settings

from tracker import policy, workflow_doc
from tracker.choices import Status
from tracker.workflow import MOVES

DOCS = settings.BASE_DIR / "docs"


def test_the_page_is_that_of_the_tables():
    """If this fails: `manage.py describe_workflow`, and look at what changed."""
    assert (DOCS / "workflow.md").read_text(encoding="utf-8") == workflow_doc.page()


def test_the_diagram_is_that_of_the_table():
    assert (DOCS / "workflow.svg").read_text(encoding="utf-8") == workflow_doc.diagram()


def test_every_move_action_and_status_is_told():
    page, picture = workflow_doc.page(), workflow_doc.diagram()

    for name, move in MOVES.items():
        assert f"| {move.label} `{name}` |" in page
        assert move.label in picture
    for action in policy.ALLOWED:
        assert f" `{action}` |" in page
    for status in Status:
        assert f">{status.label}</text>" in picture
