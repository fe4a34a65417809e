from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "safegrid.notices"
    label = "notices"
