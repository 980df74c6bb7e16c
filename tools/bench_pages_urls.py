"""The site's addresses, and one page more: twenty papers by their keys, each a row, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from digest.models import Paper
from digest.urls import handler404, handler500, urlpatterns  # noqa: F401 - this is a URLconf

PAGE = Template(
    "<!DOCTYPE html><title>Rows</title><table>{% for paper in papers %}"
    "<tr><td>{{ paper.title }}</td><td>{{ paper.abstract }}</td></tr>{% endfor %}</table>"
)
ROWS = 20


def floor(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django hands every view its request
    """Render twenty rows."""
    first = Paper.objects.order_by("pk")[:ROWS]
    return HttpResponse(PAGE.render(Context({"papers": list(first)})))


urlpatterns = [*urlpatterns, path("floor/", floor)]
