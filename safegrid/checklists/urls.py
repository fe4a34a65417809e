from django.urls import path

from safegrid.checklists import pages

app_name = "checklists"

urlpatterns = [
    path("", pages.checklist_list, name="list"),
    path("<slug:code>/", pages.checklist, name="detail"),
    path("<slug:code>/print/", pages.printed, name="print"),
]
