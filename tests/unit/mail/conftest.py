"""What the tests of mail ask for by name."""

import pytest
from django.conf import LazySettings

from tests.unit.mail.fakes import ScriptedBackend


@pytest.fixture
def provider(settings: LazySettings) -> type[ScriptedBackend]:
    """A provider that does what the test tells it to."""
    settings.EMAIL_BACKEND = "tests.unit.mail.fakes.ScriptedBackend"
    settings.EMAIL_PROVIDER = "scripted"
    ScriptedBackend.reset()
    return ScriptedBackend


@pytest.fixture
def site(settings: LazySettings) -> LazySettings:
    """A site as production has it."""
    settings.SITE_NAME = "Postprint"
    settings.SITE_URL = "https://papers.example.org"
    settings.DEFAULT_FROM_EMAIL = "Postprint <digest@papers.example.org>"
    settings.CONTACT_EMAIL = ""
    settings.POSTAL_ADDRESS = "Postprint, 12 Example Street, 10115 Berlin, Germany"
    return settings
