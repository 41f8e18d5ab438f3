"""Settings for a first look and for development: `make run` uses them.

Secrets are made once for this install and kept beside its data, readable by its owner only.
"""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet

_data_dir = Path(os.environ.get("DATA_DIR", Path(__file__).resolve().parents[2] / "var"))
_data_dir.mkdir(parents=True, exist_ok=True)
_secrets = _data_dir / "dev.env"
if not _secrets.exists():
    # Processes that start side by side all get the secrets of the one that was first.
    with tempfile.NamedTemporaryFile("w", dir=_data_dir) as _file:
        _file.write(f"SECRET_KEY={secrets.token_urlsafe(50)}\n")
        _file.write(f"CHANNEL_KEYS={Fernet.generate_key().decode()}\n")
        _file.flush()
        with suppress(FileExistsError):
            os.link(_file.name, _secrets)
for _line in _secrets.read_text().splitlines():
    _name, _, _value = _line.partition("=")
    os.environ.setdefault(_name, _value)

from cms.settings.base import *  # noqa: E402, F403 - the secrets above must be in place first

# Off unless asked for: who tries the site should see what residents will see.
DEBUG = os.environ.get("DEBUG") == "1"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["*"]
FORGIVING_EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
