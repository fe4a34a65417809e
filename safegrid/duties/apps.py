from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "safegrid.duties"
    label = "duties"
