"""Alembic's entry point. Doable always passes a connection; see `doable.store.migrate`."""

from alembic import context

from doable.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table_schema=metadata.schema,
    include_schemas=True,
    include_name=lambda name, kind, _: kind != "schema" or name == metadata.schema,
    compare_type=True,
    compare_server_default=True,
    template_args=context.config.attributes.get("template_args"),
)
with context.begin_transaction():
    context.run_migrations()
