"""进展填报: what a unit reports of its ticket, and what is said of that."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import timezone

from tracker import notices, workflow
from tracker.because import because
from tracker.choices import NoticeKind, ReportResult
from tracker.models.measure import Indicator, Measure
from tracker.models.progress import Figure, Progress, Verdict
from tracker.periods import Period, period_of
from tracker.workflow import MoveRefused

if TYPE_CHECKING:
    from tracker.evidence.receiving import Incoming
    from tracker.models.bulletin import Bulletin
    from tracker.models.person import Person
    from tracker.models.ticket import Ticket

# What an indicator stands at: so many done, of so many.
Figures = Mapping[Indicator, tuple[Decimal | None, Decimal | None]]


class Reported(models.Model):
    """How progress is reported on a ticket and judged, which `Ticket` inherits."""

    class Meta:
        abstract = True

    def period_on(self: "Ticket", day: date) -> Period:
        """The reporting period of a day, as the round of this ticket counts."""
        return period_of(day, self.inspection.round.reporting_period)

    def last_report(self: "Ticket") -> Progress | None:
        """The unit's newest report that holds: what the next one is compared with."""
        return self.progress.that_hold().select_related("by").first()

    def report_to_redo(self: "Ticket") -> Progress | None:
        """The newest report that was returned and that nobody has made good yet."""
        redo = self.progress.to_redo().select_related("by")
        return redo.prefetch_related("verdicts__by").first()

    def report(
        self: "Ticket",
        *,
        by: "Person",
        text: str = "",
        version: int,
        percent: int | None = None,
        figures: Figures | None = None,
        measures_done: Collection[Measure] | None = None,
        difficulty: str = "",
        next_step: str = "",
        forecast_on: date | None = None,
        unchanged_why: str = "",
        corrects: Progress | None = None,
        files: Sequence["Incoming"] = (),
        make_key: bool = False,
    ) -> Progress:
        """Record one progress report with its figures and its evidence.

        `figures` maps an indicator of this ticket to its (done, total) as of now; only what
        differs is recorded. `measures_done`, if given, is the whole set of finished measures.
        With `unchanged_why` there is no text, and what is not given is carried over from the last
        report. A report that `corrects` another belongs to the period of that one. The draft of
        this person is gone afterwards. Raises TicketChanged or MoveRefused as `move` does.
        """
        text, unchanged_why = text.strip(), unchanged_why.strip()
        with transaction.atomic(), because(by, "更正进展" if corrects else "填报进展"):
            self.hold(version)
            if reason := workflow.report_refusal(self.standing_of(by)):
                raise MoveRefused(reason)
            words = {
                "text": text,
                "difficulty": difficulty.strip(),
                "next_step": next_step.strip(),
                "forecast_on": forecast_on,
            }
            if unchanged_why:
                if text:
                    raise MoveRefused("勾选了“与上期相同”，就不再写本期进展；有变化请取消勾选。")
                last = self.last_report()
                if last is None:
                    raise MoveRefused("还没有上期进展，不能填“与上期相同”。")
                words = {name: said or getattr(last, name) for name, said in words.items()}
                percent = last.percent if percent is None else percent
            elif not text:
                raise MoveRefused("请填写进展。")
            if corrects is not None:
                self._check_correctable(corrects)
            period = self.period_on(timezone.localdate())
            self.save()
            progress = self.progress.create(
                ticket_version=self.version,
                by=by,
                percent=percent,
                period_key=corrects.period_key if corrects else period.key,
                unchanged_why=unchanged_why,
                corrects=corrects,
                **words,
            )
            self._record_figures(progress, figures or {})
            if measures_done is not None:
                self._finish_measures({m.pk for m in measures_done}, by)
            self._attach(files, by=by, progress=progress, make_key=make_key)
            self.report_drafts.filter(person=by).delete()
            return progress

    def judge(
        self: "Ticket",
        progress: Progress,
        result: ReportResult,
        *,
        by: "Person",
        reason: str = "",
        version: int,
    ) -> Verdict:
        """Accept a progress report, or return it with the reason.

        One that is returned stays on record and no longer counts as the period's report. Nobody
        judges their own. Raises TicketChanged or MoveRefused as `move` does.
        """
        reason = reason.strip()
        with transaction.atomic(), because(by, reason or "认可进展"):
            self.hold(version)
            if refusal := self.judge_refusal(progress, by):
                raise MoveRefused(refusal)
            if result == ReportResult.RETURNED and not reason:
                raise MoveRefused("请填写退回原因。")
            if progress.verdicts.filter(result=result).exists():
                raise MoveRefused("这次填报已经认可过。")
            self.save()
            if result == ReportResult.RETURNED:
                words = f"进展退回：{reason}"
                notices.tell([progress.by], NoticeKind.RETURNED, self, words, by=by)
            return self.verdicts.create(
                progress=progress,
                ticket_version=self.version,
                result=result,
                by=by,
                reason=reason,
            )

    def judge_refusal(self: "Ticket", progress: Progress, person: "Person") -> str:
        """Say why this person cannot accept or return this report now; empty means they can."""
        if refusal := workflow.judge_refusal(self.standing_of(person)):
            return refusal
        if progress.by_id == person.pk:
            return "填报人不能审阅自己填报的进展。"
        if not self.progress.that_hold().filter(pk=progress.pk).exists():
            return "这次填报已被退回或更正，不再审阅。"
        return ""

    def record_bulletin(
        self: "Ticket",
        bulletin: "Bulletin",
        *,
        by: "Person",
        text: str,
        version: int,
        figures: Figures | None = None,
    ) -> Progress:
        """Record what a later bulletin says of this ticket as progress; its status stays.

        It counts as no report of the unit. Raises TicketChanged, or MoveRefused if it is closed.
        """
        with transaction.atomic(), because(by, f"通报所写进展：{bulletin}"):
            self.hold(version)
            if not self.is_open:
                raise MoveRefused("已销号的问题已锁定，不能修改。")
            self.save()
            progress = self.progress.create(
                ticket_version=self.version, by=by, text=text, bulletin=bulletin
            )
            self._record_figures(progress, figures or {})
            return progress

    # -- how they do it -------------------------------------------------------------------------

    def _check_correctable(self: "Ticket", report: Progress) -> None:
        if report.ticket_id != self.pk or report.bulletin_id:
            raise MoveRefused("只能更正本问题的填报。")
        if Progress.objects.filter(corrects=report).exists():
            raise MoveRefused("这次填报已经更正过，请更正最新的一次。")

    def _record_figures(self: "Ticket", progress: Progress, figures: Figures) -> None:
        for indicator, (done, total) in figures.items():
            if (done, total) == (indicator.done, indicator.total):
                continue
            Figure.objects.create(
                progress=progress,
                indicator=indicator,
                old_done=indicator.done,
                done=done,
                old_total=indicator.total,
                total=total,
            )
            indicator.done, indicator.total = done, total
            indicator.save(update_fields=["done", "total"])

    def _finish_measures(self: "Ticket", done: set[int], by: "Person") -> None:
        for measure in self.measures.all():
            is_done = measure.pk in done
            if is_done == (measure.done_on is not None):
                continue
            measure.done_on = timezone.localdate() if is_done else None
            measure.save(update_fields=["done_on"])
            words = ("未完成", "已完成") if is_done else ("已完成", "未完成")
            self.record_change(measure.label, *words, by=by, why="填报进展")
