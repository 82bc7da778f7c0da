"""Every address of the program."""

from django.urls import include, path

handler500 = "tahsil.web.pages.fault"
urlpatterns = [path("api/", include("tahsil.api.urls")), path("", include("tahsil.web.urls"))]
