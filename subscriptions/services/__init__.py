"""The only writers of readers, their interests, their consent and the suppressions. One call, one transaction."""

from subscriptions.services.addresses import change_address, request_address_change
from subscriptions.services.housekeeping import tidy
from subscriptions.services.imports import import_reader, import_readers
from subscriptions.services.preferences import pause, update_preferences
from subscriptions.services.privacy import erase, export
from subscriptions.services.profiles import delete_profile, save_profile, set_profile_active
from subscriptions.services.sign_up import confirm, request_manage_link, sign_up, unsubscribe
from subscriptions.services.suppression import lift_suppression, suppress

__all__ = [
    "change_address",
    "confirm",
    "delete_profile",
    "erase",
    "export",
    "import_reader",
    "import_readers",
    "lift_suppression",
    "pause",
    "request_address_change",
    "request_manage_link",
    "save_profile",
    "set_profile_active",
    "sign_up",
    "suppress",
    "tidy",
    "unsubscribe",
    "update_preferences",
]
