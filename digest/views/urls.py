"""The pages about papers, digests and the service itself."""

from django.urls import URLPattern, path

from digest.views import digest, feedback, feeds, health, held, home, inbox, learnt, preview, topics

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("digest/<token>/", digest.digest, name="digest"),
    path("more/<token>/", feedback.more, name="more"),
    path("less/<token>/", feedback.less, name="less"),
    path("less/<token>/topics/", topics.topics, name="topics"),
    path("preferences/<token>/interests/<int:profile_id>/learnt/", learnt.learnt, name="learnt"),
    path("preferences/<token>/interests/<int:profile_id>/forget/", learnt.learnt_forget, name="learnt_forget"),
    path("preferences/<token>/interests/<int:profile_id>/fades/", learnt.learnt_fades, name="learnt_fades"),
    path("preferences/<token>/interests/preview/", preview.interest_preview_new, name="interest_preview_new"),
    path("preferences/<token>/interests/<int:profile_id>/preview/", preview.interest_preview, name="interest_preview"),
    path("preferences/<token>/history/", held.history, name="history"),
    path("preferences/<token>/export/", held.export, name="export"),
    path("feeds/trending.<form>", feeds.feed_trending, name="feed_trending"),
    path("feeds/category/<code>.<form>", feeds.feed_category, name="feed_category"),
    path("feeds/mine/<token>.<form>", feeds.feed_mine, name="feed_mine"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<name>/", inbox.inbox_mail, name="inbox_mail"),
    path("inbox/<name>/html/", inbox.inbox_html, name="inbox_html"),
    path("healthz/", health.healthz, name="healthz"),
]
