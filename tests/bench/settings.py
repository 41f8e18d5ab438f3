"""As `make run`, but that no mail is written out."""

from cms.settings.dev import *  # noqa: F403

FORGIVING_EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
