from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "safegrid.desk"
    label = "desk"
