"""All addresses. Once printed, `/c/<token>` keeps working for good."""

from django.urls import include, path

from safegrid.config.api import api

urlpatterns = [
    path("", include("safegrid.codes.urls")),
    path("", include("safegrid.desk.urls")),
    path("", include("safegrid.people.urls")),
    path("", include("safegrid.hazards.urls")),
    path("areas/", include("safegrid.territory.urls")),
    path("places/", include("safegrid.enterprises.urls")),
    path("duties/", include("safegrid.duties.urls")),
    path("library/", include("safegrid.library.urls")),
    path("checklists/", include("safegrid.checklists.urls")),
    path("visits/", include("safegrid.visits.urls")),
    path("api/v1/", api.urls),
]

handler404 = "safegrid.shared.pages.not_found"
handler500 = "safegrid.shared.pages.broken"
