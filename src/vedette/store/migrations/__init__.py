"""How a database comes to its present shape: Alembic's environment; `vedette.store.revisions` runs it."""
