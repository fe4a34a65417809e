from django.urls import path

from safegrid.hazards.pages import cases, lists, reports

app_name = "hazards"

urlpatterns = [
    path("hazards/", lists.hazard_list, name="list"),
    path("hazards/export/", lists.export, name="export"),
    path("hazards/new/", reports.new_hazard, name="new"),
    path("hazards/photos/<int:pk>/", cases.photo, name="photo"),
    path("hazards/<uuid:pk>/", cases.hazard, name="detail"),
    path("hazards/<uuid:pk>/order/", reports.order, name="order"),
    path("hazards/<uuid:pk>/<slug:slug>/", cases.hazard_step, name="step"),
    path("clues/", lists.clue_list, name="clues"),
    path("clues/new/", reports.new_clue, name="new_clue"),
    path("clues/<uuid:pk>/", cases.clue, name="clue"),
    path("clues/<uuid:pk>/<slug:slug>/", cases.clue_step, name="clue_step"),
]
