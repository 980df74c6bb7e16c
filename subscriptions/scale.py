"""A choice between steps that have an order, as a slider with its steps in words below it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LONGEST_NUMBER = 3  # digits


class ScaleInput(forms.Select):
    """A slider. It sends the number of a step; the step's own word is understood as well.

    `data-words` holds the words of all steps, so that a script can say the chosen one to a screen reader.
    """

    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: MultiValueDict[str, Any],  # noqa: ARG002 - Django's signature
        name: str,
    ) -> Any:
        """Turn the number of a step into its word; anything else is left for the field to judge."""
        sent, steps = data.get(name), self.steps()
        if isinstance(sent, str) and sent.isascii() and sent.isdigit() and len(sent) < LONGEST_NUMBER:
            return steps[int(sent)] if int(sent) < len(steps) else sent
        return sent

    def steps(self) -> list[str]:
        """Give the words that are stored, in order."""
        return [str(value) for value, _ in self.choices]

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,  # noqa: ARG002 - Django's signature
    ) -> SafeString:
        """Write the slider and its steps; a value that is no step is shown as the middle."""
        steps, labels = self.steps(), [str(label) for _, label in self.choices]
        at = steps.index(str(value)) if str(value) in steps else len(steps) // 2
        own = {"type": "range", "name": name, "min": 0, "max": len(steps) - 1, "step": 1, "value": at}
        told = {"data-words": "|".join(labels)}
        words = format_html_join("", "<li>{}</li>", ((label,) for label in labels))
        attributes = flatatt(self.build_attrs(self.attrs, {**own, **told, **(attrs or {})}))
        return format_html('<div class="scale"><input{}><ol>{}</ol></div>', attributes, words)
