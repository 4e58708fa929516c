import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracker.parsing import BulletinUnreadable, ParsedBulletin, parse
from tracker.parsing.records import ParsedProblem, Span

STATUS_LABELS = {
    "done": "称已完成",
    "in_progress": "称推进中",
    "long_term": "称长期坚持",
    "not_stated": "未说明",
}


class Command(BaseCommand):
    help = "Read one bulletin and print what it says. Needs no database and stores nothing."
    # The checks would ask for a database and for folders that a reader on a laptop lacks.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="Print all of it as JSON.")

    def handle(self, *, file: Path, **options):
        try:
            bulletin = parse(
                file.read_bytes(),
                name=file.name,
                today=timezone.localdate(),
                max_bytes=settings.TRACKER_MAX_BULLETIN_BYTES,
                converter=settings.TRACKER_CONVERTER,
            )
        except OSError as error:
            raise CommandError(f"打不开文件“{file}”：{error.strerror}。") from error
        except BulletinUnreadable as refusal:
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(bulletin.as_json(), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(_summary(bulletin)))


def _summary(bulletin: ParsedBulletin) -> Iterator[str]:
    masthead = bulletin.masthead
    yield masthead.title or "（没有标题）"
    yield f"  被巡察单位：{masthead.inspected_unit or '—'}"
    yield f"  巡察组：{masthead.inspecting_body or '—'}"
    yield f"  反馈日期：{masthead.feedback_on or '—'}　公布日期：{masthead.published_on or '—'}"
    yield f"  问题{len(bulletin.problems)}个，措施{bulletin.measure_count}条"
    yield ""
    above: tuple[str, ...] = ()
    for problem in bulletin.problems:
        for depth, heading in enumerate(problem.path):
            if problem.path[: depth + 1] != above[: depth + 1]:
                yield "  " * depth + heading
        above = problem.path
        yield from _problem_lines(problem)
    yield ""
    yield f"提醒{len(bulletin.remarks)}处"
    for remark in bulletin.remarks:
        yield f"  {_place(bulletin.text, remark.span)}{remark.message}"
    yield f"未归入任何问题的文字{len(bulletin.remainder)}处"
    for piece in bulletin.remainder:
        yield f"  {_place(bulletin.text, piece.span)}{' '.join(piece.text.split())[:80]}"


def _problem_lines(problem: ParsedProblem) -> Iterator[str]:
    indent = "  " * len(problem.path)
    lines = "第{}—{}行".format(*problem.source_lines)
    yield f"{indent}{problem.number} {problem.title}"
    yield (
        f"{indent}  措施{len(problem.measures)}条　{STATUS_LABELS[problem.claim.status]}　{lines}"
    )
    if problem.claim.quote:
        yield f"{indent}  依据：{problem.claim.quote}"
    owner = problem.owner
    if names := [name for name in (owner.leader, owner.unit, owner.person) if name]:
        yield f"{indent}  责任：{'、'.join(names)}"
    for deadline in problem.deadlines:
        yield f"{indent}  时限：{deadline.on or '未定'}（{deadline.quote}）"
    for figure in problem.indicators:
        yield f"{indent}  指标：{figure.quote}"


def _place(text: str, span: Span | None) -> str:
    return f"第{text.count(chr(10), 0, span.start) + 1}行：" if span else ""
