from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "safegrid.library"
    label = "library"
