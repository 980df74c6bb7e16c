"""Every setting, read from the environment once. A wrong value stops the start and names its variable.

The same code runs the demo (SQLite, no broker) and production; only variables differ. See .env.example.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from digest import environment as env
from digest.languages import offered_languages
from digest.mail.limits import Limits
from digest.mail.providers import OWN_BACKENDS, backend_for, fallback_for, smtp_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

environ.Env.read_env(env.text("ENV_FILE", default=str(BASE_DIR / ".env")))
env.refuse_former()

# --- which house this is ----------------------------------------------------------------
DEMO = env.flag("DEMO", default=False)
DEMO_FEEDS = env.text("DEMO_FEEDS", default="")
DEMO_NETWORK = env.flag("DEMO_NETWORK", default=False)
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY", default="demo-only-" + "k" * 50 if DEMO else None)
ADDRESS_HASH_KEY = env.text("ADDRESS_HASH_KEY", default=SECRET_KEY)
ENCRYPTION_KEYS = env.secrets("ENCRYPTION_KEYS")
SITE_NAME = env.text("SITE_NAME", default="Postprint")
SITE_URL = env.site_address("SITE_URL", default="http://localhost:8000" if DEMO else None)
SITE_HOST = urlsplit(SITE_URL).hostname or ""
SECURE = SITE_URL.startswith("https://")
ALLOWED_HOSTS = [
    *env.words("ALLOWED_HOSTS", default=SITE_HOST),
    "localhost",
    "127.0.0.1",
]  # health checks ask from inside
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", default=0)

# --- Django -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "digest.apps.PostprintAdminConfig",  # django.contrib.admin with our own first page
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "anymail",
    "csp",
    "subscriptions",
    "digest",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "digest.views.frame.ask_for_nothing",
    "digest.views.frame.look_up_no_null_character",
    "digest.views.webhooks.RefuseUnreadable",
]
ROOT_URLCONF = "digest.urls"
WSGI_APPLICATION = "digest.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "subscriptions.views.site",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGES = offered_languages(folder=LOCALE_PATHS[0])
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 31_536_000  # seconds; set only when somebody chooses a language
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_HASHED = env.flag("STATIC_HASHED", default=not DEBUG)
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if not STATIC_HASHED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_HASHED
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # what stands at the root of the site: favicon.ico and its like
if DEMO:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # with it the folder of the demo's database

# --- truth and doorbell -----------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'postprint.sqlite3'}")}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
REDIS_URL = env.broker("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL or "memory://"

# --- mail -------------------------------------------------------------------------------
EMAIL_PROVIDER = env.text("EMAIL_PROVIDER", default="file" if DEMO else "smtp")
EMAIL_BACKEND = backend_for(EMAIL_PROVIDER)
OUTGOING_EMAIL_BACKEND = "digest.mail.counted.CountedBackend"  # mails about subscriptions: the same, and counted
EMAIL_FILE_DIR = env.text("EMAIL_FILE_DIR", default=str(VAR_DIR / "outbox"))
EMAIL_TIMEOUT = 30
EMAIL_URL = env.text("EMAIL_URL", default=None if EMAIL_PROVIDER == "smtp" and not DEMO else "smtp://localhost:25")
globals().update(smtp_settings(EMAIL_URL))
EMAIL_LANES = env.number("EMAIL_LANES", default=4, least=1, most=32)
EMAIL_WARM_UP = env.numbers("EMAIL_WARM_UP", default="50,100,500,1000,5000,10000,20000,40000,70000,100000")
EMAIL_BREAKER_ERRORS = env.number("EMAIL_BREAKER_ERRORS", default=5, least=1)
EMAIL_SPREAD_MINUTES = env.number("EMAIL_SPREAD_MINUTES", default=0, most=45)
EMAIL_LIMITS = Limits(
    per_second=env.number("EMAIL_PER_SECOND", default=0),
    per_day=env.number("EMAIL_PER_DAY", default=0),
    warm_up_from=env.day("EMAIL_WARM_UP_FROM"),
    warm_up=EMAIL_WARM_UP,
    errors_in_a_row=EMAIL_BREAKER_ERRORS,
)
EMAIL_FALLBACK_LIMITS = Limits(
    per_second=env.number("EMAIL_FALLBACK_PER_SECOND", default=0),
    per_day=env.number("EMAIL_FALLBACK_PER_DAY", default=0),
    warm_up_from=env.day("EMAIL_FALLBACK_WARM_UP_FROM"),
    warm_up=EMAIL_WARM_UP,
    errors_in_a_row=EMAIL_BREAKER_ERRORS,
)
EMAIL_FALLBACK_PROVIDER = env.text("EMAIL_FALLBACK_PROVIDER", default="")
EMAIL_FALLBACK = fallback_for(
    provider=EMAIL_FALLBACK_PROVIDER,
    main=EMAIL_PROVIDER,
    url=env.text("EMAIL_FALLBACK_URL", default=None if EMAIL_FALLBACK_PROVIDER == "smtp" else "smtp://localhost:25"),
    limits=EMAIL_FALLBACK_LIMITS,
)
EMAIL_BRAKE_PER_READER = env.number("EMAIL_BRAKE_PER_READER", default=3)
EMAIL_BRAKE_TOTAL = env.number("EMAIL_BRAKE_TOTAL", default=0)
EMAIL_BRAKE_BOUNCES = env.percent("EMAIL_BRAKE_BOUNCES", default="5")
EMAIL_BRAKE_COMPLAINTS = env.percent("EMAIL_BRAKE_COMPLAINTS", default="0.1")
EMAIL_BRAKE_FEWEST_MAILS = env.number("EMAIL_BRAKE_FEWEST_MAILS", default=1000)
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")}
NO_WEBHOOK = {EMAIL_PROVIDER, EMAIL_FALLBACK_PROVIDER} <= {"", *OWN_BACKENDS}
WEBHOOK_SECRET = env.pair("WEBHOOK_SECRET", default="" if DEMO or NO_WEBHOOK else None)
# Without a secret nobody may post events: one that nobody knows keeps the webhooks shut.
ANYMAIL["WEBHOOK_SECRET"] = WEBHOOK_SECRET or f"shut:{secrets.token_urlsafe(32)}"
DEFAULT_FROM_EMAIL = env.mailbox("DEFAULT_FROM_EMAIL", default="Postprint <digest@localhost>" if DEMO else None)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
DKIM_DOMAIN = env.domain("DKIM_DOMAIN")
DKIM_SELECTORS = env.words("DKIM_SELECTORS")
SENDING_IPS = env.ip_addresses("SENDING_IPS")
POSTAL_ADDRESS = env.text("POSTAL_ADDRESS", default="" if DEMO else None)
CONTACT_EMAIL = env.mail_address("CONTACT_EMAIL", default="" if DEMO else None)

BOUNCE_ADDRESS = env.mail_address("BOUNCE_ADDRESS", default="")
BOUNCE_IMAP_URL = env.mail_folder("BOUNCE_IMAP_URL")

# --- papers -----------------------------------------------------------------------------
ARXIV_CATEGORIES = env.categories("ARXIV_CATEGORIES", default="cs.AI,cs.CL,cs.CV,cs.LG,stat.ML")
SOURCES: dict[str, dict[str, Any]] = {
    "arxiv": {
        "categories": tuple(ARXIV_CATEGORIES),
        "rss_url": env.text("ARXIV_RSS_URL", default="https://rss.arxiv.org").rstrip("/"),
        "api_url": env.text("ARXIV_API_URL", default="https://export.arxiv.org/api/query"),
        "oai_url": env.text("ARXIV_OAI_URL", default="https://oaipmh.arxiv.org/oai"),
    },
    "arxiv-oai": {
        "categories": tuple(ARXIV_CATEGORIES),
        "oai_url": env.text("ARXIV_OAI_URL", default="https://oaipmh.arxiv.org/oai"),
    },
    "huggingface": {"base_url": env.text("HUGGINGFACE_URL", default="https://huggingface.co").rstrip("/")},
}

# --- the public API ---------------------------------------------------------------------
API_PER_MINUTE = env.number("API_PER_MINUTE", default=60)

# --- libraries that readers follow ------------------------------------------------------
ZOTERO_URL = env.text("ZOTERO_URL", default="https://api.zotero.org").rstrip("/")
ORCID_URL = env.text("ORCID_URL", default="https://pub.orcid.org/v3.0").rstrip("/")
ORCID_TOKEN = env.text("ORCID_TOKEN", default="")

# --- the meaning of texts; without an encoder, words alone ------------------------------
ENCODER = env.model("ENCODER")
ENCODER_PATH = env.text("ENCODER_PATH", default="")
ENCODER_THREADS = env.number("ENCODER_THREADS", default=0)
TASTE_MIN_READERS = env.number("TASTE_MIN_READERS", default=200)

# --- security ---------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "digest.views.errors.no_csrf"
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=SECURE)
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]  # asked from inside the container, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", default=31_536_000 if SECURE else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_HANDLERS = [
    "digest.views.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes: a provider posts its events a thousand at a time
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- logs: never an address, never a link -----------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "digest.logs.BlottingFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": env.choice("LOG_LEVEL", among=("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
    },
    "loggers": {
        "django.server": {"handlers": ["stderr"], "propagate": False},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners ask for any host; the 400 says enough
        "httpx": {"level": "WARNING"},
        "flufl.bounce": {"level": "WARNING"},  # a line for every dialect that it tries
        "bibtexparser": {"level": "CRITICAL"},  # lines of readers' files, as many as they have faults
        "charset_normalizer": {"level": "WARNING"},
    },
}
