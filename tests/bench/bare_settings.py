"""A server that does nothing but Django's own way to a view."""

from tests.bench.peer_settings import *  # noqa: F403

MIDDLEWARE: list[str] = []
