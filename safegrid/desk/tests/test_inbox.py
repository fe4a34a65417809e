from safegrid.desk.tests import make


def test_the_inbox_shows_what_is_for_my_post(client, town, officer, stranger) -> None:
    make.notice(officer, town.place, "给大庆街道的")
    make.notice(stranger, town.far_place, "给兴平街道的")
    client.force_login(officer)
    html = client.get("/inbox/").content.decode()
    assert "给大庆街道的" in html
    assert "给兴平街道的" not in html
    assert "1条未读" in html


def test_reading_a_notice_leads_to_its_subject(client, town, officer) -> None:
    notice = make.notice(officer, town.place)
    client.force_login(officer)
    response = client.post(f"/inbox/{notice.pk}/read/")
    notice.refresh_from_db()
    assert response.url == f"/places/{town.place.pk}/"
    assert notice.read_by == officer


def test_a_notice_is_read_by_post_only(client, town, officer) -> None:
    notice = make.notice(officer, town.place)
    client.force_login(officer)
    assert client.get(f"/inbox/{notice.pk}/read/").status_code == 405


def test_nobody_reads_what_is_for_others(client, town, officer, stranger) -> None:
    notice = make.notice(stranger, town.far_place)
    client.force_login(officer)
    assert client.post(f"/inbox/{notice.pk}/read/").status_code == 404
    client.post("/inbox/read-all/")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_can_be_marked_at_once(client, town, officer) -> None:
    make.notice(officer, town.place)
    make.notice(officer, town.place)
    client.force_login(officer)
    html = client.post("/inbox/read-all/", follow=True).content.decode()
    assert "2条标为已读" in html
    assert "没有未读" in html


def test_the_inbox_keeps_its_query_budget(
    client, town, officer, django_assert_max_num_queries
) -> None:
    for _ in range(20):
        make.notice(officer, town.place)
    client.force_login(officer)
    client.get("/about/")  # notes the use of the session
    with django_assert_max_num_queries(6):
        client.get("/inbox/")
