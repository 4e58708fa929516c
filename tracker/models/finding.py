from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tracker import findings
from tracker.choices import Decision, FindingKind
from tracker.models.bulletin import Bulletin


class FindingFields(models.Model):
    """One thing that a bulletin says of a problem, with the words that say it and their place.

    `value` has the keys that `findings.KEYS` lists for its kind.
    """

    kind = models.CharField("种类", max_length=10, choices=FindingKind)
    value = models.JSONField("内容", default=dict)
    quote = models.TextField("原文", blank=True)
    source_start = models.PositiveIntegerField("原文起", null=True)
    source_end = models.PositiveIntegerField("原文止", null=True)
    decision = models.CharField("核对", max_length=10, choices=Decision, default=Decision.PENDING)
    # As read, where a person has corrected it.
    read_value = models.JSONField("识别为", null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=FindingKind.values), name="%(class)s_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(source_start__isnull=True, source_end__isnull=True)
                | Q(source_end__gt=F("source_start")),
                name="%(class)s_span_in_order",
                violation_error_message="原文位置的止必须大于起。",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.CORRECTED, read_value__isnull=False)
                | (~Q(decision=Decision.CORRECTED) & Q(read_value__isnull=True)),
                name="%(class)s_read_value_iff_corrected",
                violation_error_message="更正过的才留有识别结果。",
            ),
        ]

    def __str__(self):
        return self.words

    @property
    def words(self) -> str:
        return findings.in_words(self.kind, self.value)

    @property
    def read_words(self) -> str:
        """What the reader had made of it, where a person has corrected that."""
        return findings.in_words(self.kind, self.read_value) if self.read_value else ""


class Finding(FindingFields):
    """通报所写: what a bulletin says of a ticket's problem, as it was adopted. Append-only.

    Nobody may have looked at it: `decision` is then pending, and the page says so.
    """

    ticket = models.ForeignKey(
        "tracker.Ticket", models.PROTECT, related_name="findings", verbose_name="问题"
    )
    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, related_name="findings", verbose_name="通报"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="采用人"
    )
    at = models.DateTimeField("采用时间", auto_now_add=True)

    class Meta(FindingFields.Meta):
        ordering = ["ticket", "pk"]
        verbose_name = verbose_name_plural = "通报所写"
        constraints = [
            *FindingFields.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(decision=Decision.DISCARDED),
                name="finding_is_not_discarded",
                violation_error_message="不采用的不写入问题。",
            ),
        ]
        indexes = [models.Index(fields=["ticket", "kind"], name="finding_by_ticket_kind")]
