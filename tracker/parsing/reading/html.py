"""Saved web pages (.html, .mht): the text of the article without what surrounds it on the site."""

import email
import re
from dataclasses import dataclass, field
from email.message import Message

import lxml.html
from lxml import etree

from tracker.parsing.reading import txt
from tracker.parsing.reading.archive import broken
from tracker.parsing.reading.numbering import printed
from tracker.parsing.reading.source import Source, Writer, filled, with_bold_opening
from tracker.parsing.records import BulletinUnreadable

_MAX_COLUMNS_COVERED = 60
_MAX_MHT_PARTS = 200
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.I)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
# Browsers read these names as the larger set that contains them.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030"}

# fmt: off
_DROPPED = frozenset((
    "script", "style", "noscript", "template", "nav", "aside", "form", "button", "select",
    "option", "textarea", "input", "iframe", "object", "embed", "svg", "canvas", "audio",
    "video", "map", "head", "footer", "menu", "dialog", "datalist",
))
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "hr", "html", "li", "main", "ol", "p", "pre", "section", "summary", "details", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))
# fmt: on
# What sites call the parts that are no article, as words of class and id.
_FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|crumbs?|footer|foot|bottom|copyright|"
    r"sidebar|share|bdshare\w*|toolbar|tools|search|login|friendlinks?|links?|related|recommend|"
    r"pager|pagination|prevnext|qrcode|ewm|accessibility|wza|fontsize|banner|logo)(?:$|[\s_-])",
    re.I,
)
# An element with such a name still is the article if it holds this share of the page's text.
_ARTICLE_SHARE = 0.3
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_BOLD_TAGS = {"b", "strong", "h2", "h3", "h4", "h5", "h6"}
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_CENTRED = re.compile(r"align\s*:\s*center", re.I)
# Lines that close every page of a site.
_SITE_LINE = re.compile(
    r"(?:版权所有|(?:主办|承办)(?:单位)?[：:]|技术支持[：:]|网站(?:标识码|地图|声明)|网站?支持IPv6|关于我们|"
    r"联系我们|您是第\\d|Copyright|[\u4e00-\u9fff]?ICP[备证]|[\u4e00-\u9fff]公网安备)",
    re.I,
)
_LIST_TYPES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman"} | {
    "I": "upperRoman"
}
_LIST_STYLES = {
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
    "cjk-decimal": "ideographDigital",
    "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "decimal": "decimal",
}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)")


