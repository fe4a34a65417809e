from django.urls import path

from safegrid.duties import pages

app_name = "duties"

urlpatterns = [
    path("", pages.rule_list, name="list"),
    path("new/", pages.add_rule, name="add_rule"),
    path("ask/", pages.ask, name="ask"),
    path("<int:pk>/close/", pages.close_rule, name="close_rule"),
]
