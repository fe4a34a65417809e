from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "safegrid.recognition"
    label = "recognition"
    verbose_name = "识患"