def read_html(content: bytes, charset: str | None = None) -> Source:
    """Return the text of a web page; `charset` is the one its envelope declares."""
    text = _XML_DECLARATION.sub("", _decode(content, charset))
    try:
        root = lxml.html.document_fromstring(
            text, parser=lxml.html.HTMLParser(remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise broken() from error
    page = _Page(root)
    page.walk()
    return page.writer.source()


def read_mht(content: bytes) -> Source:
    """Return the text of a web page saved as one file with its pictures (MHTML)."""
    try:
        message = email.message_from_bytes(content)
        for number, part in enumerate(message.walk()):
            if number > _MAX_MHT_PARTS:
                break
            page = _page(part)
            if page:
                return read_html(page, part.get_content_charset())
    except (RecursionError, LookupError, UnicodeError, ValueError) as error:
        raise broken() from error
    raise BulletinUnreadable(
        "broken", "网页存档（.mht）里没有网页正文。请用浏览器打开后，另存为“网页，仅 HTML”再导入。"
    )


def _page(part: Message) -> bytes | None:
    if part.get_content_type() not in ("text/html", "application/xhtml+xml"):
        return None
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else None


def _decode(content: bytes, charset: str | None) -> str:
    """Decode by byte order mark, declaration or trial, whichever first gives clean text."""
    found = _CHARSET.search(content[:4096])
    declared = [name.lower() for name in (charset, found and found[1].decode()) if name]
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")) and not txt.is_binary(content):
        for name in declared:
            text = txt.decoded(content, _WIDER.get(name, name))
            if text is not None and txt.looks_chinese(text):
                return text.lstrip("\ufeff")
    try:
        return txt.decode(content)
    except BulletinUnreadable:
        if not declared:
            raise
    # One broken character in a long page is no reason to refuse it.
    text = content.decode(_python_codec(declared[-1]), errors="replace")
    if txt.is_binary(content) or text.count("\ufffd") > 20:
        raise BulletinUnreadable(
            "undecodable",
            "网页的文字编码读不出来。请用浏览器打开，把正文复制到 Word 文件保存后再导入。",
        )
    return text


def _python_codec(name: str) -> str:
    name = _WIDER.get(name, name)
    return name if name in ("gb18030", "utf-8") else "gb18030"


@dataclass(slots=True)
class _OpenTable:
    """A table while it is walked: rows of (rows covered, columns covered, lines of the cell)."""

    element: etree._Element
    rows: list[list[tuple[int, int, list[str]]]] = field(default_factory=list)
    in_cell: bool = False


@dataclass(slots=True)
class _OpenList:
    format: str
    count: int


class _Page:
    """Walks a page without recursion, because pages may nest as deep as they like."""

    def __init__(self, root: etree._Element):
        self.root = root
        self.writer = Writer()
        #: The paragraph so far: (words, are they bold).
        self.words: list[tuple[str, bool]] = []
        self.bold_depth = 0
        self.is_centred = False
        self.lists: list[_OpenList] = []
        self.open_table: _OpenTable | None = None
        self.measures = _Measures(root)
        #: Tables that hold other tables only lay out the page.
        self.frames = {next(table.iterancestors("table"), None) for table in root.iter("table")}

    def walk(self) -> None:
        """Write the lines and tables of the page."""
        walker = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self.leave(element)
            elif not isinstance(element.tag, str) or self.is_dropped(element):
                walker.skip_subtree()
            else:
                self.enter(element)
        self.flush()

    def enter(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self.flush()
            self.is_centred = tag == "h1" or bool(_CENTRED.search(_style(element)))
        self.bold_depth += _is_bold(element)
        if tag == "br":
            self.words.append(("\n", False))
        elif tag in ("ol", "ul"):
            self.lists.append(_OpenList(_list_format(element), _integer(element, "start", 1)))
        elif tag == "li" and self.lists:
            self.number(element)
        elif tag == "table" and self.open_table is None and self.is_data(element):
            self.open_table = _OpenTable(element)
        elif self.open_table and tag == "tr":
            self.open_table.rows.append([])
        elif self.open_table and tag in ("td", "th"):
            if not self.open_table.rows:
                self.open_table.rows.append([])
            across = min(_integer(element, "colspan", 1) or 1, _MAX_COLUMNS_COVERED)
            down = _integer(element, "rowspan", 1)
            self.open_table.rows[-1].append((down, across, []))
            self.open_table.in_cell = True
        self.add(element.text, element)

    def leave(self, element: etree._Element) -> None:
        tag = element.tag
        if not isinstance(tag, str) or self.is_dropped(element):
            self.add(element.tail, element.getparent())
            return
        if tag in _BLOCKS:
            self.flush()
        self.bold_depth -= _is_bold(element)
        if tag in ("ol", "ul"):
            self.lists.pop()
        if self.open_table:
            if tag in ("td", "th"):
                self.open_table.in_cell = False
            if element is self.open_table.element:
                self.close_table()
        self.add(element.tail, element.getparent())

    def add(self, text: str | None, parent: etree._Element | None) -> None:
        if text:
            words = text if parent is not None and parent.tag == "pre" else _flow(text)
            self.words.append((words, self.bold_depth > 0))

    def number(self, item: etree._Element) -> None:
        """Print the number of a list item, which the page only draws."""
        current = self.lists[-1]
        if current.format:
            value = _integer(item, "value", current.count)
            current.count = value + 1
            mark = "、" if "ounting" in current.format or "deograph" in current.format else ". "
            self.words.append((printed(value, current.format) + mark, False))

    def flush(self) -> None:
        """End a paragraph: what was collected becomes lines of the page or of a cell."""
        in_cell = self.open_table is not None and self.open_table.in_cell
        plain = in_cell or self.is_centred
        text = "".join(w for w, _ in self.words) if plain else with_bold_opening(self.words)
        self.words = []
        for piece in text.split("\n"):
            line = re.sub(r"[ \t]+", " ", piece).strip(" \t\xa0\u200b")
            if not line:
                continue
            if in_cell:
                self.open_table.rows[-1][-1][2].append(line)
            elif not _SITE_LINE.match(line):
                self.writer.line(line)

    def close_table(self) -> None:
        rows = self.open_table.rows
        self.open_table = None
        self.writer.table(
            filled(
                [
                    (min(max(down, 1), len(rows) - number), across, "\n".join(lines))
                    for down, across, lines in row
                ]
                for number, row in enumerate(rows)
            )
        )

    def is_data(self, table: etree._Element) -> bool:
        """Tell whether a table holds rows of data and does not lay out the page."""
        return table not in self.frames and any(
            sum(child.tag in ("td", "th") for child in row) > 1 for row in table.iter("tr")
        )

    def is_dropped(self, element: etree._Element) -> bool:
        """Tell whether an element is part of the site and not of the article."""
        if element.tag in _DROPPED:
            return True
        if element.tag in ("html", "body"):
            return False
        if "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")):
            return True
        if element.tag not in _BLOCKS or element.tag in ("tr", "td", "th", "tbody"):
            return False
        if self.measures.share(element) > _ARTICLE_SHARE:
            return False
        names = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
        return bool(_FURNITURE_NAME.search(names)) or self.measures.is_link_list(element)


class _Measures:
    """How much text each element of a page holds, and how much of it stands in links."""

    def __init__(self, root: etree._Element):
        self._text: dict[etree._Element, int] = {}
        self._linked: dict[etree._Element, tuple[int, int]] = {}
        for _, element in etree.iterwalk(root, events=("end",)):
            if not isinstance(element.tag, str) or element.tag in ("script", "style"):
                continue
            text, links, linked = len((element.text or "").strip()), 0, 0
            for child in element:
                below = self._linked.get(child, (0, 0))
                text += self._text.get(child, 0) + len((child.tail or "").strip())
                links, linked = links + below[0], linked + below[1]
            if element.tag == "a":
                links, linked = 1, text
            self._text[element] = text
            self._linked[element] = links, linked
        self._all = max(self._text.get(root, 0), 1)

    def share(self, element: etree._Element) -> float:
        """Return the part of the page's text that an element holds, 0 to 1."""
        return self._text.get(element, 0) / self._all

    def is_link_list(self, element: etree._Element) -> bool:
        """Tell whether an element is little more than links: a menu, other articles."""
        links, linked = self._linked.get(element, (0, 0))
        return links >= 4 and linked >= 0.6 * self._text.get(element, 0)


def _flow(text: str) -> str:
    """Return text as a page shows it: line ends between Chinese characters are none."""
    text = re.sub(
        r"(?<=[\u3001-\u9fff\uff00-\uffef])[ \t]*\r?\n\s*(?=[\u3001-\u9fff\uff00-\uffef])", "", text
    )
    return re.sub(r"[ \t\r\n]+", " ", text)


def _style(element: etree._Element) -> str:
    return f"{element.get('style', '')};align:{element.get('align', '')}"


def _is_bold(element: etree._Element) -> bool:
    return element.tag in _BOLD_TAGS or bool(_BOLD.search(element.get("style", "")))


def _list_format(element: etree._Element) -> str:
    """Return how a list numbers its items, "" if it does not."""
    style = _LIST_STYLE.search(element.get("style", ""))
    if style:
        return _LIST_STYLES.get(style[1].lower(), "")
    return _LIST_TYPES.get(element.get("type", "1"), "decimal") if element.tag == "ol" else ""


def _integer(element: etree._Element, name: str, default: int) -> int:
    value = element.get(name, "").strip()
    return int(value) if re.fullmatch(r"\d{1,5}", value, re.A) else default
