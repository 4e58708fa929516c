from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from tracker import findings
from tracker.choices import (
    Claim,
    Decision,
    DraftStatus,
    DueBasis,
    FindingKind,
    InspectionKind,
    Kind,
)
from tracker.models.bulletin import Bulletin, SourceFile
from tracker.models.finding import FindingFields
from tracker.models.inspection import Inspection, Round
from tracker.models.unit import Unit

if TYPE_CHECKING:
    from tracker.models.person import Person


class DraftQuerySet(models.QuerySet["Draft"]):
    def open(self) -> Self:
        return self.filter(status=DraftStatus.OPEN)

    def discarded(self) -> Self:
        return self.filter(status=DraftStatus.DISCARDED)

    def of(self, person: "Person") -> Self:
        """A draft belongs to who uploaded the file, so that two people never edit the same one."""
        return self.filter(by=person)


class Draft(models.Model):
    """What was read from one file and is being put right by one operator, before any ticket.

    `read` is what the reader found and never changes; the fields beside it and the problems
    below it start from it and are edited. A discarded draft stays as a record.
    """

    source = models.ForeignKey(
        SourceFile, models.PROTECT, related_name="drafts", verbose_name="原始文件"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="drafts", verbose_name="校对人"
    )
    text = models.TextField("全文", editable=False)
    read = models.JSONField("识别结果", default=dict, editable=False)
    status = models.CharField(
        "状态", max_length=10, choices=DraftStatus, default=DraftStatus.OPEN, editable=False
    )
    bulletin = models.OneToOneField(
        Bulletin,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="draft",
        verbose_name="通报",
    )

    title = models.CharField("标题", max_length=300, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="被巡察单位"
    )
    unit_text = models.CharField("被巡察单位（原文）", max_length=200, blank=True)
    inspecting_body = models.CharField("巡视巡察机构", max_length=100, blank=True)
    kind = models.CharField("类型", max_length=12, choices=InspectionKind, blank=True)
    round = models.ForeignKey(
        Round, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="轮次"
    )
    feedback_on = models.DateField("反馈日期", null=True, blank=True)
    started_on = models.DateField("进驻日期", null=True, blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    signed_on = models.DateField("落款日期", null=True, blank=True)
    publicity_from = models.DateField("公开期限起", null=True, blank=True)
    publicity_to = models.DateField("公开期限止", null=True, blank=True)
    phone = models.CharField("电话", max_length=50, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    postcode = models.CharField("邮编", max_length=10, blank=True)
    email = models.CharField("电子邮箱", max_length=100, blank=True)
    stated_aspects = models.PositiveIntegerField("文中称方面数", null=True, blank=True)
    stated_categories = models.PositiveIntegerField("文中称大类数", null=True, blank=True)
    stated_problems = models.PositiveIntegerField("文中称问题数", null=True, blank=True)
    stated_measures = models.PositiveIntegerField("文中称措施数", null=True, blank=True)
    continues = models.ForeignKey(
        Inspection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="并入",
        help_text="这份通报说的是已登记的哪一次；不选则按单位、机构和反馈日期查找。",
    )
    is_another = models.BooleanField(
        "是另一次巡视巡察", default=False, help_text="与已登记的相近，但不是同一次。"
    )
    adopts_undecided = models.BooleanField(
        "未处理的按识别结果采用",
        default=True,
        help_text="称完成情况、写明的时限、可跟踪的数字、本次印发的文件；其余的核对后才采用。",
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("保存时间", auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = verbose_name_plural = "导入草稿"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "by"],
                condition=Q(status=DraftStatus.OPEN),
                name="draft_open_once_per_file_and_person",
                violation_error_message="这份文件已有您的草稿。",
            ),
            models.CheckConstraint(
                condition=Q(status=DraftStatus.IMPORTED, bulletin__isnull=False)
                | (~Q(status=DraftStatus.IMPORTED) & Q(bulletin__isnull=True)),
                name="draft_has_bulletin_iff_imported",
                violation_error_message="只有已入库的草稿才有通报。",
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True)
                | Q(ended_on__isnull=True)
                | Q(ended_on__gte=models.F("started_on")),
                name="draft_ends_after_start",
                violation_error_message="结束日期不能早于进驻日期。",
            ),
            models.CheckConstraint(
                condition=Q(publicity_from__isnull=True)
                | Q(publicity_to__isnull=True)
                | Q(publicity_to__gte=models.F("publicity_from")),
                name="draft_publicity_in_order",
                violation_error_message="公开期限的止日不能早于起日。",
            ),
        ]

    def __str__(self):
        return self.title or self.source.name

    @property
    def is_open(self) -> bool:
        return self.status == DraftStatus.OPEN

    @property
    def inspection(self) -> Inspection | None:
        """The registered inspection that this bulletin is about, if it is one (one query)."""
        return (
            self.continues
            or Inspection.objects.filter(
                unit=self.unit, inspecting_body=self.inspecting_body, feedback_on=self.feedback_on
            ).first()
        )

    @property
    def inspections_alike(self) -> models.QuerySet[Inspection]:
        """Inspections of the unit that may be the same, told otherwise: one fact of two agrees."""
        return Inspection.objects.filter(
            Q(inspecting_body=self.inspecting_body) | Q(feedback_on=self.feedback_on),
            unit=self.unit,
        )

    @property
    def focus_ends_on(self) -> date | None:
        """The deadline of problems that state none, once the feedback and the round are known."""
        if self.feedback_on is None or self.round is None:
            return None
        return Inspection(round=self.round, feedback_on=self.feedback_on).focus_ends_on


