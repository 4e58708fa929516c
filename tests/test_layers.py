"""Which way the imports point: what is pure knows no rows, models no pages, nothing the views."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Rules without rows: what they decide about comes in as an argument.
PURE = (
    "choices",
    "dates",
    "findings",
    "lights",
    "masking",
    "periods",
    "planning",
    "policy",
    "refusals",
    "source_text",
    "supervision",
    "workflow",
    "worktime",
)
PAGES = ("admin", "exports", "filtersets", "forms", "frame", "paper", "views")
URLS = ("account_urls", "audit_urls", "help_urls", "urls", "views")


def modules(below: str = "") -> Iterator[tuple[str, ast.Module]]:
    """The modules of the app in a folder or file, with what is written in them."""
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        name = path.relative_to(ROOT / "tracker").with_suffix("").as_posix()
        if f"{name}/".startswith(f"{below}/" if below else "") and "migrations" not in name:
            yield name, ast.parse(path.read_text())


def imported(module: ast.Module) -> Iterator[str]:
    """What a module imports, also within its functions; types that only an editor sees are not."""
    waiting = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        waiting += ast.iter_child_nodes(node)


def breaches(below: str, *forbidden: str) -> list[str]:
    """The imports in this part of the app of modules that begin with one of these."""
    return [
        f"{name} imports {found}"
        for name, module in modules(below)
        for found in imported(module)
        if f"{found}.".startswith(tuple(f"{one}." for one in forbidden))
    ]


def test_the_reader_knows_neither_django_nor_the_board():
    found = [
        f"{name} imports {one}"
        for name, module in modules("parsing")
        for one in imported(module)
        if one.startswith("django")
        or (one.startswith("tracker.") and one.split(".")[1] not in ("parsing", "worktime"))
    ]

    assert found == []


@pytest.mark.parametrize("name", PURE)
def test_rules_know_no_rows(name):
    assert breaches(name, "tracker.models", *(f"tracker.{page}" for page in PAGES)) == []


def test_models_know_no_pages():
    pages = (f"tracker.{page}" for page in PAGES)

    assert breaches("models", "django.http.HttpRequest", "django.shortcuts", *pages) == []


def test_only_the_addresses_know_the_views():
    found = [one for one in breaches("", "tracker.views") if not one.startswith(URLS)]

    assert found == []


def test_only_its_commands_know_the_demo():
    found = [
        one
        for one in breaches("", "tracker.demo")
        if not one.startswith(("demo/", "management/commands/"))
    ]

    assert found == []
