"""What a reader found in a bulletin: frozen records, each with its place in the text.

Every Span counts characters of ParsedBulletin.text (the decoded file with its newlines made
"\\n"), start included, end excluded, so `text[span.start : span.end]` is what was printed.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

Status = Literal["done", "in_progress", "long_term", "not_stated"]
Severity = Literal["must", "hint"]


class BulletinUnreadable(Exception):
    """The file cannot become a draft; `message` tells the operator what was found and what to do.

    `code` is one of empty, binary, too_large, undecodable, no_problem, legacy (an old office
    file), encrypted, scanned (pictures only), broken, hostile (made to do harm), timeout, memory.
    """

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int

    def as_json(self) -> list[int]:
        return [self.start, self.end]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file, without its newline; `number` counts from 1."""

    number: int
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered (or bracketed) heading above one or more problems.

    `depth` is 1 for the outermost heading of the problem section; `text` is number and title as
    printed, closing 。 dropped, the form in which it appears in ParsedProblem.path.
    """

    depth: int
    number: str
    value: int
    title: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the reader was unsure of; `span` is None when it concerns the whole bulletin."""

    code: str
    message: str
    span: Span | None = None
    severity: Severity = "hint"


@dataclass(frozen=True, slots=True)
class Remainder:
    """Text of the problem section that ended up in no problem and is no heading."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class ParsedMeasure:
    """One measure; `number` is None where the whole text of a problem is its only measure.

    `owner` is who answers for this measure alone, where the bulletin prints it behind the measure.
    """

    number: str | None
    text: str
    span: Span
    owner: "Owner | None" = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What the problem's own text says about its state, and the words that say it."""

    status: Status = "not_stated"
    secondary: Status | None = None
    quote: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date the text promises; `on` is None where the words cannot be dated.

    `forecast` marks 预计 and the like: what is expected, not undertaken. `type` is completion
    (work will be finished), start (works begin) or plan (a year's plan).
    """

    on: date | None
    type: Literal["completion", "start", "plan"]
    quote: str
    span: Span
    forecast: bool = False


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure the text prints; nothing is computed, so any of the four numbers may be None.

    `rate` is kept as printed, with its sign (it may pass 100 %); `approx` marks 近, 余, 约, 多.
    `tier` is core for the thing to be put right, outcome for a change in the world, weak else.
    `as_of_on` is the day that 截至… names.
    """

    label: str
    unit: str
    done: float | None
    total: float | None
    remaining: float | None
    rate: str | None
    approx: bool
    tier: Literal["core", "outcome", "weak"]
    quote: str
    span: Span
    as_of_on: date | None = None

    def as_json(self) -> dict:
        figure = asdict(self) | {"span": self.span.as_json()}
        as_of_on = figure.pop("as_of_on")
        return figure | {"as_of": as_of_on and as_of_on.isoformat()}


@dataclass(frozen=True, slots=True)
class Document:
    """A document named 《…》, brackets included.

    `role` is issued for one that the unit made itself (印发, 制定, 修订 …), cited for any other;
    `quote` is the clause that names it first.
    """

    title: str
    span: Span
    role: Literal["issued", "cited"] = "cited"
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of the text that a person should see, with their place."""

    quote: str
    span: Span

    def as_json(self) -> dict:
        return {"quote": self.quote, "span": self.span.as_json()}


@dataclass(frozen=True, slots=True)
class Flag:
    """A word that says how a problem is handled: 立行立改, 长期坚持 or 硬骨头."""

    name: str
    quote: str
    span: Span

    def as_json(self) -> dict:
        return {"name": self.name, "quote": self.quote, "span": self.span.as_json()}


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for a problem, as printed; several names stay one text."""

    leader: str | None = None
    unit: str | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedProblem:
    """One problem of the bulletin.

    `key` is a handle unique in the bulletin and stable as long as its numbering is; `number` is
    as printed, `number_value` its integer. `span` runs from the number to the end of the text,
    `body_span` covers the text without number and title (None where there is none).
    """

    key: str
    path: tuple[str, ...]
    number: str
    number_value: int
    title: str
    title_core: str
    span: Span
    body_span: Span | None
    lead_in: str | None
    measures: tuple[ParsedMeasure, ...]
    closing_statement: str | None
    claim: Claim
    deadlines: tuple[Deadline, ...]
    indicators: tuple[Indicator, ...]
    documents: tuple[Document, ...]
    owner: Owner
    kind_hint: Literal["立行立改", "长期坚持"] | None
    source_lines: tuple[int, int]
    #: What stands in the way: 待 … 批准, 受客观原因限制.
    blockers: tuple[Excerpt, ...] = ()
    #: Promises without a date: 尽快, 近期, 待 … 后.
    promises: tuple[Excerpt, ...] = ()
    flags: tuple[Flag, ...] = ()

    def as_json(self) -> dict:
        claim = self.claim
        return {
            "key": self.key,
            "path": list(self.path),
            "number": self.number,
            "number_value": self.number_value,
            "title": self.title,
            "title_core": self.title_core,
            "span": self.span.as_json(),
            "body_span": self.body_span and self.body_span.as_json(),
            "lead_in": self.lead_in,
            "measures": [
                {
                    "number": m.number,
                    "text": m.text,
                    "text_start": m.text[:25],
                    "text_end": m.text[-15:],
                    "span": m.span.as_json(),
                    "owner": m.owner and asdict(m.owner),
                }
                for m in self.measures
            ],
            "closing_statement": self.closing_statement,
            "status": claim.status,
            "status_secondary": claim.secondary,
            "status_evidence": claim.quote,
            "status_span": claim.span and claim.span.as_json(),
            "deadlines": [
                {
                    "date": d.on and d.on.isoformat(),
                    "type": d.type,
                    "quote": d.quote,
                    "span": d.span.as_json(),
                    "forecast": d.forecast,
                }
                for d in self.deadlines
            ],
            "indicators": [i.as_json() for i in self.indicators],
            "documents": [d.title for d in self.documents],
            "document_spans": [d.span.as_json() for d in self.documents],
            "document_items": [asdict(d) | {"span": d.span.as_json()} for d in self.documents],
            "blockers": [b.as_json() for b in self.blockers],
            "promises": [p.as_json() for p in self.promises],
            "flags": [f.as_json() for f in self.flags],
            "owner": asdict(self.owner),
            "kind_hint": self.kind_hint,
            "source_lines": list(self.source_lines),
        }


@dataclass(frozen=True, slots=True)
class Contact:
    phone: str | None = None
    address: str | None = None
    postcode: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class StatedCounts:
    """Counts the bulletin states of itself; None where it states none."""

    aspects: int | None = None
    categories: int | None = None
    problems: int | None = None
    measures: int | None = None

    def as_json(self) -> dict[str, int]:
        return {name: count for name, count in asdict(self).items() if count is not None}


@dataclass(frozen=True, slots=True)
class StatedResult:
    """A result that the bulletin states of itself as a whole: 处分3人, 完成率94.6%.

    `name` is one of done, in_progress, rate, rules (制度), recovered (money), punished,
    admonished, talked_to; `label` says it in Chinese.
    """

    name: str
    label: str
    value: float
    unit: str
    quote: str
    span: Span

    def as_json(self) -> dict:
        return asdict(self) | {"span": self.span.as_json()}


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the bulletin tells about itself before and after its problems.

    `published_on` is the date of the web page where one is printed, else the signature's date.
    """

    title: str | None = None
    inspected_unit: str | None = None
    inspecting_body: str | None = None
    inspection_kind: str | None = None
    inspection_round: str | None = None
    inspection_start_on: date | None = None
    inspection_end_on: date | None = None
    #: 2023年3月至5月, where no days are printed.
    inspection_months: str | None = None
    feedback_on: date | None = None
    published_on: date | None = None
    signed_on: date | None = None
    publicity_start_on: date | None = None
    publicity_end_on: date | None = None
    stated_counts: StatedCounts = StatedCounts()
    stated_results: tuple[StatedResult, ...] = ()
    contact: Contact = Contact()
    overall_claim: Claim = Claim()

    def as_json(self) -> dict:
        def iso(day: date | None) -> str | None:
            return day and day.isoformat()

        claim = self.overall_claim
        return {
            "title": self.title,
            "inspected_unit": self.inspected_unit,
            "inspecting_body": self.inspecting_body,
            "inspection_kind": self.inspection_kind,
            "inspection_round": self.inspection_round,
            "inspection_start": iso(self.inspection_start_on),
            "inspection_end": iso(self.inspection_end_on),
            "inspection_months": self.inspection_months,
            "feedback_date": iso(self.feedback_on),
            "published_date": iso(self.published_on),
            "signed_date": iso(self.signed_on),
            "publicity_start": iso(self.publicity_start_on),
            "publicity_end": iso(self.publicity_end_on),
            "stated_counts": self.stated_counts.as_json(),
            "stated_results": [result.as_json() for result in self.stated_results],
            "contact": asdict(self.contact),
            "overall_claim": claim.quote
            and {
                "status": claim.status,
                "quote": claim.quote,
                "span": claim.span and claim.span.as_json(),
            },
        }


@dataclass(frozen=True, slots=True)
class ParsedBulletin:
    """Everything read from one bulletin.

    `problem_section` is the heading of the part that holds the problems (None if they start
    without one) and `section_span` that part; `remainder` lists what of it is in no problem.
    """

    text: str
    masthead: Masthead
    problem_section: str | None
    section_span: Span
    headings: tuple[Heading, ...]
    problems: tuple[ParsedProblem, ...]
    remarks: tuple[Remark, ...]
    remainder: tuple[Remainder, ...]

    @property
    def measure_count(self) -> int:
        return sum(len(p.measures) for p in self.problems)

    def as_json(self) -> dict:
        """Return the draft as plain data; every span is [start, end] in `text`."""
        return self.masthead.as_json() | {
            "text_length": len(self.text),
            "problem_section": self.problem_section,
            "section_span": self.section_span.as_json(),
            "leaf_count": len(self.problems),
            "measure_count": self.measure_count,
            "headings": [asdict(h) | {"span": h.span.as_json()} for h in self.headings],
            "problems": [p.as_json() for p in self.problems],
            "remarks": [asdict(r) | {"span": r.span and r.span.as_json()} for r in self.remarks],
            "remainder": [{"text": r.text, "span": r.span.as_json()} for r in self.remainder],
        }
