from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

# {name in the queue's timetable: what runs each hour}
HOURLY = {
    "forget residents' messages": "home.tasks.forget",
    "make missing pictures": "home.tasks.make_missing_pictures",
    "read unread PDFs": "home.tasks.read_unread_pdfs",
}


def plan(**_: Any) -> None:
    """What is done each hour stands in the queue's timetable, once."""
    timetable = apps.get_model("django_q", "Schedule").objects
    for name, task in HOURLY.items():
        timetable.get_or_create(name=name, defaults={"func": task, "schedule_type": "H"})


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = "Residents' pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(plan, sender=self)
        # Receivers need the models, which are complete only now.
        import_module("home.signals")
        import_module("home.front_cache")
