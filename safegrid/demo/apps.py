from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "safegrid.demo"
    label = "demo"
