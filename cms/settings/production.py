"""Settings for a council's real site: safe, or refusing to start and saying why."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from cms.settings import base
from cms.settings.base import *  # noqa: F403 - what is not said below

for _name in ("SECRET_KEY", "CHANNEL_KEYS", "SITE_URL"):
    if not os.environ.get(_name):
        raise ImproperlyConfigured(
            f"The environment variable {_name} is missing. The README says what it holds."
        )
if len(base.SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is too short: it needs 50 random characters or more.")
if not base.SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must start with https://.")

ALLOWED_HOSTS = base.ALLOWED_HOSTS or [urlsplit(base.SITE_URL).hostname or ""]
SHOW_REHEARSAL_POSTS = False
CSRF_TRUSTED_ORIGINS = [base.SITE_URL]
STORAGES = base.STORAGES | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
