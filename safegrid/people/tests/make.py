"""Accounts and posts as the administrators would make them; the same every time."""

from datetime import date
from typing import Any

from safegrid.people.models import Organisation, Post, Tenure, User
from safegrid.territory.models import Area

PASSWORD = "安全生产人人有责2026"


def user(username: str = "han-mei", **changes: Any) -> User:
    """A person who can sign in with `PASSWORD`."""
    person = User(username=username, name="韩梅", phone="13900000001")
    for name, value in changes.items():
        setattr(person, name, value)
    person.set_password(PASSWORD)
    person.save()
    return person


def post(body: Organisation, area: Area, **changes: Any) -> Post:
    facts = {"name": "安监员", "role": "township_officer", **changes}
    return Post.objects.create(organisation=body, area=area, area_code=area.code, **facts)


def sit(post: Post, user: User, starts_on: date = date(2020, 1, 1)) -> Tenure:
    return Tenure.objects.create(post=post, user=user, starts_on=starts_on)
