from importlib import import_module

from django.apps import AppConfig


class SocialPublishConfig(AppConfig):
    name = "social_publish"
    verbose_name = "Social channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Receivers need the models, which are complete only now.
        import_module("social_publish.signals")
