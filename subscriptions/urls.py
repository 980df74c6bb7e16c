"""The addresses of a reader's pages. Every one with a token is opened by `behind_link`."""

from django.urls import URLPattern, path

from subscriptions.views import address, confirm, erase, feed, interests, panel, sign_up, suppressed, taste, unsubscribe

urlpatterns: list[URLPattern] = [
    path("subscribe/sent/", sign_up.check_mail, name="check_mail"),
    path("confirm/<token>/", confirm.confirm, name="confirm"),
    path("link/", sign_up.new_link, name="new_link"),
    path("privacy/", sign_up.privacy, name="privacy"),
    path("preferences/<token>/pause/", panel.pause, name="pause"),
    path("preferences/<token>/interests/new/", interests.profile_new, name="profile_new"),
    path("preferences/<token>/interests/<int:profile_id>/", interests.profile_edit, name="profile_edit"),
    path("preferences/<token>/interests/<int:profile_id>/pause/", interests.profile_pause, name="profile_pause"),
    path("preferences/<token>/interests/<int:profile_id>/delete/", interests.profile_delete, name="profile_delete"),
    path("preferences/<token>/taste/", taste.share_taste, name="share_taste"),
    path("preferences/<token>/address/", address.change_address, name="change_address"),
    path("preferences/<token>/return/", suppressed.ask_to_return, name="ask_to_return"),
    path("preferences/<token>/erase/", erase.erase, name="erase"),
    path("preferences/<token>/feed/", feed.my_feed, name="my_feed"),
    path("address/<token>/", address.change_confirm, name="change_confirm"),
    path("return/<token>/", suppressed.return_confirm, name="return_confirm"),
    path("unsubscribe/<token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("unsubscribe/<token>/back/", unsubscribe.come_back, name="come_back"),
    path("u/<token>/", unsubscribe.unsubscribe, name="one_click"),  # short: it stands in a mail's header
]
