"""The pages about papers, digests and the service itself."""

from django.urls import URLPattern, path

from digest.views import (
    calendar,
    digest,
    feedback,
    health,
    held,
    history,
    home,
    inbox,
    learnt,
    overview,
    preview,
    saved,
    topics,
    why,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("digest/<token>/", digest.digest, name="digest"),
    path("digest/<token>/save/", saved.save_from_digest, name="save_from_digest"),
    path("why/<token>/", why.why, name="why"),
    path("why/<token>/save/", saved.save, name="save"),
    path("more/<token>/", feedback.more, name="more"),
    path("less/<token>/", feedback.less, name="less"),
    path("less/<token>/topics/", topics.topics, name="topics"),
    path("preferences/<token>/", overview.manage, name="manage"),
    path("preferences/<token>/interests/<int:profile_id>/learnt/", learnt.learnt, name="learnt"),
    path("preferences/<token>/interests/<int:profile_id>/forget/", learnt.learnt_forget, name="learnt_forget"),
    path("preferences/<token>/interests/<int:profile_id>/fades/", learnt.learnt_fades, name="learnt_fades"),
    path("preferences/<token>/interests/preview/", preview.interest_preview_new, name="interest_preview_new"),
    path("preferences/<token>/interests/<int:profile_id>/preview/", preview.interest_preview, name="interest_preview"),
    path("preferences/<token>/history/", history.history, name="history"),
    path("preferences/<token>/calendar/", calendar.calendar, name="calendar"),
    path("preferences/<token>/saved/", saved.saved, name="saved"),
    path("preferences/<token>/saved/remove/", saved.saved_remove, name="saved_remove"),
    path("preferences/<token>/saved/learn/", saved.saved_learn, name="saved_learn"),
    path("preferences/<token>/held/", held.held, name="held"),
    path("preferences/<token>/export/", held.export, name="export"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<name>/", inbox.inbox_mail, name="inbox_mail"),
    path("inbox/<name>/html/", inbox.inbox_html, name="inbox_html"),
    path("healthz/", health.healthz, name="healthz"),
]
