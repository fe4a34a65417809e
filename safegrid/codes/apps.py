from django.apps import AppConfig


class CodesConfig(AppConfig):
    name = "safegrid.codes"
    label = "codes"
