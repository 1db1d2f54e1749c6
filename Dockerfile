# The service as an image: `docker build -t doable .` needs nothing but this directory.
#
#   docker run -p 127.0.0.1:8000:8000 -v doable:/data doable     # with its own PostgreSQL, in the volume
#   docker run -p 127.0.0.1:8000:8000 -e DATABASE_URL=… doable   # with yours
ARG PYTHON=3.13

# The app is the same on every machine, so it is built on the one that builds.
FROM --platform=$BUILDPLATFORM node:24-slim AS web
WORKDIR /build
COPY web/package.json web/package-lock.json web/
RUN npm ci --prefix web --ignore-scripts --no-audit --no-fund
COPY clients/typescript/src clients/typescript/src
COPY web web
RUN npm run build --prefix web

FROM python:${PYTHON}-slim AS build
RUN pip install --no-cache-dir uv==0.13.8
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/doable
WORKDIR /build
# What changes seldom comes first, so that a change of our code does not install everything anew.
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --all-extras --no-install-project
COPY README.md LICENSE ./
COPY src src
COPY --from=web /build/src/doable/web/app src/doable/web/app
RUN uv sync --locked --no-dev --all-extras --no-editable

FROM python:${PYTHON}-slim
# PostgreSQL refuses to run as root, and wants its user to have a name.
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin doable \
    && install --directory --owner doable --group doable --mode 0700 /data
COPY --from=build /opt/doable /opt/doable
ENV PATH=/opt/doable/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000 DOABLE_DATA_DIR=/data
USER doable
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/health\", timeout=4)"]
ENTRYPOINT ["doable"]
CMD ["serve"]
