from datetime import date
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


class Severity(models.TextChoices):
    GENERAL = "general", "一般"
    SUSPECTED = "suspected", "疑似重大"
    MAJOR = "major", "重大"


class Origin(models.TextChoices):
    PATROL = "patrol", "走访"
    INSPECTION = "inspection", "检查"
    SELF_CHECK = "self_check", "自查"
    CLUE = "clue", "线索核实"
    PUBLIC = "public", "群众反映"
    RECHECK = "recheck", "复查"
    EXPERT = "expert_service", "专家服务"
    API = "api", "系统接入"


class ClueState(models.TextChoices):
    COLLECTED = "collected", "待受理"
    ACCEPTED = "accepted", "待分派"
    ASSIGNED = "assigned", "处置中"
    HANDLED = "handled", "待反馈"
    FED_BACK = "fed_back", "待核查"
    VERIFIED = "verified", "待结案"
    CLOSED = "closed", "已结案"
    DISMISSED = "dismissed", "不予受理"
    MERGED = "merged", "已合并"


class State(models.TextChoices):
    FOUND = "found", "待处理"
    ORDERED = "ordered", "整改中"
    REPAIRED = "repaired", "待核查"
    VERIFIED = "verified", "待复核销号"
    CLOSED = "closed", "已销号"
    VOID = "void", "已作废"


OPEN_STATES = (State.FOUND, State.ORDERED, State.REPAIRED, State.VERIFIED)
WAITING = (State.FOUND, State.ORDERED)  # somebody has to act before its day
OPEN_CLUES = (
    ClueState.COLLECTED,
    ClueState.ACCEPTED,
    ClueState.ASSIGNED,
    ClueState.HANDLED,
    ClueState.FED_BACK,
    ClueState.VERIFIED,
)


class Case(Versioned):
    """What clues and hazards share: where, what, which item, how bad, who has it now."""

    scope = Scope(
        area="area_code",
        industry="place__industry",
        department="department_id",
        place="place_id",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField("编号", max_length=24, unique=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="%(class)ss", db_index=False)
    area_code = CodeField("属地代码", max_length=15)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="%(class)ss")
    title = models.CharField("问题", max_length=200)
    note = models.TextField("情况", blank=True)
    spot = models.CharField("位置", max_length=60, blank=True)
    severity = models.CharField("级别", max_length=10, choices=Severity, default=Severity.GENERAL)
    department = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="%(class)ss", db_index=False
    )
    origin = models.CharField("来源", max_length=16, choices=Origin)
    origin_id = models.UUIDField(null=True, db_index=True)
    found_at = models.DateTimeField("发现", default=clock.now)
    found_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    due_on = models.DateField("期限", null=True, blank=True)
    escalation = models.PositiveSmallIntegerField("已上报到", default=0)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def level(self) -> str:
        """The danger colour of its severity."""
        return "yellow" if self.severity == Severity.GENERAL else "red"

    @property
    def ground(self) -> str:
        """庆兴社区01网格: the last two parts of the full name of its place's grid."""
        grid = self.place.grid
        return "".join(grid.full_name.split("·")[-2:]) if grid else "没有进网格"

    def days_left(self, on: date | None = None) -> int | None:
        return (self.due_on - (on or clock.today())).days if self.due_on else None


class Clue(Case):
    """What a grid worker or the public reports; a body with the power confirms it as hazard.

    Its scope has no place: an owner learns of what was confirmed, never of who reported what.
    """

    scope = Scope(area="area_code", industry="place__industry", department="department_id")

    state = models.CharField(max_length=12, choices=ClueState, default=ClueState.COLLECTED)
    hazard = models.OneToOneField(
        "Hazard", models.PROTECT, null=True, blank=True, related_name="clue"
    )
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    handled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome = models.TextField("处置结果", blank=True)

    class Meta:
        ordering = ("-found_at",)
        indexes = (
            models.Index(fields=("area_code", "state", "-found_at"), name="clue_area_state"),
            models.Index(fields=("department", "state"), name="clue_department"),
            models.Index(fields=("place", "-found_at"), name="clue_place"),
            models.Index(fields=("state", "due_on", "area_code"), name="clue_state_due"),
        )

    def get_absolute_url(self) -> str:
        return f"/clues/{self.pk}/"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CLUES

    @property
    def is_overdue(self) -> bool:
        return bool(self.is_open and self.due_on and self.due_on < clock.today())


