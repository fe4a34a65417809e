from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "safegrid.visits"
    label = "visits"
