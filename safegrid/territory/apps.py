from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "safegrid.territory"
    label = "territory"
