"""Accounts, posts and tenures. Every change of a right is in the journal.

What is wrong with the input raises ValidationError, what can't be done now `Refused`.
"""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from safegrid.people import roles
from safegrid.people.models import (
    ApiToken,
    Organisation,
    OrganisationKind,
    Post,
    Session,
    Tenure,
    User,
)
from safegrid.people.roles import Role
from safegrid.people.tokens import digest_of
from safegrid.shared import clock, journal
from safegrid.shared.numbers import fold
from safegrid.shared.refusals import Refused
from safegrid.territory import actions as territory
from safegrid.territory.models import Area

TOKEN_DAYS = 400
INITIAL_HOURS = 24
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
INITIAL_LENGTH = 14


@transaction.atomic
def add_organisation(
    *, name: str, kind: str, area: Area, short_name: str = "", by: Any = None, **facts: Any
) -> Organisation:
    """A body that can hold posts."""
    body = Organisation(
        name=fold(name),
        short_name=fold(short_name) or fold(name)[:30],
        kind=kind,
        area=area,
        area_code=area.code,
        **facts,
    )
    body.full_clean(exclude=("area",))
    body.save()
    journal.record("people.add_organisation", "设单位", body, by=by, area_code=area.code)
    return body


@transaction.atomic
def add_post(
    *, organisation: Organisation, role: str, area: Area, name: str, by: Any = None, **facts: Any
) -> Post:
    """A seat in a body, for the body's area or a part of it."""
    if organisation.valid_to:
        raise Refused(f"{organisation}已撤销")
    post = Post(
        organisation=organisation,
        role=role,
        area=area,
        area_code=area.code,
        name=fold(name),
        **facts,
    )
    _check_post(post)
    post.full_clean(exclude=("organisation", "area"))
    post.save()
    journal.record(
        "people.add_post",
        "设岗",
        post,
        by=by,
        about=[organisation],
        area_code=area.code,
        changes={"role": [None, role], "is_empowered": [None, post.is_empowered]},
    )
    return post


@transaction.atomic
def edit_post(post: Post, *, by: Any, version: int | None = None, **facts: Any) -> Post:
    """Change what a post may do where within its area; the role and the area stay."""
    locked = Post.objects.select_for_update(of=("self",)).select_related("organisation")
    post = locked.get(pk=post.pk)
    post.expect(version)
    changes = {
        key: [getattr(post, key), value]
        for key, value in facts.items()
        if getattr(post, key) != value
    }
    if not changes:
        return post
    for key, value in facts.items():
        setattr(post, key, value)
    _check_post(post)
    post.full_clean(exclude=("organisation", "area"))
    post.version += 1
    post.save()
    _note_post("people.edit_post", "改岗位", post, by, changes)
    return post


def set_empowered(post: Post, *, by: Any, is_empowered: bool, version: int | None = None) -> Post:
    """Give a post the power to inspect, or take it away."""
    return edit_post(post, by=by, version=version, is_empowered=is_empowered)


