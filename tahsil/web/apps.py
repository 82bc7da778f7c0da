"""The Django app that owns templates, static files and template tags."""

from django.apps import AppConfig


class Web(AppConfig):
    """No tables here."""

    name = "tahsil.web"
    label = "web"
