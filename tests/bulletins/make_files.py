"""Makes the sample files in tests/bulletins/files: python tests/bulletins/make_files.py

One invented notice and one invented ledger, each in every format that offices send them in. The
files are committed, so that the tests need neither a browser nor this script; what must be read
from them stands in notice.json and ledger.json beside them.
"""

import base64
import html
import subprocess
import sys
import tempfile
from pathlib import Path

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.styles import Alignment

FILES = Path(__file__).parent / "files"
CHROMIUM = "chromium"

TITLE = "青禾县档案馆党支部关于巡察整改进展情况的通报"
OPENING = (
    "根据县委统一部署，2025年3月3日至4月18日，县委第二巡察组对县档案馆党支部进行了巡察。"
    "2025年6月10日，县委第二巡察组向县档案馆党支部反馈了巡察意见。"
    "按照党务公开原则，现将整改进展情况予以公布："
)
# (level, text); level 0 is 一、, 1 is （一）, 2 is 1., None is running text.
NOTICE = [
    (0, "反馈问题整改情况"),
    (1, "理论学习方面"),
    (2, "学习计划执行不够严格的问题"),
    (
        None,
        "一是按月排出学习日历，由专人提醒、逐次签到，缺席的人员在一周之内补学。"
        "二是印发《青禾县档案馆学习制度（试行）》，把“一是一、二是二”的实在作风写进学习要求。",
    ),
    (2, "交流研讨质量不高的问题"),
    (None, "馆领导带头领题，已组织研讨6次。该问题已完成整改。"),
    (1, "档案保管方面"),
    (2, "库房温湿度记录不全的问题"),
    (
        None,
        "一是补装自动记录设备，共需安装24台，已安装18台，剩余6台预计2026年3月底前完成安装。"
        "二是每日两次核对记录，发现异常当天处理。三是请县气象局协助校准仪器。",
    ),
    (2, "老旧案卷数字化滞后的问题"),
    (None, "已扫描案卷3200卷，正在推进余下部分的著录工作。"),
    (0, "下一步工作打算"),
    (None, "继续抓好整改任务落实，巩固已有成果，完善日常管理。"),
]
CLOSING = [
    "诚请社会各界监督整改落实，发现新情况、新线索，请来电来信告诉我们。",
    "联系电话：0799-2345678；邮政地址：青禾县文昌路18号县档案馆办公室（邮政编码：337999）。",
    "中共青禾县档案馆支部委员会",
    "2025年12月1日",
]
_CHINESE = "一二三四五六七八九十"

LEDGER_TITLE = "青禾县供销社关于县委第一巡察组反馈问题整改台账"
LEDGER_LINES = ["填报单位：青禾县供销社　　　填报日期：2025年9月15日"]
HEADER = [
    ("序号", 1),
    ("巡察反馈的具体问题", 1),
    ("整改措施", 1),
    ("责任分工", 3),
    ("完成时限", 1),
    ("整改进展情况", 1),
]
SUBHEADER = ["责任领导", "责任科室", "责任人"]
# A text is a category; a problem has its number, its text, the one who leads, the office, and its
# measures with person, deadline and progress of each.
LEDGER = [
    "一、服务农户方面",
    (
        "1",
        "农资配送不及时",
        "方文",
        "业务股",
        [
            (
                "1.修订《农资配送管理办法》，明确配送时效。",
                "陆　遥",
                "2025年8月底前",
                "已印发办法。",
            ),
            (
                "2.增设村级配送点15个。",
                "秦朗",
                "2025年12月31日",
                "应设15个配送点，已建成11个，剩余4个正在选址。",
            ),
        ],
    ),
    (
        "2",
        "化肥价格公示不规范",
        "方文",
        "市场股",
        [
            (
                "一是统一公示牌样式。二是每周核对价格。",
                "魏然",
                "立行立改",
                "已完成整改。",
            )
        ],
    ),
    "二、资产管理方面",
    (
        "3",
        "门面出租合同到期未续签",
        "苏木",
        "财务股",
        [
            (
                "逐份清理出租合同，到期的重新招租，并把合同管理纳入年度考核，"
                "由财务股每季度向社务会报告一次合同履行和租金收缴情况。",
                "丁一\n冯远",
                "2025.10",
                "正在推进",
            )
        ],
    ),
    (
        "4",
        "闲置仓库底数不清",
        "苏木",
        "财务股",
        [
            (
                "1.实地丈量登记；2.建立电子台账。",
                "丁一",
                "长期坚持",
                "已完成登记，将长期坚持动态管理。",
            )
        ],
    ),
]


# -- notice ---------------------------------------------------------------------------------------


def numbered_notice() -> list[str]:
    """The lines of the notice with the numbers typed in; those of level 2 run on."""
    lines, counts = [], [0, 0, 0]
    for level, text in NOTICE:
        if level is None:
            lines.append(text)
            continue
        counts[level] += 1
        if level == 0:
            counts[1] = 0
        mark = (f"{_CHINESE[counts[0] - 1]}、", f"（{_CHINESE[counts[1] - 1]}）", f"{counts[2]}.")
        lines.append(mark[level] + text)
    return lines


