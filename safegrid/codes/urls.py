from django.urls import path, re_path

from safegrid.codes import pages

app_name = "codes"

urlpatterns = [
    re_path(r"^[cC]/(?P<token>[^/]{1,80})/?$", pages.landing, name="landing"),
    re_path(r"^[cC]/(?P<token>[^/]{1,80})/report/?$", pages.report, name="report"),
    re_path(r"^[cC]/(?P<token>[^/]{1,80})/reported/?$", pages.reported, name="reported"),
    path("codes/", pages.code_list, name="list"),
    path("codes/issue/", pages.issue, name="issue"),
    path("codes/sheet.pdf", pages.sheet, name="sheet"),
    path("codes/plate/<int:pk>.pdf", pages.plate, name="plate"),
    path("codes/<int:pk>/revoke/", pages.revoke, name="revoke"),
]
