from django.urls import path

from safegrid.library import pages

app_name = "library"

urlpatterns = [
    path("", pages.document_list, name="list"),
    path("<slug:code>/", pages.document, name="detail"),
]
