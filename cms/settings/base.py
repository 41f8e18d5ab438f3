"""Settings that hold everywhere. dev, test and production only say what differs there.

Each environment variable is listed, with its meaning, in the README.
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / "var"))
DATA_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = os.environ.get("SECRET_KEY", "")
CHANNEL_KEYS = [key for key in os.environ.get("CHANNEL_KEYS", "").split(",") if key]
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
# Who shows this word at /health hears more than ok or not ok; empty: nobody but staff.
HEALTH_TOKEN = os.environ.get("HEALTH_TOKEN", "")
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")

# Where a channel talks: in rehearsal always to REHEARSAL_URL; live to the network
# itself, or to the address given here (a gateway, or a test).
# Never empty: a channel in rehearsal must not end up at the real network.
REHEARSAL_URL = (os.environ.get("REHEARSAL_URL") or "http://127.0.0.1:8001").rstrip("/")
NETWORK_URLS = {
    "x": os.environ.get("X_API_URL", "").rstrip("/"),
    "facebook": os.environ.get("FACEBOOK_API_URL", "").rstrip("/"),
    "threads": os.environ.get("THREADS_API_URL", "").rstrip("/"),
    "instagram": os.environ.get("INSTAGRAM_API_URL", "").rstrip("/"),
    "linkedin": os.environ.get("LINKEDIN_API_URL", "").rstrip("/"),
    "tiktok": os.environ.get("TIKTOK_API_URL", "").rstrip("/"),
}
# The council's own apps at the networks: their public number and their secret. Where they are
# not given here, whoever connects a channel pastes them.
NETWORK_APPS = {
    network: (
        os.environ.get(f"{network.upper()}_APP_ID", ""),
        os.environ.get(f"{network.upper()}_APP_SECRET", ""),
    )
    for network in ("x", "facebook", "instagram", "threads", "linkedin", "tiktok")
}
FACEBOOK_API_VERSION = os.environ.get("FACEBOOK_API_VERSION", "v25.0")
# Year and month; LinkedIn ends each version after about a year.
LINKEDIN_API_VERSION = os.environ.get("LINKEDIN_API_VERSION", "202607")

# Whether residents see posts on the rehearsal networks: where the site is tried, not where it is used.
SHOW_REHEARSAL_POSTS = True

INSTALLED_APPS = [
    "cms",
    "news",
    "home",
    "social_publish",
    "wagtail_modeladmin",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.snippets",
    "wagtail.embeds",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_q",
    "django.contrib.admin",  # its list filters; its pages are not mounted
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "cms.page_cache.PageCache",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.middleware.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.gone.Gone",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# SQLite is safe beside several processes only with these: writers queue up
# instead of failing, and a commit survives a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    # A database that is away, or that vanishes in the midst of an answer, must be noticed in
    # seconds, and not after the system's minutes or hours.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,  # seconds, as all but the last
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,  # milliseconds
    } | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
if REDIS_URL:
    _redis = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # A Redis that is away must cost residents a second at most, and not the system's minutes.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
    CACHES = {"default": _redis, "pages": _redis | {"KEY_PREFIX": "pages"}}
else:
    _memory: dict[str, Any] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    CACHES = {
        "default": _memory,
        # The pages that were not asked for the longest go first.
        "pages": _memory | {"LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 1000}},
    }
# How long a resident's page is kept at most; it goes earlier when anything changes. 0: not kept.
PAGE_CACHE_SECONDS = int(os.environ.get("PAGE_CACHE_SECONDS", "300"))
# A cache in front that understands PURGE, as Varnish does; its own address.
FRONTEND_CACHE_URL = os.environ.get("FRONTEND_CACHE_URL", "")
WAGTAILFRONTENDCACHE: dict[str, dict[str, str]] = {}
if FRONTEND_CACHE_URL:
    WAGTAILFRONTENDCACHE["front"] = {
        "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
        "LOCATION": FRONTEND_CACHE_URL,
    }

# The queue is a wake-up and nothing else: what must be sent stands in the
# deliveries themselves, so a lost or repeated task costs nothing.
Q_CLUSTER = {
    "name": "council",
    "orm": "default",
    "workers": 2,
    # Longer than the longest drain: 30 s of claiming, a look or removal of 45 s, its last call.
    "timeout": 170,
    "retry": 600,
    "queue_limit": 2,
    "bulk": 1,
    "max_attempts": 1,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": 200,
    "poll": 0.2,
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "cms" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # The very bytes that were approved for the networks; never served to the public.
    "post_pictures": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "post_pictures", "base_url": None},
    },
}

# An unreachable mail server must never undo an approval: mail goes out through
# a backend that records the failure and carries on.
EMAIL_BACKEND = "cms.mail.ForgivingEmailBackend"
FORGIVING_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "website@localhost")

WAGTAIL_SITE_NAME = "Council website"
WAGTAILADMIN_BASE_URL = SITE_URL
# Residents who are asked for a password or an account see our own site.
WAGTAIL_PASSWORD_REQUIRED_TEMPLATE = "home/password.html"
WAGTAILDOCS_PASSWORD_REQUIRED_TEMPLATE = "home/password.html"
WAGTAIL_FRONTEND_LOGIN_TEMPLATE = "home/sign_in.html"
LOGIN_REDIRECT_URL = "/"
WAGTAIL_FINISH_WORKFLOW_ACTION = "social_publish.gate.finish"
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_I18N_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "home.CouncilImage"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "txt", "xlsx"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 25 * 1024 * 1024
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "home.admin.rich_text.RichTextArea"}}
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
FORMS_URLFIELD_ASSUME_HTTPS = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = False  # Wagtail's own scripts read it
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "social_publish.redaction.RedactSecrets"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["redact"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # At DEBUG tweepy and its signer write credentials into the log.
        "tweepy": {"level": "INFO"},
        "requests_oauthlib": {"level": "INFO"},
        "oauthlib": {"level": "INFO"},
        "urllib3": {"level": "INFO"},
        # It names hosts that our door does not go to.
        "httpx": {"level": "WARNING"},
        "django-q": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
    },
}
