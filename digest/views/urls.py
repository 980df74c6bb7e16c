"""The pages about papers and digests."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
