"""The pages about papers, digests and the service itself."""

from django.urls import URLPattern, path

from digest.views import archive, digest, feedback, health, held, home, inbox, learnt, paper, preview, search, topics
from digest.views import digest, feedback, health, held, home, inbox, learnt, preview, saved, topics, why
from digest.views import library

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("trending/", search.trending, name="trending"),
    path("trending/<str:period>/", search.trending, name="trending_period"),
    path("archive/", archive.archive, name="archive"),
    path("archive/<int:year>/<int:month>/", archive.month, name="archive_month"),
    path("archive/<str:day>/", archive.day, name="archive_day"),
    path("category/<str:code>/", archive.category, name="category"),
    path("papers/<int:paper_id>/", paper.paper, name="paper"),
    path("papers/<int:paper_id>/cite/<str:form>/", paper.cite, name="cite"),
    path("papers/<int:paper_id>/like/", paper.more_like, name="more_like"),
    path("digest/<token>/", digest.digest, name="digest"),
    path("digest/<token>/save/", saved.save_from_digest, name="save_from_digest"),
    path("why/<token>/", why.why, name="why"),
    path("why/<token>/save/", saved.save, name="save"),
    path("more/<token>/", feedback.more, name="more"),
    path("less/<token>/", feedback.less, name="less"),
    path("less/<token>/topics/", topics.topics, name="topics"),
    path("preferences/<token>/interests/<int:profile_id>/learnt/", learnt.learnt, name="learnt"),
    path("preferences/<token>/interests/<int:profile_id>/forget/", learnt.learnt_forget, name="learnt_forget"),
    path("preferences/<token>/interests/<int:profile_id>/fades/", learnt.learnt_fades, name="learnt_fades"),
    path("preferences/<token>/interests/preview/", preview.interest_preview_new, name="interest_preview_new"),
    path("preferences/<token>/interests/<int:profile_id>/preview/", preview.interest_preview, name="interest_preview"),
    path("preferences/<token>/history/", held.history, name="history"),
    path("preferences/<token>/saved/", saved.saved, name="saved"),
    path("preferences/<token>/saved/remove/", saved.saved_remove, name="saved_remove"),
    path("preferences/<token>/saved/learn/", saved.saved_learn, name="saved_learn"),
    path("preferences/<token>/library/", library.library, name="library"),
    path("preferences/<token>/library/follow/<str:kind>/", library.library_link, name="library_link"),
    path("preferences/<token>/library/unfollow/", library.library_unlink, name="library_unlink"),
    path("preferences/<token>/library/lists/<int:import_id>/", library.library_report, name="library_report"),
    path("preferences/<token>/library/out/<str:form>/", library.library_download, name="library_download"),
    path("preferences/<token>/export/", held.export, name="export"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<name>/", inbox.inbox_mail, name="inbox_mail"),
    path("inbox/<name>/html/", inbox.inbox_html, name="inbox_html"),
    path("healthz/", health.healthz, name="healthz"),
]
