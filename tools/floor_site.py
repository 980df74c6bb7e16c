"""The site with one page more: the plainest that Django can make of twenty rows, as a floor beside the others."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from digest.models import Paper
from digest.urls import handler400, handler403, handler404, handler500
from digest.urls import urlpatterns as site_patterns

ROWS = 20
TEMPLATE = """<!DOCTYPE html><html lang="en"><head><title>Papers</title></head><body><h1>Papers</h1><ul>
{% for paper in papers %}<li><h2>{{ paper.title }}</h2><p>{{ paper.abstract }}</p></li>{% endfor %}
</ul></body></html>"""

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

template = engines["django"].from_string(TEMPLATE)


def floor(request: HttpRequest) -> HttpResponse:
    """Render twenty rows, found by their ids."""
    papers = Paper.objects.filter(pk__lte=ROWS).order_by("pk")
    return HttpResponse(template.render({"papers": papers}, request))


urlpatterns = [path("floor/", floor), *site_patterns]
