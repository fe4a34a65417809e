from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "safegrid.hazards"
    label = "hazards"
