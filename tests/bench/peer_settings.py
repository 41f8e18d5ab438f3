"""As the other measures, with the addresses that ours are measured against."""

from tests.bench.settings import *  # noqa: F403
from tests.bench.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.sitemaps"]  # the peer's template
ROOT_URLCONF = "tests.bench.peers"
