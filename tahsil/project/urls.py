"""Every address of the program."""

from django.urls import include, path

urlpatterns = [path("api/", include("tahsil.api.urls")), path("", include("tahsil.web.urls"))]