def notice_docx() -> None:
    """No number is typed; a deletion, an insertion, hidden text, a content control and a box."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = [
        ("chineseCounting", "%1、", ""),
        ("chineseCountingThousand", "（%2）", ""),
        ("decimal", "%3.", '<w:lvlRestart w:val="0"/>'),
    ]
    abstract = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{restart}'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text, restart) in enumerate(levels)
    )
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">'
            f'<w:multiLevelType w:val="multilevel"/>{abstract}</w:abstractNum>'
        ),
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    section = document.sections[0]
    section.header.paragraphs[0].text = "青禾县档案馆文件"
    section.footer.paragraphs[0].text = "— 1 —"
    document.add_paragraph(TITLE)
    document.add_paragraph(OPENING)
    for level, text in NOTICE:
        paragraph = document.add_paragraph(text if level is None else "")
        if level is not None:
            paragraph._p.get_or_add_pPr().append(
                parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/>'
                    '<w:numId w:val="77"/></w:numPr>'
                )
            )
            for part in _tracked(text):
                paragraph._p.append(part)
    for line in CLOSING[:1]:
        document.add_paragraph(line)
    document.element.body.insert(-1, _in_box(CLOSING[1]))
    document.element.body.insert(-1, _in_control(CLOSING[2]))
    document.add_paragraph(CLOSING[3])
    document.save(FILES / "notice.docx")


def _tracked(text: str):
    """Runs that read `text` once all changes are accepted and hidden text is left out."""
    half = len(text) // 2
    who = 'w:id="1" w:author="校对" w:date="2025-11-30T09:00:00Z"'
    for xml in (
        f"<w:r {{ns}}><w:t>{text[:half]}</w:t></w:r>",
        f"<w:del {{ns}} {who}><w:r><w:delText>（删去的字）</w:delText></w:r></w:del>",
        f"<w:ins {{ns}} {who}><w:r><w:t>{text[half:]}</w:t></w:r></w:ins>",
        "<w:r {ns}><w:rPr><w:vanish/></w:rPr><w:t>隐藏的字</w:t></w:r>",
    ):
        yield parse_xml(xml.replace("{ns}", nsdecls("w")))


def _in_box(text: str):
    spaces = (
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    box = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    return parse_xml(
        f'<w:p {nsdecls("w")} {spaces}><w:r><mc:AlternateContent><mc:Choice Requires="wps">'
        f"<w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


def _in_control(text: str):
    return parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>"
    )


def notice_page() -> str:
    """A page of a government site: navigation, place, tools, footer, other articles."""
    body = "".join(f"<p>{html.escape(line)}</p>\n" for line in (*numbered_notice(), *CLOSING))
    menu = "".join(f'<li><a href="/{n}">{n}</a></li>' for n in ("首页", "机构", "公开", "互动"))
    others = "".join(
        f'<li><a href="/{n}">{n}年度工作会议召开，部署重点任务</a></li>' for n in range(2021, 2026)
    )
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">\n<html><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        f"<title>{TITLE}_青禾县人民政府</title><style>p{{text-indent:2em}}</style>"
        "<script>document.write('一、脚本里的问题')</script></head><body>"
        f'<div class="top-nav"><ul>{menu}</ul></div>'
        '<div class="crumb">当前位置：首页 &gt; 公开</div>'
        f'<div class="article"><h1>{TITLE}</h1>'
        "<div>发布时间：2025-12-02 10:20　来源：县档案馆　【字体：大 中 小】</div>"
        f'<div id="zoom"><p>{OPENING}</p>\n{body}</div>'
        '<p style="display:none">一、看不见的问题</p></div>'
        f'<div class="related"><h3>相关文章</h3><ul>{others}</ul></div>'
        '<div class="footer"><p>主办单位：青禾县人民政府办公室　联系电话：0799-1111111</p>'
        "<p>赣ICP备00000000号</p></div></body></html>"
    )


def notice_html() -> None:
    (FILES / "notice.html").write_bytes(notice_page().encode("gbk"))


def notice_mht() -> None:
    """What a browser saves as one file; the page is packed as base64 in the site's encoding."""
    page = base64.encodebytes(notice_page().encode("gbk")).decode()
    (FILES / "notice.mht").write_bytes(
        (
            "From: <Saved by a browser>\r\nSubject: notice\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/related; type="text/html"; boundary="=_part"\r\n\r\n'
            "--=_part\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n"
            f"Content-Location: http://example.invalid/1.html\r\n\r\n{page}\r\n"
            "--=_part\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            "iVBORw0KGgo=\r\n--=_part--\r\n"
        ).encode()
    )


def notice_pdf() -> None:
    """Two pages with a running header and page numbers, paragraphs torn by the page break."""
    lines = "".join(f"<p>{line}</p>" for line in (OPENING, *numbered_notice(), *CLOSING))
    _print(
        "notice.pdf",
        "@page{size:A5;margin:22mm 18mm} p{font-size:15pt;line-height:26pt;margin:0;"
        "text-indent:2em;text-align:justify} h1{font-size:18pt;font-weight:400;text-align:center}",
        f"<h1>{TITLE}</h1>{lines}",
        with_header=True,
    )


