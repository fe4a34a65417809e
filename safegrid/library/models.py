import re
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from safegrid.shared import clock


class DocumentKind(models.TextChoices):
    LAW = "law", "法律"
    REGULATION = "regulation", "行政法规"
    RULE = "rule", "部门规章"
    REGULATORY_DOCUMENT = "regulatory_document", "规范性文件"
    STANDARD = "standard", "标准"
    LOCAL = "local", "地方规定"


class DocumentStatus(models.TextChoices):
    IN_FORCE = "in_force", "现行有效"
    PARTLY_OVERRIDDEN = "in_force_partly_overridden", "部分条款被取代"
    UNCONFIRMED = "in_force_unconfirmed", "效力待复核"
    SUPERSEDED = "superseded", "已被取代"
    NOT_YET = "not_yet_in_force", "尚未施行"
    DRAFT = "draft", "草案，不得作依据"


CITABLE = (DocumentStatus.IN_FORCE, DocumentStatus.PARTLY_OVERRIDDEN)
UNDATED = (DocumentStatus.UNCONFIRMED, DocumentStatus.DRAFT)

WARNINGS = {
    DocumentStatus.IN_FORCE: "",
    DocumentStatus.PARTLY_OVERRIDDEN: "部分条款已被取代，引用前看效力说明",
    DocumentStatus.UNCONFIRMED: "效力待复核，核对前不作依据",
    DocumentStatus.SUPERSEDED: "已被取代，不作依据",
    DocumentStatus.NOT_YET: "尚未施行，不作依据",
    DocumentStatus.DRAFT: "还是草案，不作依据",
}


class Edition(models.Model):
    """One loading of the regulations file; the newest is what the library holds."""

    digest = models.CharField("文件摘要", max_length=64)
    as_of = models.CharField("截至", max_length=10, blank=True)
    documents = models.PositiveIntegerField("文件数")
    clauses = models.PositiveIntegerField("条款数")
    loaded_at = models.DateTimeField("载入", default=clock.now)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.as_of}版"


class DocumentQuerySet(models.QuerySet["Document"]):
    def standing(self, status: str, on: date | None = None) -> "DocumentQuerySet":
        """The documents whose `standing` on that day is this one."""
        on = on or clock.today()
        if status in UNDATED:
            return self.filter(status=status)
        over = Q(superseded_on__lte=on) | Q(
            status=DocumentStatus.SUPERSEDED, superseded_on__isnull=True
        )
        early = Q(effective__gt=on) | Q(status=DocumentStatus.NOT_YET, effective__isnull=True)
        dated = self.exclude(status__in=UNDATED)
        if status == DocumentStatus.SUPERSEDED:
            return dated.filter(over)
        if status == DocumentStatus.NOT_YET:
            return dated.exclude(over).filter(early)
        partly = Q(status=DocumentStatus.PARTLY_OVERRIDDEN)
        current = dated.exclude(over).exclude(early)
        if status == DocumentStatus.PARTLY_OVERRIDDEN:
            return current.filter(partly)
        return current.exclude(partly)

    def in_force(self, on: date | None = None) -> "DocumentQuerySet":
        return self.standing(DocumentStatus.IN_FORCE, on) | self.standing(
            DocumentStatus.PARTLY_OVERRIDDEN, on
        )


class Document(models.Model):
    """A law, regulation, rule or standard in one edition."""

    code = models.CharField("代码", max_length=40, primary_key=True)
    title = models.CharField("标题", max_length=160)
    kind = models.CharField("种类", max_length=20, choices=DocumentKind)
    number = models.CharField("文号", max_length=120, blank=True)
    issuer = models.CharField("发布机关", max_length=120, blank=True)
    issued = models.CharField("发布", max_length=10, blank=True)  # ISO, as exact as known: 2025-01
    effective = models.DateField("施行", null=True, blank=True)
    status = models.CharField("登记的效力", max_length=30, choices=DocumentStatus)
    status_note = models.TextField("效力说明", blank=True)
    keywords = models.JSONField("关键词", default=list)
    official_url = models.URLField("官方页面", max_length=300, blank=True)
    is_verified = models.BooleanField("已核对", default=False)
    superseded_by = models.CharField("取代者", max_length=40, blank=True)
    superseded_on = models.DateField("被取代", null=True, blank=True)
    words = models.TextField("检索词", blank=True)
    order = models.PositiveIntegerField(default=0)

    objects: Any = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/library/{self.code}/"

    def standing(self, on: date | None = None) -> DocumentStatus:
        """Its force on a day: the registered status, moved on by the dates."""
        on, status = on or clock.today(), DocumentStatus(self.status)
        if status in UNDATED:
            return status
        if self._is_over(on):
            return DocumentStatus.SUPERSEDED
        if self._is_early(on):
            return DocumentStatus.NOT_YET
        if status == DocumentStatus.PARTLY_OVERRIDDEN:
            return status
        return DocumentStatus.IN_FORCE

    def _is_over(self, on: date) -> bool:
        if self.superseded_on:
            return self.superseded_on <= on
        return self.status == DocumentStatus.SUPERSEDED

    def _is_early(self, on: date) -> bool:
        if self.effective:
            return self.effective > on
        return self.status == DocumentStatus.NOT_YET

    @property
    def may_be_cited(self) -> bool:
        """Whether its verified clauses may stand on a paper today."""
        return self.standing() in CITABLE

    @property
    def is_superseded(self) -> bool:
        return self.standing() == DocumentStatus.SUPERSEDED

    @property
    def warning(self) -> str:
        """Why to be careful with it today; "" when there is no reason."""
        return WARNINGS[self.standing()]

    @property
    def full_title(self) -> str:
        """《title》, and the number of a standard, by which everybody knows it."""
        number = f"（{self.number}）" if self.kind == DocumentKind.STANDARD and self.number else ""
        return f"《{self.title}》{number}"


class Clause(models.Model):
    """A clause: where it stands and what it says, in our own words."""

    code = models.CharField("代码", max_length=60, primary_key=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="clauses")
    article = models.CharField("条款", max_length=60, blank=True)
    summary = models.TextField("要点")
    obliges = models.CharField("约束谁", max_length=200, blank=True)
    penalty = models.TextField("罚则", blank=True)
    topics = models.JSONField("主题", default=list)
    is_verified = models.BooleanField("已核对", default=False)
    source = models.CharField("核对来源", max_length=300, blank=True)
    note = models.TextField("核对说明", blank=True)
    words = models.TextField("检索词", blank=True)
    order = models.PositiveIntegerField(default=0)

    objects: Any = models.Manager()

    class Meta:
        ordering = ("document__order", "order")

    def __str__(self) -> str:
        return f"{self.document}{self.article}"

    def get_absolute_url(self) -> str:
        return f"/library/{self.document_id}/#{self.code}"

    @property
    def may_be_cited(self) -> bool:
        """Only a verified clause of a document in force is shown as a citation."""
        return self.is_verified and bool(self.article) and self.document.may_be_cited

    @property
    def place(self) -> str:
        """Where it stands, as one says it: 第二十八条, 第6.1.1条, 第4.1条 a)."""
        numbered = re.fullmatch(r"(\d+(?:\.\d+)*)(.*)", self.article)
        return f"第{numbered[1]}条{numbered[2]}" if numbered else self.article

    @property
    def citation(self) -> str:
        """《中华人民共和国消防法》第二十八条; "" when it may not be cited."""
        return f"{self.document.full_title}{self.place}" if self.may_be_cited else ""
