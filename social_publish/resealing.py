"""Everything sealed is put under the newest of CHANNEL_KEYS, so that an older one can be dropped.

Each row is one conditional UPDATE of its own: workers go on meanwhile, and what they wrote between
our reading and writing is read again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models

from social_publish import credentials

TRIES = 5


@dataclass
class Report:
    """How many were sealed anew, how many had the newest key already, and what cannot be opened."""

    anew: int = 0
    newest: int = 0
    lost: list[str] = field(default_factory=list)


def reseal_all() -> Report:
    """May be repeated, and stopped anywhere. What cannot be opened stays as it is."""
    report = Report()
    for model, name in _sealed_fields():
        rows = model._base_manager.exclude(**{name: b""}).order_by("pk")
        for pk in list(rows.values_list("pk", flat=True)):
            _reseal(model, name, pk, report)
    return report


def _sealed_fields() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_app_config("social_publish").get_models():
        for one in model._meta.concrete_fields:
            if isinstance(one, models.BinaryField) and one.name.startswith("sealed_"):
                yield model, one.name


def _reseal(model: type[models.Model], name: str, pk: int, report: Report) -> None:
    for _ in range(TRIES):
        row = model._base_manager.filter(pk=pk).first()
        sealed = bytes(getattr(row, name)) if row else b""
        if not sealed:
            return
        if credentials.is_newest(sealed):
            report.newest += 1
            return
        try:
            fresh = credentials.reseal(sealed)
        except credentials.CredentialsLost:
            break
        if model._base_manager.filter(**{"pk": pk, name: sealed}).update(**{name: fresh}):
            report.anew += 1
            return
    report.lost.append(f"{model._meta.verbose_name} {pk}, “{row}”")