class DraftProblem(models.Model):
    """One problem of a draft: a row of the review page, later a ticket.

    `keys` are the reader's handles of the problems it is made of: one, until the operator merges
    some; both parts of a split problem hold the same. Measures stay in the reader's form (see
    `ParsedProblem.as_json`); all else that the text says of it are its findings.
    """

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="problems", verbose_name="草稿")
    order = models.PositiveIntegerField("顺序")
    keys = models.JSONField("识别键", default=list)
    path = models.JSONField("标题链", default=list)
    printed_number = models.CharField("原文序号", max_length=20, blank=True)
    title = models.CharField("问题", max_length=300)
    problem = models.TextField("问题原文")
    source_start = models.PositiveIntegerField("原文起")
    source_end = models.PositiveIntegerField("原文止")
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="责任领导",
    )
    leader_text = models.CharField("责任领导（原文）", max_length=100, blank=True)
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="牵头单位"
    )
    lead_unit_text = models.CharField("牵头单位（原文）", max_length=100, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="责任人",
    )
    person_text = models.CharField("责任人（原文）", max_length=100, blank=True)
    kind = models.CharField("整改类型", max_length=12, choices=Kind, blank=True)
    due_on = models.DateField("整改时限", null=True, blank=True)
    due_basis = models.CharField(
        "时限来源", max_length=8, choices=DueBasis, default=DueBasis.DERIVED
    )
    measures = models.JSONField("措施", default=list)
    is_excluded = models.BooleanField("不导入", default=False)
    # Which ticket of an earlier bulletin this is, where the operator has said so: none is new.
    match_is_decided = models.BooleanField("已选定对应问题", default=False)
    ticket = models.ForeignKey(
        "tracker.Ticket",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="对应问题",
    )
    takes_progress = models.BooleanField("记为进展", default=True)

    class Meta:
        ordering = ["draft", "order", "pk"]
        verbose_name = verbose_name_plural = "草稿问题"
        constraints = [
            models.CheckConstraint(
                condition=Q(source_end__gt=models.F("source_start")),
                name="draftproblem_span_in_order",
                violation_error_message="原文位置的止必须大于起。",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, due_basis=DueBasis.DERIVED)
                | (Q(due_on__isnull=False) & ~Q(due_basis=DueBasis.DERIVED)),
                name="draftproblem_derived_iff_no_date",
                violation_error_message="没有写明或指定时限的，按推定处理。",
            ),
            models.CheckConstraint(
                condition=Q(ticket__isnull=True) | Q(match_is_decided=True),
                name="draftproblem_ticket_only_if_decided",
                violation_error_message="选定后才有对应问题。",
            ),
        ]

    def __str__(self):
        return f"{self.printed_number}　{self.title}"

    # -- what follows from the findings, which pages and imports prefetch -------------------------

    @property
    def adopted(self) -> list["DraftFinding"]:
        """The findings that an import would write to the ticket."""
        undecided = self.draft.adopts_undecided
        return [each for each in self.findings.all() if each.is_adopted(undecided)]

    def adopted_of(self, kind: FindingKind) -> list["DraftFinding"]:
        return [each for each in self.adopted if each.kind == kind]

    @property
    def _joint_claim(self) -> "tuple[Claim, str]":
        """The whole is claimed done only if each part is; else what is said of a part not done."""
        claims = self.adopted_of(FindingKind.CLAIM)
        statuses = [Claim(each.value["status"]) for each in claims]
        for status, each in zip(statuses, claims, strict=True):
            if status != Claim.DONE:
                return status, each.quote
        if not claims or len(claims) < len(self.keys):
            return Claim.NOT_STATED, ""
        return Claim.DONE, "；".join(dict.fromkeys(each.quote for each in claims))

    @property
    def claim(self) -> Claim:
        return self._joint_claim[0]

    @property
    def claim_quote(self) -> str:
        return self._joint_claim[1]

    def get_claim_display(self) -> str:
        return str(self.claim.label)

    @property
    def as_progress(self) -> str:
        """What the text says has been done, as a report of progress."""
        words = [measure["text"] for measure in self.measures]
        quote = self.claim_quote
        if quote and not any(quote in said for said in words):
            words.append(quote)
        return "\n".join(words)

    @property
    def stated_due_on(self) -> date | None:
        """The latest day by which the text promises completion: until then it is not all done."""
        days = [
            each.value["date"]
            for each in self.findings.all()
            if each.kind == FindingKind.DEADLINE
            and each.decision != Decision.DISCARDED
            and findings.is_core(each.kind, each.value)
        ]
        return date.fromisoformat(max(days)) if days else None


class DraftFinding(FindingFields):
    """识别项: one thing that was read of a problem, until somebody accepts or corrects it."""

    problem = models.ForeignKey(
        DraftProblem, models.CASCADE, related_name="findings", verbose_name="草稿问题"
    )

    class Meta(FindingFields.Meta):
        ordering = ["problem", "pk"]
        verbose_name = verbose_name_plural = "识别项"

    def is_adopted(self, undecided: bool) -> bool:
        """Whether an import takes it; `undecided` says that what is core counts as accepted."""
        if self.decision == Decision.PENDING:
            return undecided and findings.is_core(self.kind, self.value)
        return self.decision != Decision.DISCARDED

    @property
    def is_pending(self) -> bool:
        return self.decision == Decision.PENDING

    @property
    def is_core(self) -> bool:
        return findings.is_core(self.kind, self.value)
