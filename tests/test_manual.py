"""使用手册 keeps to the product: what it calls by name is there, and its links lead somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag

import import_export
import pytest
from django.contrib import admin, auth
from django.urls import URLPattern, get_resolver

from tests.conftest import acts_for
from tests.factories import PersonFactory
from tracker import figures, manual
from tracker.choices import Post, Role

ROOT = Path(__file__).resolve().parent.parent
WORDS = re.compile("「([^」]+)」")
# What a page puts together from two words.
COMPOSED = {
    **{f"批量{act}": ("批量{{ act.label }}", act) for act in ("分派", "催办", "审核通过")},
    **{f"增加 {what}": ("增加 %(name)s", what) for what in ("人员", "任职")},
}


def strings(path: Path) -> list[str]:
    """The texts of a module, without its docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    ]


@pytest.fixture(scope="module")
def screens() -> str:
    """All that the product, and Django's admin below it, can put on a screen."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "static/js").glob("*.js")]
    for path in (ROOT / "tracker").rglob("*.py"):
        if "migrations" not in path.parts:
            texts += strings(path)
    for other in (admin, auth, import_export):
        words = Path(other.__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.po"
        texts.append(words.read_text(encoding="utf-8"))
    return "\n".join(texts)


@pytest.mark.parametrize("name", manual.NAMES)
def test_every_quoted_word_stands_on_a_screen(name, screens):
    """As a whole: 提交 alone is no button where 提交销号 is one."""

    def is_shown(words: str) -> bool:
        return bool(re.search(f"(?<![一-鿿]){re.escape(words)}(?![一-鿿])", screens))

    quoted = set(WORDS.findall((manual.FOLDER / f"{name}.md").read_text(encoding="utf-8")))
    composed = quoted & COMPOSED.keys()

    assert quoted
    assert {words for words in quoted - composed if not is_shown(words)} == set()
    assert all(part in screens for words in composed for part in COMPOSED[words])


def test_every_file_is_a_page():
    assert {path.stem for path in manual.FOLDER.glob("*.md")} == set(manual.NAMES)


def test_the_counting_is_explained_in_the_words_of_the_figures():
    text = (manual.FOLDER / "lights.md").read_text(encoding="utf-8")

    rules = [f"| {one.label} | {one.rule} |" for one in figures.OUTCOMES.values()]
    bases = [basis.words for basis in figures.BASES.values()]
    assert [words for words in (*rules, *bases) if words not in text] == []


@pytest.mark.django_db
def test_every_link_leads_to_a_section(client, bureau):
    client.force_login(acts_for(bureau, Role.STAFF))
    front = client.get("/help/").content.decode()
    pages = {f"/help/{name}/": page for name, page in manual.pages().items()}

    assert all(f'href="{address}"' in front for address in pages)
    for address, page in pages.items():
        shown = client.get(address).content.decode()
        assert page.html in shown
        for link in re.findall('href="([^"]*)"', page.html):
            target, anchor = urldefrag(link)
            assert not anchor or unquote(anchor) in anchors(pages[target or address]), link


def anchors(page: manual.Page) -> set[str]:
    return set(re.findall(' id="([^"]+)"', page.html))


@pytest.mark.parametrize("place", sorted({*manual.SPEAKS_OF.values()}))
def test_the_question_mark_leads_to_a_section(place):
    name, _, anchor = place.partition("#")

    assert not anchor or anchor in anchors(manual.pages()[name])


@pytest.mark.parametrize("page", manual.SPEAKS_OF)
def test_the_question_mark_stands_on_pages_that_there_are(page):
    assert page.partition(" ")[0] in set(names(get_resolver().url_patterns))


def names(patterns, space="") -> Iterator[str]:
    """Every name by which an address is made."""
    for each in patterns:
        if isinstance(each, URLPattern):
            yield f"{space}{each.name}"
        else:
            yield from names(each.url_patterns, f"{each.namespace}:" if each.namespace else space)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("duty", "name"),
    [(Role.HEAD, "staff"), (Role.PARTY, "leaders"), (Role.INSPECTOR, "office")],
)
def test_the_contents_mark_what_is_written_for_the_reader(client, bureau, duty, name):
    client.force_login(acts_for(bureau, duty))

    cards = client.get("/help/").content.decode().split('<section class="card"')
    assert [name in card for card in cards if "您的身份</span>" in card] == [True]


def test_every_role_has_a_page():
    assert set().union(*manual.READERS.values()) == set(Role)


@pytest.mark.django_db
def test_a_page_leads_to_what_the_manual_says_of_it(client, bureau):
    client.force_login(acts_for(bureau, Role.STAFF))

    assert 'href="/help/start/#工作台"' in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("post", Post)
def test_the_administrators_read_it_too(client, post):
    client.force_login(PersonFactory(post=post))

    assert client.get("/help/").status_code == 200
    assert client.get("/help/administrators/").status_code == 200


@pytest.mark.django_db
def test_there_are_no_other_pages(client, bureau):
    client.force_login(acts_for(bureau, Role.STAFF))

    assert client.get("/help/nothing/").status_code == 404
