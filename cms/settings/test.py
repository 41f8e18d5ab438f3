"""Settings for the test suite: fast password hashing, mail kept in memory, its own data folder."""

import os
import tempfile

from cryptography.fernet import Fernet

os.environ.setdefault("SECRET_KEY", "for-tests-only-" + "x" * 50)
os.environ.setdefault("CHANNEL_KEYS", Fernet.generate_key().decode())
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="council-tests-"))

from cms.settings import base
from cms.settings.base import *  # noqa: F403 - the environment above must be in place first

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
FORGIVING_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
base.STATIC_ROOT.mkdir(exist_ok=True)
# Tests change rows behind the models, and each begins anew; those of the page cache turn it on.
PAGE_CACHE_SECONDS = 0
