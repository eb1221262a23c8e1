# One image for web, worker and beat; compose.yaml says which command each runs.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.txt /
RUN python -m venv /venv && /venv/bin/pip install --quiet -r /requirements.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data STATIC_ROOT=/app/.static HOST=0.0.0.0 PORT=8000 WEB_CONCURRENCY=2
RUN useradd --system --uid 10001 --home-dir /data --create-home pharos
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
# The files are hashed and compressed while the image is made; no secret of this step reaches the image.
RUN DATA_DIR=/tmp/build python manage.py collectstatic --noinput -v 0 && rm -rf /tmp/build
USER pharos
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]
