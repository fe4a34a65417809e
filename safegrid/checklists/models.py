from typing import Any

from django.db import models

from safegrid.library.models import Clause
from safegrid.shared.refusals import Refused


class ContentState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_REVIEW = "in_review", "审核中"
    PUBLISHED = "published", "已发布"
    RETIRED = "retired", "已停用"


FIXED = (ContentState.PUBLISHED, ContentState.RETIRED)


class Severity(models.TextChoices):
    GENERAL = "general", "一般"
    MAJOR = "major", "重大"


class Immutable(Refused):
    """A published version is never changed; a change is a new version."""

    def __init__(self) -> None:
        super().__init__("已发布的清单不能改。要改，另出一版")


class FixedQuerySet(models.QuerySet[Any]):
    """Content is written once; the ways around `save` are closed."""

    def update(self, **values: Any) -> int:
        raise Immutable

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable


class Checklist(models.Model):
    """One version of a list. Once published it and its items never change."""

    code = models.CharField("代码", max_length=30)
    version = models.CharField("版本", max_length=30)
    name = models.CharField("名称", max_length=60)
    state = models.CharField(max_length=12, choices=ContentState, default=ContentState.DRAFT)
    is_trial = models.BooleanField("试用稿", default=False)
    is_for_all = models.BooleanField("通用", default=False)
    places = models.JSONField("适用场所", default=list)
    industries = models.JSONField("适用行业", default=list)
    tags = models.JSONField("标签", default=list)
    lead_department = models.CharField("牵头部门", max_length=60, blank=True)
    co_departments = models.JSONField("配合部门", default=list)
    published_at = models.DateTimeField("发布", null=True, blank=True)
    retired_at = models.DateTimeField("停用", null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField("内容摘要", max_length=64)
    size: int  # its number of items, as `queries.published` counts them

    objects: Any = FixedQuerySet.as_manager()

    class Meta:
        ordering = ("order", "code")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="checklist_version_once"),
            models.UniqueConstraint(
                fields=("code",),
                condition=models.Q(state="published"),
                name="checklist_one_published",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.version}）"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change a version that has been published; only its state goes on."""
        self._keep_content()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return f"/checklists/{self.code}/"

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        keep(self.pk)
        return super().delete(*args, **kwargs)

    @property
    def is_fixed(self) -> bool:
        return self.state in FIXED

    @property
    def is_published(self) -> bool:
        return self.state == ContentState.PUBLISHED

    def _keep_content(self) -> None:
        stored = Checklist.objects.filter(pk=self.pk).first() if self.pk else None
        if stored is None or not stored.is_fixed:
            return
        if not self.is_fixed or any(getattr(stored, f) != getattr(self, f) for f in CONTENT):
            raise Immutable


CONTENT = (
    "code", "version", "name", "is_trial", "is_for_all", "places", "industries", "tags",
    "lead_department", "co_departments", "digest",
)  # fmt: skip


def keep(checklist: int) -> None:
    """Raise `Immutable` when the stored list is, or once was, in use."""
    if Checklist.objects.filter(pk=checklist, state__in=FIXED).exists():
        raise Immutable


class Item(models.Model):
    """A check item of one version: what to look at, how, what is wrong, how to put it right."""

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="items")
    code = models.CharField("代码", max_length=60)
    section = models.CharField("部分", max_length=40)
    point = models.CharField("看什么", max_length=120)
    how = models.TextField("怎么看")
    hazard = models.CharField("常见隐患", max_length=200)
    severity = models.CharField("级别", max_length=10, choices=Severity)
    criterion = models.TextField("判定条件", blank=True)
    criterion_document = models.CharField("判定标准", max_length=120, blank=True)
    criterion_article = models.CharField("判定条款", max_length=60, blank=True)
    criterion_clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="judged_items"
    )
    criterion_verified = models.BooleanField("判定条号已核对", default=False)
    rectify = models.TextField("怎么改")
    deadline_days = models.PositiveSmallIntegerField("整改天数")
    tags = models.JSONField("标签", default=list)
    photo_hint = models.CharField("怎么拍", max_length=200, blank=True)
    is_for_self_check = models.BooleanField("自查项", default=False)
    concept = models.CharField("概念", max_length=60, blank=True)
    words = models.TextField("检索词", blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects: Any = FixedQuerySet.as_manager()

    class Meta:
        ordering = ("checklist__order", "order")
        constraints = (
            models.UniqueConstraint(fields=("checklist", "code"), name="item_once_per_version"),
        )

    def __str__(self) -> str:
        return self.point

    def save(self, *args: Any, **kwargs: Any) -> None:
        keep(self.checklist_id)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its place in its own version, which stays readable when a newer one is published."""
        version = "" if self.checklist.is_published else f"?version={self.checklist.version}"
        return f"/checklists/{self.checklist.code}/{version}#{self.code}"

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        keep(self.checklist_id)
        return super().delete(*args, **kwargs)

    @property
    def may_be_major(self) -> bool:
        """Whether a body with the power may judge it major; the visitor never does."""
        return self.severity == Severity.MAJOR

    @property
    def criterion_may_be_cited(self) -> bool:
        clause = self.criterion_clause
        return self.criterion_verified and clause is not None and clause.may_be_cited

    @property
    def judged_by(self) -> str:
        """By what a major hazard is judged: the citation when verified, else only the name."""
        clause = self.criterion_clause
        if clause is not None and self.criterion_may_be_cited:
            return clause.citation
        return self.criterion_document


class ItemBasis(models.Model):
    """What an item rests on. Without a clause it is named but never cited."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="bases")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, related_name="items")
    document_name = models.CharField("文件", max_length=120)
    article = models.CharField("条款", max_length=60, blank=True)
    is_verified = models.BooleanField("已核对", default=False)
    order = models.PositiveSmallIntegerField(default=0)

    objects: Any = FixedQuerySet.as_manager()

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return f"{self.document_name}{self.article}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        keep(self.item.checklist_id)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        keep(self.item.checklist_id)
        return super().delete(*args, **kwargs)

    @property
    def may_be_cited(self) -> bool:
        return self.is_verified and self.clause is not None and self.clause.may_be_cited

    @property
    def citation(self) -> str:
        """The clause as cited on papers; "" when it may not be."""
        return self.clause.citation if self.may_be_cited and self.clause else ""

    @property
    def warning(self) -> str:
        """Why its document is no basis today; "" when it is one."""
        document = self.clause.document if self.clause else None
        return document.warning if document and not document.may_be_cited else ""
