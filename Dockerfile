# The twin as an image: the locked dependencies and the wheel, nothing else. The base is pinned by the digest of its index, which
# Dependabot moves; docs/decisions/0023 says where this one is from.
FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
WORKDIR /src
COPY requirements/build.txt requirements/build.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY docs/pictures/finding.txt docs/pictures/failing-test.txt docs/pictures/
COPY mockserver mockserver
COPY contract_tests contract_tests
COPY openapi openapi
COPY fixtures fixtures
COPY docs/facts.md docs/semantics.md docs/
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist .

FROM python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
ENV PYTHONUNBUFFERED=1 PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1
# The number stays the same, as volumes outlive images; a new volume takes the owner and mode of the folder in the image.
RUN useradd --system --uid 900 --no-create-home --shell /usr/sbin/nologin twin \
    && install -d -o twin -m 0700 /var/lib/usagetwin \
    && install -d -o twin -m 0755 /run/usagetwin
ENV USAGETWIN_CA_DIR=/var/lib/usagetwin
WORKDIR /opt/usagetwin
COPY requirements/run.txt requirements/run.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY --from=build /src/dist dist
RUN pip install --no-cache-dir --no-deps --no-index dist/*.whl
USER twin
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["usagetwin", "health", "http://127.0.0.1:8080"]
CMD ["usagetwin", "serve", "--host", "0.0.0.0", "--port", "8080"]
