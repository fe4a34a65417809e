import time
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models

from safegrid.shared import clock
from safegrid.shared.fields import CodeField
from safegrid.shared.ids import uuid7
from safegrid.shared.models import Versioned
from safegrid.shared.scope import Scope, ScopedQuerySet
from safegrid.territory.codes import parent_of, prefix_end


class Level(models.IntegerChoices):
    PROVINCE = 1, "省"
    CITY = 2, "市"
    COUNTY = 3, "县（区）"
    TOWNSHIP = 4, "乡镇（街道）"
    COMMUNITY = 5, "村（社区）"
    GRID = 6, "网格"


class Kind(models.TextChoices):
    DIVISION = "division", "行政区划"
    ZONE = "zone", "功能区"
    BASIC_GRID = "basic_grid", "基础网格"
    EXCLUSIVE_GRID = "exclusive_grid", "专属网格"


class AreaQuerySet(ScopedQuerySet):
    def below(self, code: str) -> Self:
        """The area itself and everything under it."""
        return self.filter(code__gte=code, code__lt=prefix_end(code))

    def in_force(self, on: date | None = None) -> Self:
        on = on or clock.today()
        return self.filter(valid_from__lte=on).filter(
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=on)
        )


class Edition(models.Model):
    """One row whose token changes with the territory, so that what was read of it can be kept."""

    touched: ClassVar[float] = 0.0

    token = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.token

    @classmethod
    def touch(cls) -> None:
        """The territory changed. No token is used twice, so a rollback does no harm."""
        cls.objects.update_or_create(pk=1, defaults={"token": str(uuid7())})
        cls.touched = time.monotonic()


class Area(Versioned):
    """A piece of territory. Its code is the path: it begins with its parent's code."""

    scope = Scope(area="code")

    code = CodeField("代码", max_length=15, unique=True)
    name = models.CharField("名称", max_length=60)
    full_name = models.CharField("全称", max_length=160)
    level = models.PositiveSmallIntegerField("层级", choices=Level)
    kind = models.CharField("类别", max_length=20, choices=Kind, default=Kind.DIVISION)
    is_verified = models.BooleanField("代码已核对", default=False)
    is_local = models.BooleanField("本地代码", default=False)
    is_demo = models.BooleanField("演示数据", default=False)
    note = models.CharField("说明", max_length=200, blank=True)
    population = models.PositiveIntegerField("人口", null=True, blank=True)
    lon = models.FloatField("经度", null=True, blank=True)
    lat = models.FloatField("纬度", null=True, blank=True)
    boundary = models.JSONField("边界", null=True, blank=True)
    valid_from = models.DateField("启用", default=date(2000, 1, 1))
    valid_to = models.DateField("停用", null=True, blank=True)
    succeeded_by = models.JSONField("接续代码", default=list, blank=True)
    changed_at = models.DateTimeField("改动", default=clock.now)

    objects: Any = AreaQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gt=models.F("valid_from")),
                name="area_dates_in_order",
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        Edition.touch()

    def get_absolute_url(self) -> str:
        return f"/areas/{self.code}/"

    @property
    def parent_code(self) -> str | None:
        return parent_of(self.code)

    @property
    def is_closed(self) -> bool:
        return self.valid_to is not None and self.valid_to <= clock.today()

    @property
    def area_code(self) -> str:
        return str(self.code)

    @property
    def code_end(self) -> str:
        return prefix_end(self.code)
