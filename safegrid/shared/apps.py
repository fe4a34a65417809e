from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "safegrid.shared"
    label = "shared"
