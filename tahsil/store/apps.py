"""The Django app that owns every table."""

from django.apps import AppConfig


class Store(AppConfig):
    """All tables live under one label, so that there is one line of migrations."""

    name = "tahsil.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
