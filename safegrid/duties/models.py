from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q

from safegrid.shared import clock
from safegrid.shared.fields import CodeField
from safegrid.shared.models import Versioned
from safegrid.shared.scope import Scope, ScopedQuerySet


class DutyKind(models.TextChoices):
    LEAD = "lead", "行业主管"
    SPECIAL = "special", "专项监管"
    OVERALL = "overall", "综合监管"


class Line(models.Model):
    """A department line, as data: each level of government has one body for it, or none."""

    code = models.CharField("代码", max_length=30, primary_key=True)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=20)
    aliases = models.JSONField("也叫", default=list)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.name


class DutyRuleQuerySet(ScopedQuerySet):
    def in_force(self, on: date | None = None) -> Self:
        on = on or clock.today()
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


class DutyRule(Versioned):
    """Area × kind of place or industry → department line. Blank kind and industry: everything."""

    scope = Scope()

    number = models.PositiveIntegerField("编号")
    area_code = CodeField("适用范围", max_length=15)
    kind = models.CharField("场所类别", max_length=30, blank=True)
    industry = CodeField("行业", max_length=5, blank=True)
    matter = models.CharField("事项", max_length=40, blank=True)
    duty = models.CharField("责任", max_length=10, choices=DutyKind)
    line = models.ForeignKey(Line, models.PROTECT, related_name="rules")
    basis = models.CharField("依据", max_length=200)
    is_confirmed = models.BooleanField("已由本地确认", default=False)
    valid_from = models.DateField("生效")
    valid_to = models.DateField("失效", null=True, blank=True)

    objects: Any = DutyRuleQuerySet.as_manager()

    class Meta:
        ordering = ("area_code", "number")
        constraints = (
            models.UniqueConstraint(fields=("area_code", "number"), name="duty_rule_number"),
        )

    def __str__(self) -> str:
        return f"责任规则{self.number}条"
