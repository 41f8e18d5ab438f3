from importlib import import_module

from django.apps import AppConfig


class NewsConfig(AppConfig):
    name = "news"
    verbose_name = "News, meetings and events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Receivers need the models, which are complete only now.
        import_module("news.signals")
