from django.apps import AppConfig


class ChecklistsConfig(AppConfig):
    name = "safegrid.checklists"
    label = "checklists"
