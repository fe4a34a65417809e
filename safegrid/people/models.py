from datetime import date
from functools import cached_property
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from safegrid.people import roles
from safegrid.people.roles import Role
from safegrid.shared import clock
from safegrid.shared.fields import CodeField
from safegrid.shared.models import Versioned
from safegrid.shared.scope import Scope, ScopedQuerySet
from safegrid.territory.codes import prefix_end
from safegrid.territory.models import Area

WIDE = 6


class OrganisationKind(models.TextChoices):
    GOVERNMENT = "government", "党委政府"
    OFFICE = "office", "安委办"
    DEPARTMENT = "department", "部门"
    TOWNSHIP = "township", "乡镇街道"
    COMMUNITY = "community", "村（社区）"
    SERVICE = "service", "服务机构"


class Organisation(Versioned):
    """A body that holds posts. `line` is the department line (`fire`, `emergency`, …)."""

    scope = Scope()

    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=30)
    kind = models.CharField("类别", max_length=20, choices=OrganisationKind)
    line = models.CharField("条线", max_length=30, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="organisations")
    area_code = CodeField("属地代码", max_length=15)
    phone = models.CharField("值班电话", max_length=20, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)
    valid_from = models.DateField("设立", default=date(2000, 1, 1))
    valid_to = models.DateField("撤销", null=True, blank=True)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("area_code", "kind", "name")
        constraints = (
            models.UniqueConstraint(
                fields=("area_code", "name"), name="organisation_once_per_area"
            ),
        )
        indexes = (models.Index(fields=("line", "area_code"), name="organisation_line"),)

    def __str__(self) -> str:
        return self.name


