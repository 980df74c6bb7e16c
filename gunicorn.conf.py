"""How gunicorn serves the site. Its own variables WEB_CONCURRENCY and GUNICORN_CMD_ARGS have the last word."""

bind = "0.0.0.0:8000"
workers = 2  # WEB_CONCURRENCY says another number
threads = 4
limit_request_line = 8190  # bytes, gunicorn's highest: a search may be long, and each Chinese character takes nine
timeout = 30  # seconds; no page waits for a mail or a source, so a longer wait is a fault
max_requests = 5000
max_requests_jitter = 500
preload_app = True  # a wrong setting ends the start at once; workers share what is loaded

# No address of a reader and no signed link in a log: paths are blotted, clients and queries are left out.
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(M)sms"
logconfig_dict = {
    "formatters": {
        "generic": {"()": "digest.logs.BlottingFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "loggers": {
        "gunicorn.error": {"handlers": ["error_console"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
