"""The pages of a reader."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