class Post(Versioned):
    """A seat: organisation, role, area, industries. Rights are a post's, never a person's."""

    scope = Scope()

    name = models.CharField("岗位", max_length=60)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    role = models.CharField("角色", max_length=30, choices=roles.CHOICES)
    area = models.ForeignKey(Area, models.PROTECT, related_name="posts")
    area_code = CodeField("范围代码", max_length=15)
    industries = models.JSONField("行业范围", default=list, blank=True)
    own_cases = models.BooleanField("只看本部门牵头或承办的", default=False)
    is_empowered = models.BooleanField("有检查执法权", default=False)
    phone = models.CharField("岗位电话", max_length=20, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)
    valid_from = models.DateField("设立", default=date(2000, 1, 1))
    valid_to = models.DateField("撤销", null=True, blank=True)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("area_code", "role", "id")
        indexes = (models.Index(fields=("area_code", "role"), name="post_area_role"),)

    def __str__(self) -> str:
        return f"{self.organisation.short_name}·{self.name}"

    def grants(self, permission: str) -> bool:
        return permission in roles.permissions_of(self.role, is_empowered=self.is_empowered)

    def reach(self, scope: Scope) -> Q:
        """The rows of a model within this post's area and industries, or in its body's hands."""
        within = below(scope.area, self.area_code)
        if self.industries and scope.industry:
            within &= _any_prefix(scope.industry, self.industries)
        if not scope.department:
            return within
        held = Q(**{scope.department: self.organisation_id})
        if self.own_cases:
            return held if self.speaks_for_body else within & held
        return within | held if self.speaks_for_body else within

    @property
    def speaks_for_body(self) -> bool:
        """Whether the post also reaches what lies in its body's hands outside its own area."""
        return roles.speaks_for_body(self.role)

    def covers(self, record: Any) -> bool:
        """`reach` for one record at hand, without a query."""
        scope = record.scope
        is_held = bool(scope.department) and (
            _value(record, scope.department) == self.organisation_id
        )
        if is_held and self.speaks_for_body:
            return True
        if self.own_cases and scope.department and not is_held:
            return False
        code = str(_value(record, scope.area) or "")
        if not self.area_code <= code < prefix_end(self.area_code):
            return False
        if not (self.industries and scope.industry):
            return True
        return str(_value(record, scope.industry) or "").startswith(tuple(self.industries))


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. Holds no right of their own."""

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    username = models.CharField("账号", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机", max_length=20, blank=True, db_index=True)
    certificate = models.CharField("执法证号", max_length=40, blank=True)
    certificate_until = models.DateField("执法证有效期至", null=True, blank=True)
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    is_machine = models.BooleanField("接口账号", default=False)
    must_change_password = models.BooleanField("须改密码", default=False)
    password_until = models.DateTimeField("初始密码有效至", null=True, blank=True)
    sessions_from = models.PositiveIntegerField("会话批次", default=0)
    joined_at = models.DateTimeField(default=clock.now)

    objects = UserManager()

    class Meta:
        constraints = (models.UniqueConstraint(Lower("username"), name="user_once_in_any_case"),)

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """Changes with the password and when the user signs out everywhere."""
        return f"{super().get_session_auth_hash()}-{self.sessions_from}"

    @cached_property
    def posts(self) -> list[Post]:
        """The posts held today, with organisation and area."""
        held = Tenure.objects.on(clock.today()).filter(user=self, post__valid_to__isnull=True)
        rows = held.select_related("post__organisation", "post__area").order_by("id")
        rows = rows.defer("post__area__boundary")
        return [tenure.post for tenure in rows]

    def posts_granting(self, permission: str) -> list[Post]:
        return [post for post in self.posts if post.grants(permission)]

    def may(self, permission: str) -> bool:
        """Whether some post, or keeping a place, grants this anywhere."""
        return bool(self.posts_granting(permission)) or self.may_as_keeper(permission)

    def may_as_keeper(self, permission: str) -> bool:
        """Whether keeping a place grants this; who keeps none, or holds a post, gains nothing."""
        is_keepers = not self.is_machine and permission in roles.permissions_of(Role.KEEPER)
        return is_keepers and bool(self.kept_places)

    def reach(self, permission: str, scope: Scope) -> Q:
        """The rows of a model with this scope on which the user has this permission."""
        reach = Q(pk__in=[])
        for post in self.posts_granting(permission):
            reach |= post.reach(scope)
        if scope.place and self.may_as_keeper(permission):
            reach |= Q(**{f"{scope.place}__in": self.kept_places})
        return reach

    def covers(self, permission: str, record: Any) -> bool:
        """`reach` for one record at hand."""
        if any(post.covers(record) for post in self.posts_granting(permission)):
            return True
        place = record.scope.place
        return bool(
            place and self.may_as_keeper(permission) and _value(record, place) in self.kept_places
        )

    @cached_property
    def kept_places(self) -> list[Any]:
        """Ids of the places this user keeps; holders of posts keep none."""
        if self.posts:
            return []
        keepers: Any = self.keepers
        return list(keepers.current().values_list("place_id", flat=True))

    def post_for(self, permission: str, record: Any) -> Post | None:
        """The post in which the user acts on the record."""
        granting = self.posts_granting(permission)
        return next((post for post in granting if post.covers(record)), None)

    def post_name(self, permission: str, record: Any) -> str:
        post = self.post_for(permission, record)
        return str(post) if post else "场所负责人"


class TenureQuerySet(models.QuerySet["Tenure"]):
    def on(self, day: date) -> Self:
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def overlapping(self, starts_on: date, ends_on: date | None) -> Self:
        """Those that share a day with the span; an open end reaches for ever."""
        rows = self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on))
        return rows.filter(starts_on__lt=ends_on) if ends_on else rows


class Tenure(models.Model):
    """A person in a post from a day until a day, on which they hold it no longer."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures")
    user = models.ForeignKey(User, models.PROTECT, related_name="tenures")
    starts_on = models.DateField("到岗", default=clock.today)
    ends_on = models.DateField("离岗", null=True, blank=True)

    objects: Any = TenureQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="tenure_dates_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.post}"


class Session(AbstractBaseSession):
    """A browser that is signed in, with whose it is, so that a user can count and end their own."""

    user_id = models.BigIntegerField(null=True, db_index=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        from safegrid.people.sessions import SessionStore

        return SessionStore


class ApiToken(models.Model):
    """A token with which another system signs in; only its SHA-256 is kept."""

    user = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    name = models.CharField("用途", max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField("到期")
    revoked_at = models.DateTimeField("作废", null=True, blank=True)
    used_on = models.DateField("最近使用", null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class IdempotentCall(models.Model):
    """A call of the API that was carried out under its caller's key, and the answer it got."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    body = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "key"), name="idempotent_call_once"),
        )

    def __str__(self) -> str:
        return self.key


def below(lookup: str, code: str) -> Q:
    """Rows in an area and under it.

    A street or less is an index range. A county or more holds so much of the table that lists are
    read in their own order instead: SQLite takes a range for selective, a LIKE it leaves alone.
    """
    if len(code) <= WIDE:
        return Q(**{f"{lookup}__startswith": code})
    return Q(**{f"{lookup}__gte": code, f"{lookup}__lt": prefix_end(code)})


def _any_prefix(lookup: str, prefixes: list[str]) -> Q:
    reach = Q(pk__in=[])
    for prefix in prefixes:
        reach |= Q(**{f"{lookup}__startswith": prefix})
    return reach


def _value(record: Any, lookup: str) -> Any:
    """A record's value at a field lookup such as `place__industry`."""
    for name in lookup.split("__"):
        record = getattr(record, name, None)
    return record
