"""A real PostgreSQL for every test: one embedded server per machine, one migrated template, one clone per worker."""