@transaction.atomic
def close_post(post: Post, *, by: Any, version: int | None = None) -> Post:
    """The seat is no more; nobody may sit in it."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    post.expect(version)
    if post.valid_to:
        raise Refused(f"{post}已撤销")
    held = Tenure.objects.overlapping(clock.today(), None).filter(post=post)
    if holder := held.select_related("user").first():
        raise Refused(f"{holder.user.name}还在岗，先办离岗")
    post.valid_to = clock.today()
    post.version += 1
    post.save()
    _note_post("people.close_post", "撤岗", post, by, {"valid_to": [None, str(post.valid_to)]})
    return post


@transaction.atomic
def take_post(
    post: Post,
    user: User,
    *,
    by: Any = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Tenure:
    """Put a person into a post. The three administrators are never one person, nor officers."""
    starts_on = starts_on or clock.today()
    if ends_on and ends_on <= starts_on:
        raise ValidationError("离岗要晚于到岗")
    User.objects.select_for_update().get(pk=user.pk)
    locked = Post.objects.select_for_update(of=("self",)).select_related("organisation")
    post = locked.get(pk=post.pk)
    if refusal := _objection(post, user, by, starts_on, ends_on):
        raise Refused(refusal)
    tenure = Tenure.objects.create(post=post, user=user, starts_on=starts_on, ends_on=ends_on)
    changes = {"user": [None, user.pk], "starts_on": [None, starts_on.isoformat()]}
    _note_post("people.take_post", "到岗", post, by, changes, about=[user, post.organisation])
    return tenure


@transaction.atomic
def leave_post(tenure: Tenure, *, by: Any = None, ends_on: date | None = None) -> Tenure:
    """The person holds the post no longer from that day, today unless said; its work stays."""
    tenure = Tenure.objects.select_for_update().get(pk=tenure.pk)
    ends_on = ends_on or max(clock.today(), tenure.starts_on)
    if tenure.ends_on and tenure.ends_on <= ends_on:
        raise Refused(f"{tenure.user.name}已离岗")
    if ends_on < tenure.starts_on:
        raise ValidationError("离岗不能早于到岗")
    tenure.ends_on = ends_on
    tenure.save()
    changes = {"user": [tenure.user_id, None], "ends_on": [None, ends_on.isoformat()]}
    _note_post("people.leave_post", "离岗", tenure.post, by, changes, about=[tenure.user])
    return tenure


@transaction.atomic
def add_user(
    *, username: str, name: str, password: str | None = None, by: Any = None, **facts: Any
) -> User:
    """A new account; without a password nobody can sign in with one."""
    user = User(username=fold(username), name=fold(name), **facts)
    if User.objects.filter(username__iexact=user.username).exists():
        raise ValidationError(f"账号“{user.username}”已有人用")
    if password:
        validate_password(password, user)
    user.set_password(password)
    user.full_clean(exclude=("password",))
    user.save()
    journal.record(
        "people.add_user", "新建账号", user, by=by, details={"name": name, "username": username}
    )
    return user


@transaction.atomic
def edit_user(user: User, *, by: Any, **facts: Any) -> User:
    """Name, phone, certificate; what they were and are stands in the erasable part."""
    details = {
        key: [str(getattr(user, key) or ""), str(value or "")]
        for key, value in facts.items()
        if getattr(user, key) != value
    }
    if not details:
        return user
    for key, value in facts.items():
        setattr(user, key, value)
    user.full_clean(exclude=("password",))
    user.save(update_fields=[*facts])
    journal.record("people.edit_user", "改账号资料", user, by=by, details=details)
    return user


@transaction.atomic
def reset_password(user: User, *, by: Any) -> str:
    """A random password, shown once, good for a day; the user changes it when signing in."""
    if user.is_machine:
        raise Refused("接口账号用凭证，没有密码")
    password = "".join(secrets.choice(LETTERS) for _ in range(INITIAL_LENGTH))
    user.set_password(password)
    user.must_change_password = True
    user.password_until = clock.now() + timedelta(hours=INITIAL_HOURS)
    user.save(update_fields=["password", "must_change_password", "password_until"])
    _end_sessions(user)
    journal.record("people.reset_password", "重置密码", user, by=by)
    return password


@transaction.atomic
def change_password(user: User, password: str, *, by: Any) -> None:
    """The user's own change; other sessions end."""
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password, user.password_until = False, None
    user.save(update_fields=["password", "must_change_password", "password_until"])
    journal.record("people.change_password", "改密码", user, by=by)


@transaction.atomic
def sign_out_everywhere(user: User, *, by: Any) -> None:
    """Every session of the user ends."""
    _end_sessions(user)
    journal.record("people.sign_out_everywhere", "全部退出", user, by=by)


@transaction.atomic
def set_active(user: User, *, by: Any, is_active: bool) -> None:
    """Disable an account, or let it in again; disabling ends its sessions and tokens."""
    if by is not None and by.pk == user.pk:
        raise Refused("不能停用自己的账号")
    if user.is_active == is_active:
        raise Refused(f"{user.name}的账号已{'启用' if is_active else '停用'}")
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    _end_sessions(user)
    if not is_active:
        user.tokens.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
    label = "启用账号" if is_active else "停用账号"
    changes = {"is_active": [not is_active, is_active]}
    journal.record("people.set_active", label, user, by=by, changes=changes)


