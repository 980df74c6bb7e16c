"""A service said no: its sentence is put where the person looks, with the status that fits."""

from django import forms

from subscriptions.errors import SubscriptionError, TooManyRequests


def refuse(*, form: forms.BaseForm, error: SubscriptionError) -> int:
    """Put the sentence beside the field that it is about. This function will give the HTTP status of the answer."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
    return 429 if isinstance(error, TooManyRequests) else 400
