"""The entry point of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")

# What is loaded at the start stays: it is not looked through for waste, then or later.
gc.disable()
application = get_wsgi_application()
gc.freeze()
gc.enable()
