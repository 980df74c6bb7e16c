"""The only writers of readers, their interests, their consent and the suppressions. One call, one transaction."""

from subscriptions.services.addresses import change_address, request_address_change
from subscriptions.services.coming_back import come_back
from subscriptions.services.feeds import renew_feed, switch_feed_off
from subscriptions.services.housekeeping import tidy
from subscriptions.services.imports import import_reader, import_readers
from subscriptions.services.learning import (
    add_exclusions,
    forget_paper,
    interest_for_likes,
    name_paper,
    set_profile_fades,
)
from subscriptions.services.libraries import (
    add_papers,
    keep_list,
    link_library,
    settle_list,
    tidy_reports,
    unlink_library,
)
from subscriptions.services.preferences import pause, update_preferences
from subscriptions.services.privacy import erase, export
from subscriptions.services.profiles import delete_profile, draft_profile, draft_wish, save_profile, set_profile_active
from subscriptions.services.sign_up import confirm, request_manage_link, sign_up, unsubscribe
from subscriptions.services.suppression import (
    ask_to_return,
    forget_soft_bounces,
    lift_suppression,
    note_soft_bounce,
    return_to_mail,
    suppress,
)
from subscriptions.services.taste import share_taste

__all__ = [
    "add_exclusions",
    "add_papers",
    "ask_to_return",
    "change_address",
    "come_back",
    "confirm",
    "delete_profile",
    "draft_profile",
    "draft_wish",
    "erase",
    "export",
    "forget_paper",
    "forget_soft_bounces",
    "import_reader",
    "import_readers",
    "interest_for_likes",
    "keep_list",
    "lift_suppression",
    "link_library",
    "name_paper",
    "note_soft_bounce",
    "pause",
    "renew_feed",
    "request_address_change",
    "request_manage_link",
    "return_to_mail",
    "save_profile",
    "set_profile_active",
    "set_profile_fades",
    "settle_list",
    "share_taste",
    "sign_up",
    "suppress",
    "switch_feed_off",
    "tidy",
    "tidy_reports",
    "unlink_library",
    "unsubscribe",
    "update_preferences",
]
