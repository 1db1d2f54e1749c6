# PgBouncer 1.24, from Debian.
FROM debian:trixie-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends pgbouncer \
    && rm -rf /var/lib/apt/lists/*
COPY pgbouncer.ini /etc/pgbouncer/doable.ini
USER postgres
EXPOSE 6432
# The password is known only when it runs.
CMD ["sh", "-euc", "umask 077; echo \"\\\"doable_service\\\" \\\"$DOABLE_SERVICE_PASSWORD\\\"\" > /tmp/users.txt; exec pgbouncer /etc/pgbouncer/doable.ini"]