def note_sign_in(user: User) -> None:
    journal.record("people.sign_in", "登录", user, by=user)


@transaction.atomic
def issue_token(user: User, name: str, expires_at: datetime, by: Any) -> str:
    """A token for another system, shown once; only its SHA-256 is kept.

    Never one that acts as a person: its holder could do whatever that person may.
    """
    if not (user.is_machine and user.is_active):
        raise Refused("凭证只发给在用的接口账号")
    if not clock.now() < expires_at <= clock.now() + timedelta(days=TOKEN_DAYS):
        raise ValidationError(f"到期要在今后{TOKEN_DAYS}天内")
    token = secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user, name=fold(name), digest=digest_of(token), expires_at=expires_at
    )
    journal.record("people.issue_token", "发凭证", row, by=by, about=[user])
    return token


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Any) -> None:
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        journal.record("people.revoke_token", "作废凭证", token, by=by, about=[token.user])


@transaction.atomic
def set_up(*, code: str, name: str, administrators: dict[str, dict[str, str]]) -> User:
    """The first run: the city and its three administrators; returns the system administrator.

    `administrators` holds username, name and password by role. The other two change theirs at
    their first sign-in, as somebody else typed it.
    """
    if User.objects.exists():
        raise Refused("已经初始化过")
    city = Area.objects.filter(code=code).first() or territory.add_area(code=code, name=name)
    body = add_organisation(
        name=f"{city.name}平台运维", kind=OrganisationKind.SERVICE, area=city, short_name="平台运维"
    )
    users = {}
    for role, facts in administrators.items():
        user = users[role] = add_user(**facts, must_change_password=role != Role.SYSTEM_ADMIN)
        post = add_post(organisation=body, role=role, area=city, name=roles.label(role))
        take_post(post, user)
    return users[Role.SYSTEM_ADMIN]


def _check_post(post: Post) -> None:
    facts = roles.ROLES.get(post.role)
    if facts is None or post.role == Role.KEEPER:
        raise ValidationError("没有这种岗位")
    if post.is_empowered and "when_empowered" not in facts:
        raise ValidationError(f"{roles.label(post.role)}没有检查执法权可给")
    if not post.area_code.startswith(post.organisation.area_code):
        raise ValidationError(f"岗位的范围要在{post.organisation}的属地里")


def _objection(post: Post, user: User, by: Any, starts_on: date, ends_on: date | None) -> str:
    """Why this person may not take this post for this time; "" when they may."""
    if post.valid_to:
        return f"{post}已撤销"
    if not user.is_active:
        return f"{user.name}的账号已停用"
    if by is not None and by.pk == user.pk:
        return "不能给自己安排岗位"
    if user.is_machine != (post.role == Role.INTEGRATION):
        return "接口账号只任接口岗，接口岗只给接口账号"
    span = Tenure.objects.overlapping(starts_on, ends_on)
    sitting = span.filter(post=post).select_related("user").first()
    if sitting:
        return f"这段时间{sitting.user.name}在岗，先办离岗"
    held = span.filter(user=user).values_list("post__role", flat=True)
    return _mixes(post.role, list(held))


def _mixes(role: str, held: list[str]) -> str:
    """Why this role may not be joined to those held; "" when it may."""
    if not roles.is_administrator(role):
        return "管理员不能兼业务岗位" if any(map(roles.is_administrator, held)) else ""
    if any(one != role for one in held):
        return "三员要由三个人担任，也不能兼业务岗位"
    return ""


def _end_sessions(user: User) -> None:
    user.sessions_from += 1
    user.save(update_fields=["sessions_from"])
    Session.objects.filter(user_id=user.pk).delete()


def _note_post(
    step: str, label: str, post: Post, by: Any, changes: dict[str, Any], about: Any = ()
) -> None:
    journal.record(step, label, post, by=by, about=about, area_code=post.area_code, changes=changes)
