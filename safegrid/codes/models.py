from typing import Any

from django.db import models

from safegrid.enterprises.models import Place
from safegrid.people.models import User
from safegrid.shared import clock
from safegrid.shared.fields import CodeField
from safegrid.shared.ids import token
from safegrid.shared.scope import Scope, ScopedQuerySet


class Kind(models.TextChoices):
    INSPECTION = "inspection", "监督检查码"


class State(models.TextChoices):
    ACTIVE = "active", "在用"
    REVOKED = "revoked", "已作废"


class PlaceCode(models.Model):
    """A printed code of a place: 128 random bits that mean nothing. It follows its place's area."""

    scope = Scope(
        area="place__area_code",
        industry="place__industry",
        department="place__lead_department_id",
        place="place_id",
    )

    token = CodeField("码值", max_length=26, unique=True, default=token)
    serial = models.CharField("门牌号", max_length=20, unique=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="codes")
    area_code = CodeField("发码时属地代码", max_length=15)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.INSPECTION)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    issued_at = models.DateTimeField("发码", default=clock.now)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField("作废", null=True, blank=True)
    reason = models.CharField("作废原因", max_length=100, blank=True)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("place", "kind"),
                condition=models.Q(state="active"),
                name="code_one_active",
            ),
        )

    def __str__(self) -> str:
        return self.serial

    def get_absolute_url(self) -> str:
        return f"/c/{self.token}"
