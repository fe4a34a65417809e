from django.urls import path

from safegrid.visits import pages

app_name = "visits"

urlpatterns = [
    path("", pages.visit_list, name="list"),
    path("start/", pages.start, name="start"),
    path("start/<uuid:place>/", pages.start, name="start"),
    path("photos/<uuid:pk>/", pages.photo, name="photo"),
    path("<uuid:pk>/", pages.detail, name="detail"),
    path("<uuid:pk>/check/", pages.overview, name="overview"),
    path("<uuid:pk>/check/<int:number>/", pages.check, name="check"),
    path("<uuid:pk>/more/", pages.more, name="more"),
    path("<uuid:pk>/discard/", pages.discard, name="discard"),
    path("<uuid:pk>/void/", pages.void, name="void"),
]
