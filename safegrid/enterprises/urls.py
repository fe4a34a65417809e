from django.urls import path

from safegrid.enterprises import pages

app_name = "enterprises"

urlpatterns = [
    path("", pages.place_list, name="list"),
    path("export.xlsx", pages.export, name="export"),
    path("new/", pages.add_place, name="add_place"),
    path("import/", pages.import_places, name="import_places"),
    path("import/template.xlsx", pages.import_template, name="import_template"),
    path("import/<uuid:pk>/", pages.import_preview, name="import_preview"),
    path("import/<uuid:pk>/commit/", pages.import_commit, name="import_commit"),
    path("import/<uuid:pk>/undo/", pages.import_undo, name="import_undo"),
    path("<uuid:pk>/edit/", pages.edit_place, name="edit_place"),
    path("<uuid:pk>/keepers/add/", pages.add_keeper, name="add_keeper"),
    path("<uuid:pk>/keepers/<int:keeper>/remove/", pages.remove_keeper, name="remove_keeper"),
]
