"""Every address of the site."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("subscriptions.urls")),
    path("", include("digest.views.urls")),
    path("api/", include("digest.api.urls")),
    path("anymail/", include("anymail.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "digest.views.errors.bad_request"
handler403 = "digest.views.errors.forbidden"
handler404 = "digest.views.errors.not_found"
handler500 = "digest.views.errors.server_error"
