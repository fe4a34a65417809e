from datetime import timedelta

import pytest
from django.test import RequestFactory
from ninja import Schema

from safegrid.people import once
from safegrid.people.models import IdempotentCall, Organisation
from safegrid.shared import clock
from safegrid.shared.refusals import Conflict, StepRefused

pytestmark = pytest.mark.django_db


class Told(Schema):
    name: str


@once.once
def rename(request, name):
    """An operation with an effect that can be counted."""
    if name == "no":
        raise StepRefused("不行")
    body = Organisation.objects.get(short_name="区消防")
    body.phone += "1"
    body.save()
    return Told(name=name)


def call(user, name, key="k1"):
    headers = {"Idempotency-Key": key} if key else {}
    request = RequestFactory().post(
        "/api/v1/x", {"name": name}, content_type="application/json", headers=headers
    )
    request.auth = user  # type: ignore[attr-defined]
    return rename(request, name)


def effects():
    return len(Organisation.objects.get(short_name="区消防").phone)


def test_the_same_call_again_is_carried_out_once(officer):
    first, second = call(officer, "a"), call(officer, "a")
    assert effects() == 1
    assert second.content == first.content
    assert "Idempotent-Replay" not in first.headers
    assert second.headers["Idempotent-Replay"] == "true"


def test_another_call_with_the_same_key_is_refused(officer):
    call(officer, "a")
    with pytest.raises(Conflict):
        call(officer, "b")
    assert effects() == 1


def test_without_a_key_every_call_counts(officer):
    call(officer, "a", key="")
    call(officer, "a", key="")
    assert effects() == 2


def test_what_was_refused_may_be_sent_again(officer):
    for _ in range(2):
        with pytest.raises(StepRefused):
            call(officer, "no")
    assert not IdempotentCall.objects.exists()


def test_a_key_belongs_to_its_user(officer, stranger):
    call(officer, "a")
    call(stranger, "a")
    assert effects() == 2


def test_a_key_has_its_limit(officer):
    with pytest.raises(Conflict):
        call(officer, "a", key="x" * 101)


def test_answers_are_kept_for_a_week(officer):
    with clock.moved(clock.now() - timedelta(days=8)):
        call(officer, "a", key="old")
    call(officer, "a", key="new")
    assert once.forget() == 1
    assert IdempotentCall.objects.get().key == "new"
