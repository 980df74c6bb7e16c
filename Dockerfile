# One image for web, worker, beat and migrations; docker-compose.yml gives each its command.
FROM python:3.11-slim AS packages
# SEMANTIC=0 leaves out what the meaning of texts needs, some 150 MB: docker compose build --build-arg SEMANTIC=0
ARG SEMANTIC=1
COPY requirements/base.txt requirements/semantic.txt /requirements/
RUN python -m venv /venv && if [ "$SEMANTIC" = 1 ]; then chosen=semantic; else chosen=base; fi \
    && /venv/bin/pip install --no-cache-dir --require-hashes --requirement "/requirements/$chosen.txt"

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GUNICORN_CMD_ARGS="--worker-tmp-dir /dev/shm"
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin postprint
WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py gunicorn.conf.py ./
COPY digest digest
COPY subscriptions subscriptions
COPY templates templates
COPY static static
COPY locale locale
# The invented settings are there for this one command; nothing of them stays in the image.
RUN --mount=type=bind,source=tests/production.env,target=/tmp/build.env \
    ENV_FILE=/tmp/build.env python manage.py collectstatic --noinput \
    && mkdir -p var/outbox var/encoder && chown postprint var/outbox var/encoder
USER postprint
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://localhost:8000/healthz/', timeout=4)"]
CMD ["gunicorn", "digest.wsgi"]
