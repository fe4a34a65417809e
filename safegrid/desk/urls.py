from django.urls import path

from safegrid.desk import pages

app_name = "desk"

urlpatterns = [
    path("", pages.home, name="home"),
    path("places/<uuid:pk>/", pages.place, name="place"),
    path("places/<uuid:pk>/timeline/", pages.timeline, name="timeline"),
    path("places/<uuid:pk>/reveal-phone/", pages.reveal_phone, name="reveal_phone"),
    path("inbox/", pages.inbox, name="inbox"),
    path("inbox/read-all/", pages.read_all, name="read_all"),
    path("inbox/<int:pk>/read/", pages.read_notice, name="read_notice"),
    path("search/", pages.search, name="search"),
    path("audit/", pages.audit, name="audit"),
    path("about/", pages.about, name="about"),
]
