from typing import Any

from django.db import models

from safegrid.checklists.models import Item
from safegrid.enterprises.models import Place
from safegrid.people.models import Organisation, User
from safegrid.shared import clock
from safegrid.shared.fields import CodeField
from safegrid.shared.ids import uuid7
from safegrid.shared.models import StoredFile, Versioned
from safegrid.shared.scope import Scope, ScopedQuerySet


class Kind(models.TextChoices):
    PATROL = "patrol", "走访"
    INSPECTION = "inspection", "检查"
    SELF_CHECK = "self_check", "自查"
    RECHECK = "recheck", "复查"
    EXPERT = "expert_service", "专家服务"


class State(models.TextChoices):
    DRAFT = "draft", "未提交"
    SUBMITTED = "submitted", "已提交，照片未齐"
    COMPLETE = "complete", "已提交"
    VOID = "void", "已作废"


class Cause(models.TextChoices):
    DAILY = "daily", "日常检查"
    REPORT = "report", "举报投诉"
    TRANSFER = "transfer", "转办交办"
    CLUE = "clue", "线索核实"
    MONITORING = "monitoring", "监测报警"
    ACCIDENT = "accident", "发生事故"


class Visit(Versioned):
    """One visit of one place. `digest` is the SHA-256 of what was submitted, for idempotence."""

    scope = Scope(
        area="area_code",
        industry="place__industry",
        department="authority_id",
        place="place_id",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField("编号", max_length=24, unique=True)
    kind = models.CharField("种类", max_length=16, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    place = models.ForeignKey(Place, models.PROTECT, related_name="visits", db_index=False)
    area_code = CodeField("属地代码", max_length=15)
    by = models.ForeignKey(User, models.PROTECT, related_name="visits", db_index=False)
    second = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    certificates = models.JSONField("执法证号", default=list, blank=True)
    authority = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="visits", db_index=False
    )
    basis = models.CharField("检查依据", max_length=200, blank=True)
    cause = models.CharField("事由", max_length=12, choices=Cause, blank=True)
    cause_note = models.CharField("事由说明", max_length=200, blank=True)
    counts_to_cap = models.BooleanField("占检查次数", default=False)
    year = models.PositiveSmallIntegerField("年度", default=0)
    started_at = models.DateTimeField("开始", default=clock.now)
    submitted_at = models.DateTimeField("提交", null=True, blank=True)
    duration = models.PositiveIntegerField("用时（秒）", default=0)
    lon = models.FloatField("经度", null=True, blank=True)
    lat = models.FloatField("纬度", null=True, blank=True)
    accuracy = models.FloatField("定位误差（米）", null=True, blank=True)
    distance = models.PositiveIntegerField("离场所（米）", null=True, blank=True)
    by_scan = models.BooleanField("扫码开始", default=False)
    note = models.TextField("说明", blank=True)
    passed = models.PositiveSmallIntegerField("没问题", default=0)
    problems = models.PositiveSmallIntegerField("有问题", default=0)
    skipped = models.PositiveSmallIntegerField("不适用", default=0)
    digest = models.CharField(max_length=64, blank=True)
    flags = models.JSONField("提示", default=list, blank=True)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at",)
        indexes = (
            models.Index(fields=("area_code", "-started_at"), name="visit_area_started"),
            models.Index(fields=("-started_at",), name="visit_started"),
            models.Index(fields=("place", "-started_at"), name="visit_place_started"),
            models.Index(fields=("by", "-started_at"), name="visit_by_started"),
            models.Index(fields=("authority", "year", "place"), name="visit_cap"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return f"/visits/{self.pk}/"


class Result(models.TextChoices):
    PASS = "pass", "没问题"
    PROBLEM = "problem", "有问题"
    NOT_APPLICABLE = "na", "不适用"


class VisitItem(models.Model):
    """An item put before the visitor, why it was chosen, and the answer when given."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="items", db_index=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False)
    order = models.PositiveSmallIntegerField()
    reason = models.CharField("为什么看", max_length=80)
    result = models.CharField(max_length=8, choices=Result, blank=True)
    note = models.TextField("情况", blank=True)
    spot = models.CharField("位置", max_length=60, blank=True)
    is_fixed = models.BooleanField("当场改好", default=False)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=("visit", "item"), name="visit_item_once"),)
        indexes = (models.Index(fields=("item", "result"), name="visit_item_result"),)

    def __str__(self) -> str:
        return f"{self.item} {self.get_result_display()}"


class VisitPhoto(models.Model):
    """A photo of a visit; promised by hash at submission, `file` filled when it has come."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    visit_item = models.ForeignKey(VisitItem, models.PROTECT, null=True, related_name="photos")
    sha256 = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    is_after = models.BooleanField("改后", default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return str(self.pk)
