"""What the documents name is there: files, links, commands, targets of make, names in the code."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.management import get_commands
from django.urls import get_resolver

import tracker

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOP = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"var"}
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")
# In backticks, below a folder of ours; NNN is a place to fill in.
PATH = re.compile(r"`((?:[\w.-]+/)+[\w.*-]*)`")


@pytest.fixture(scope="module", params=DOCUMENTS, ids=lambda path: path.name)
def document(request):
    return request.param


def test_its_links_lead_somewhere(document):
    missing = [to for to in LINK.findall(document.read_text()) if not to.startswith("/")]
    missing = [to for to in missing if not (document.parent / to).exists()]

    assert missing == []


def test_its_paths_are_there(document):
    named = {
        path
        for path in PATH.findall(document.read_text())
        if path.split("/")[0] in TOP and "NNN" not in path
    }

    assert [path for path in sorted(named) if not list(ROOT.glob(path.rstrip("/")))] == []


def test_its_commands_are_there(document):
    named = set(re.findall(r"manage\.py (\w+)", document.read_text()))

    assert named - set(get_commands()) == set()


def test_its_targets_of_make_are_there(document):
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text(), re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert named - targets == set()


def test_the_readme_names_every_document():
    named = LINK.findall((ROOT / "README.md").read_text())

    assert {path.name for path in (ROOT / "docs").glob("*.md")} <= {Path(to).name for to in named}


# -- the glossary ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def modules():
    """The modules of the app by their names; commands are known by theirs."""
    found = pkgutil.walk_packages(tracker.__path__, "tracker.")
    names = [one.name for one in found if not re.search(r"\.(migrations|management)\b", one.name)]
    return {name.removeprefix("tracker."): importlib.import_module(name) for name in names}


def words_in_the_code() -> list[str]:
    rows = (ROOT / "docs" / "glossary.md").read_text().splitlines()
    cells = [row.split("|")[3] for row in rows if row.count("|") == 5]
    return sorted({word for cell in cells for word in re.findall(r"`([^`]+)`", cell)})


def has(owner, names: list[str]) -> bool:
    """Whether a module or class has this attribute, field, or attribute of an attribute."""
    for name in names:
        if name in getattr(owner, "__dataclass_fields__", ()):
            return True
        if not hasattr(owner, name):
            return is_field(owner, name)
        owner = getattr(owner, name)
    return True


def is_field(owner, name: str) -> bool:
    try:
        return bool(owner._meta.get_field(name))
    except (AttributeError, FieldDoesNotExist):
        return False


def is_known(word: str, modules: dict) -> bool:
    """Whether the code has this name: of a module, in one, or of a field or method of a class."""
    names = word.removeprefix("tracker.").split(".")
    for count in range(1, len(names) + 1):
        module = modules.get(".".join(names[:count]))
        if module and has(module, names[count:]):
            return True
    if any(hasattr(module, names[0]) and has(module, names) for module in modules.values()):
        return True
    classes = {
        one for module in modules.values() for one in vars(module).values() if isinstance(one, type)
    }
    ours = {one for one in classes if one.__module__.startswith("tracker")}
    return len(names) == 1 and any(
        has(one, names) for one in ours | set(apps.get_app_config("tracker").get_models())
    )


def test_the_glossary_names_what_is_in_the_code(modules):
    settings = (ROOT / "config" / "settings.py").read_text()
    views = get_resolver().namespace_dict["tracker"][1].reverse_dict
    addresses = {f"tracker:{name}" for name in views}
    unknown = [
        word
        for word in words_in_the_code()
        if not word.startswith("?")
        and word not in addresses
        and not (ROOT / word).exists()
        and not (word.startswith("TRACKER_") and word in settings)
        and not is_known(word, modules)
    ]

    assert unknown == []
