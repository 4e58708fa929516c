"""What a browser loads: only our own files, unchanged, within what old kernels know."""

import re
import runpy
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
STYLES = sorted(STATIC.rglob("*.css"))
OWN_STYLES = sorted((STATIC / "css").glob("*.css"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
ICONS = STATIC / "vendor" / "bootstrap-icons-1.13.2" / "icons.svg"

# Younger than Chromium 86, the oldest kernel among the browsers of our offices.
TOO_YOUNG = re.compile(r"oklch\(|color-mix\(|:has\(|@layer|@container|\bdvh\b|subgrid")


def relative(path):
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def problems():
    return runpy.run_path(str(ROOT / "scripts" / "vendor_assets.py"))["problems"]


def test_vendored_files_are_those_of_the_lock(problems):
    assert problems(STATIC / "vendor") == []


def test_a_changed_an_added_and_a_missing_file_are_each_named(problems, tmp_path):
    vendor = tmp_path / "vendor"
    shutil.copytree(STATIC / "vendor", vendor)
    (vendor / "htmx.org-2.0.11" / "htmx.min.js").write_text("alert(1)")
    (vendor / "htmx.org-2.0.11" / "LICENSE").unlink()
    (vendor / "stray.js").write_text("")
    assert problems(vendor) == [
        "missing: htmx.org-2.0.11/LICENSE",
        "not in the lock: stray.js",
        "changed: htmx.org-2.0.11/htmx.min.js",
    ]


@pytest.mark.parametrize("folder", sorted(STATIC.glob("vendor/*/")), ids=relative)
def test_vendored_package_keeps_its_licence(folder):
    assert (folder / "LICENSE").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("path", [*STYLES, *sorted(STATIC.rglob("*.js"))], ids=relative)
def test_no_pointer_to_a_source_map_that_is_not_there(path):
    assert "sourceMappingURL" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", STYLES, ids=relative)
def test_styles_keep_to_what_old_kernels_know(path):
    assert TOO_YOUNG.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", OWN_STYLES, ids=relative)
def test_no_rule_stands_again_for_narrow_screens(path):
    """What holds everywhere holds there; a second copy is left behind when the first changes."""
    everywhere, again, media = set(), [], False
    css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    for found in re.finditer(r"(@media[^{]+)\{|([^{}@]+\{[^{}]*)\}|\}", css):
        rule = " ".join((found[2] or "").split())
        if rule and media and rule in everywhere:
            again.append(rule)
        elif rule and not media:
            everywhere.add(rule)
        elif not rule:
            media = bool(found[1])

    assert again == []


@pytest.mark.parametrize("path", [*STYLES, *sorted(STATIC.rglob("*.js")), *TEMPLATES], ids=relative)
def test_nothing_is_loaded_from_another_host(path):
    loads = r"""(?:url\(|@import|\bsrc=|\bhref=|\baction=|fetch\(|import\()\s*["']?(?:https?:)?//"""
    assert re.findall(loads, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_hold_no_inline_script_or_style(path):
    """The policy of the pages would block them, and only the browser's console would say so."""
    source = path.read_text(encoding="utf-8")
    # Without Django's own tags: in `{% if one == picked %}` nothing is an event handler.
    tags = re.findall(r"<[a-zA-Z][^>]*>", re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source))
    assert [tag for tag in tags if re.search(r"\s(style|on[a-z]+|hx-on[:a-z-]*)\s*=", tag)] == []
    assert [tag for tag in tags if tag.lower().startswith("<style")] == []
    scripts = [tag for tag in tags if tag.lower().startswith("<script")]
    assert [tag for tag in scripts if " src=" not in tag and "application/json" not in tag] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_icon_and_file_that_a_template_names_is_there(path):
    source = path.read_text(encoding="utf-8")
    icons = set(re.findall(r"""\{%\s*icon\s+["']([^"']+)["']""", source))
    drawn = set(re.findall(r'<symbol id="([^"]+)"', ICONS.read_text(encoding="utf-8")))
    assert icons - drawn == set()
    files = re.findall(r"""\{%\s*static\s+["']([^"']+)["']""", source)
    ours = [name for name in files if not name.startswith(("admin/", "import_export/"))]
    assert [name for name in ours if not (STATIC / name).is_file()] == []
