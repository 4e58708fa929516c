"""One question, one number: on the page, in the workbook, in the document and on paper."""

import html
import io
import re

import docx
import openpyxl
import pytest

from tracker.choices import Light
from tracker.models import Ticket

pytestmark = pytest.mark.django_db

SENTENCE = re.compile(r"问题\d+个：.+?。.*?(?=<|\n|$)")


def on_page(content: bytes) -> str:
    text = html.unescape(re.sub(r"</?span[^>]*>", "", content.decode()))
    return SENTENCE.search(text)[0]


def in_workbook(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [
        str(cell)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]
    at = next(n for n, cell in enumerate(cells) if SENTENCE.match(f"{cell}。"))
    return "".join(f"{cell}。" for cell in cells[at : at + 2])


def in_document(content: bytes) -> str:
    paragraphs = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    at = next(n for n, words in enumerate(paragraphs) if SENTENCE.match(words))
    return "".join(paragraphs[at : at + 2])


def plain(sentence: str) -> str:
    return re.sub(r"[\s　]|。$", "", sentence)


@pytest.mark.parametrize("query", ["", "&light=late", "&basis=closed"])
def test_every_place_says_the_same_sentence(sign_in, supervisor, wall, query):
    client = sign_in(supervisor)
    ledger = f"/inspections/{wall.pk}/wall/"
    truth = plain(on_page(client.get(f"{ledger}?{query}").content))
    assert "口径：" in truth

    said = {}
    for address in (f"{ledger}print/", "/timeline/print/", "/kanban/print/", "/calendar/print/"):
        said[address] = on_page(client.get(f"{address}?inspection={wall.pk}{query}").content)
    for address in ("/tickets/print/", "/matrix/print/", "/sheets/print/"):
        said[address] = on_page(client.get(f"{address}?inspection={wall.pk}{query}").content)
    for address in (f"{ledger}xlsx/", "/tickets/xlsx/", "/matrix/xlsx/", "/sheets/xlsx/"):
        said[address] = in_workbook(client.get(f"{address}?inspection={wall.pk}{query}").content)
    for address in (f"{ledger}docx/", "/tickets/docx/"):
        said[address] = in_document(client.get(f"{address}?inspection={wall.pk}{query}").content)

    assert {address: plain(words) for address, words in said.items()} == dict.fromkeys(said, truth)


def test_as_many_rows_stand_under_each_light(sign_in, supervisor, wall, today):
    client = sign_in(supervisor)
    tickets = Ticket.objects.visible_to(supervisor).with_light(today)
    truth = {light.label: tickets.filter(light_on_day=light).count() for light in Light}
    truth = {label: n for label, n in truth.items() if n}

    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/tickets/xlsx/").content)).worksheets[0]
    words = [str(cell) for row in sheet.iter_rows(values_only=True, max_col=1) for cell in row]
    printed = client.get("/tickets/print/").content.decode()
    for label, count in truth.items():
        assert sum(bool(re.fullmatch(rf"\S {label}", word)) for word in words) == count, label
        drawn = re.findall(rf"</svg><span>{label}\b", printed)
        assert len(drawn) == count, label
