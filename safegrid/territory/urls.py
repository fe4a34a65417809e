from django.urls import path

from safegrid.territory import pages

app_name = "territory"

urlpatterns = [
    path("", pages.area_list, name="list"),
    path("<slug:code>/", pages.area, name="detail"),
    path("<slug:code>/edit/", pages.edit_area, name="edit_area"),
    path("<slug:code>/add/", pages.add_area, name="add_area"),
    path("<slug:code>/close/", pages.close_area, name="close_area"),
    path("<slug:code>/import-grids/", pages.import_grids, name="import_grids"),
    path("<slug:code>/geojson", pages.geojson, name="geojson"),
]
