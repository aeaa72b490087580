"""Entrada de Alembic: migra sobre la conexión que le da ``datos.registro.migrar``, dentro de su transacción."""

from __future__ import annotations

from alembic import context

from datos.registro.modelo import Base

conexion = context.config.attributes["connection"]
context.configure(connection=conexion, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