# -- ledger ---------------------------------------------------------------------------------------


def ledger_rows():
    """Yield the rows as lists of (rows covered, columns covered, text), as HTML writes them."""
    yield [(1 if across > 1 else 2, across, text) for text, across in HEADER]
    yield [(1, 1, text) for text in SUBHEADER]
    for item in LEDGER:
        if isinstance(item, str):
            yield [(1, 8, item)]
            continue
        number, problem, leader, office, measures = item
        for n, (measure, person, deadline, progress) in enumerate(measures):
            shared = [(len(measures), 1, text) for text in (number, problem)]
            led = [(len(measures), 1, text) for text in (leader, office)]
            own = [(1, 1, text) for text in (person, deadline, progress)]
            yield [*shared, (1, 1, measure), *led, *own] if n == 0 else [(1, 1, measure), *own]


def ledger_table() -> str:
    rows = []
    for row in ledger_rows():
        cells = "".join(
            f'<td rowspan="{down}" colspan="{across}">{text.replace(chr(10), "<br>")}</td>'
            for down, across, text in row
        )
        rows.append(f"<tr>{cells}</tr>")
    return f"<table border='1'><thead>{''.join(rows[:2])}</thead>{''.join(rows[2:])}</table>"


def ledger_html() -> None:
    lines = "".join(f"<p>{line}</p>" for line in LEDGER_LINES)
    (FILES / "ledger.html").write_text(
        f"<html><head><meta charset='utf-8'></head><body><table><tr><td><h2>{LEDGER_TITLE}</h2>"
        f"{lines}{ledger_table()}</td></tr></table></body></html>",
        encoding="utf-8",
    )


def ledger_pdf() -> None:
    """Several pages, so that rows are torn and the header is repeated."""
    lines = "".join(f"<p>{line}</p>" for line in LEDGER_LINES)
    _print(
        "ledger.pdf",
        "@page{size:210mm 92mm;margin:10mm} table{border-collapse:collapse;width:100%}"
        "td{border:1px solid #000;font-size:10pt;padding:2pt 4pt;line-height:16pt}"
        "td:nth-last-child(3){min-width:4em}"
        "h2{font-size:15pt;font-weight:400;text-align:center} p{font-size:11pt}",
        f"<h2>{LEDGER_TITLE}</h2>{lines}{ledger_table()}",
    )


def _placed():
    """Yield (row, column, rows, columns, text) with the columns that merged cells leave free."""
    taken = set()
    for n, row in enumerate(ledger_rows()):
        column = 0
        for down, across, text in row:
            while (n, column) in taken:
                column += 1
            yield n, column, down, across, text
            taken |= {(n + i, column + j) for i in range(down) for j in range(across)}


def ledger_docx() -> None:
    document = docx.Document()
    document.add_paragraph(LEDGER_TITLE)
    for line in LEDGER_LINES:
        document.add_paragraph(line)
    placed = list(_placed())
    table = document.add_table(max(n + down for n, _, down, *_ in placed), 8)
    for row, column, down, across, text in placed:
        first, last = table.cell(row, column), table.cell(row + down - 1, column + across - 1)
        first.merge(last).text = text
    document.save(FILES / "ledger.docx")


def ledger_xlsx() -> None:
    """Title and unit are rows of the sheet; a hidden sheet holds an old version."""
    book = Workbook()
    sheet = book.active
    sheet.append([LEDGER_TITLE])
    sheet.merge_cells("A1:H1")
    sheet.append(LEDGER_LINES)
    for row, column, down, across, text in _placed():
        value = int(text) if text.isdecimal() else text
        cell = sheet.cell(row + 3, column + 1, value)
        cell.alignment = Alignment(wrap_text=True)
        if down * across > 1:
            sheet.merge_cells(
                start_row=row + 3,
                start_column=column + 1,
                end_row=row + 2 + down,
                end_column=column + across,
            )
    old = book.create_sheet("旧稿")
    old.append(["序号", "反馈问题", "整改措施"])
    old.append([1, "作废的问题", "作废的措施"])
    old.sheet_state = "hidden"
    book.save(FILES / "ledger.xlsx")


def _print(name: str, style: str, body: str, *, with_header: bool = False) -> None:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(
            f"<html><head><meta charset='utf-8'><title>整改情况</title><style>body{{margin:0;"
            f"font-family:'Noto Sans CJK SC'}}{style}</style></head><body>{body}</body></html>",
            encoding="utf-8",
        )
        options = [] if with_header else ["--no-pdf-header-footer"]
        subprocess.run(
            [
                *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", *options),
                *(f"--print-to-pdf={FILES / name}", page.as_uri()),
            ],
            check=True,
            capture_output=True,
        )


if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for make in (notice_docx, notice_html, notice_mht, ledger_html, ledger_docx, ledger_xlsx):
        make()
    # With a browser's date in each of them, these differ at every run.
    if "--with-pdf" in sys.argv:
        notice_pdf()
        ledger_pdf()
