"""The WSGI entry: `granian --interface wsgi tahsil.project.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tahsil.project.settings")
application = get_wsgi_application()
