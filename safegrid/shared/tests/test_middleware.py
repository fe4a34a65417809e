"""Headers on every answer, and what is refused before any page sees it."""

import pytest


@pytest.mark.parametrize("path", ["/search/?q=%00", "/places/?q=a%00b", "/library/?q=%00"])
def test_a_nul_in_a_question_is_left_out(client, town, officer, path):
    client.force_login(officer)
    answer = client.get(path)
    assert answer.status_code == 200
    assert b"\x00" not in answer.content


def test_every_answer_carries_a_policy_without_inline_script(client, town):
    answer = client.get("/sign-in/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