class Hazard(Case):
    """A hazard from found to closed. Only the declared steps move it."""

    state = models.CharField(max_length=12, choices=State, default=State.FOUND)
    is_urged = models.BooleanField("督促（非责令）", default=False)
    demand = models.TextField("整改要求", blank=True)
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ordering_body = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField("下达", null=True, blank=True)
    repair_note = models.TextField("整改说明", blank=True)
    repaired_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    repaired_at = models.DateTimeField("交回", null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField("核查", null=True, blank=True)
    closed_at = models.DateTimeField("销号", null=True, blank=True)
    closed_on_spot = models.BooleanField("当场改好", default=False)
    extensions = models.PositiveSmallIntegerField("已延期次数", default=0)

    class Meta:
        ordering = ("-found_at",)
        indexes = (
            models.Index(fields=("area_code", "state", "due_on"), name="hazard_area_state_due"),
            models.Index(fields=("state", "due_on", "area_code"), name="hazard_state_due"),
            models.Index(fields=("department", "state", "due_on"), name="hazard_department"),
            models.Index(fields=("place", "state"), name="hazard_place"),
            models.Index(fields=("area_code", "-found_at"), name="hazard_area_found"),
            models.Index(fields=("state", "-closed_at"), name="hazard_state_closed"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(closed_at__isnull=False),
                name="hazard_closed_has_time",
            ),
        )

    def get_absolute_url(self) -> str:
        return f"/hazards/{self.pk}/"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_overdue(self) -> bool:
        """Past its day and not yet handed in; computed, never stored."""
        return bool(self.state in WAITING and self.due_on and self.due_on < clock.today())

    @property
    def shown_state(self) -> str:
        return "overdue" if self.is_overdue else self.state

    @property
    def manner(self) -> str:
        """On whose word it is put right: an order, an urging, the owner's promise; "" before."""
        if self.ordered_at is None:
            return ""
        if not self.is_urged:
            return "责令"
        return "督促" if self.ordering_body_id else "承诺"


class Stage(models.TextChoices):
    BEFORE = "before", "整改前"
    AFTER = "after", "整改后"


class Photo(models.Model):
    """A picture of a case, before or after."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="photos")
    clue = models.ForeignKey(Clue, models.PROTECT, null=True, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=8, choices=Stage)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.get_stage_display()


class Answer(models.TextChoices):
    WAITING = "waiting", "等待答复"
    GRANTED = "granted", "同意"
    REFUSED = "refused", "不同意"


class Extension(Versioned):
    """More time asked for, with interim measures; decided by another."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="extension_requests")
    until = models.DateField("延到")
    reason = models.TextField("理由")
    measures = models.TextField("延期期间的防范措施")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.WAITING)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    opinion = models.TextField("意见", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("hazard",),
                condition=models.Q(answer="waiting"),
                name="extension_one_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"延到{self.until}"


class Transfer(models.Model):
    """A hazard handed to another department; the receiver accepts or returns it."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="transfers")
    giver = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.TextField("理由")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.WAITING)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    opinion = models.TextField("意见", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("hazard",),
                condition=models.Q(answer="waiting"),
                name="transfer_one_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"移交{self.receiver}"


class RepairPlan(Versioned):
    """The plan of a major hazard in its five parts (五落实)."""

    hazard = models.OneToOneField(Hazard, models.PROTECT, related_name="plan")
    duty = models.TextField("责任落实")
    measures = models.TextField("措施落实")
    funds = models.TextField("资金落实")
    time_limit = models.TextField("时限落实")
    emergency = models.TextField("预案落实")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return "整改方案"


class Supervision(models.Model):
    """Listed supervision (挂牌督办) of a major hazard."""

    hazard = models.OneToOneField(Hazard, models.PROTECT, related_name="supervision")
    body = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    reason = models.TextField("理由")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    listed_at = models.DateTimeField(default=clock.now)
    lifted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return "挂牌督办"
