"""El contenido de los archivos de evidencia, para que con PostgreSQL vivan en la base y las réplicas no compartan una carpeta."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Crea la tabla, vacía: lo que esté en la carpeta se sigue leyendo de ahí, y «recoger» lo pasa. En SQLite no se usa."""
    op.create_table(
        "contenido",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("contenido", sa.LargeBinary(), nullable=False),
        sa.Column("guardado_en", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_contenido")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Un PDF o una foto ya van comprimidos: intentarlo otra vez solo gasta procesador.
        op.execute("ALTER TABLE contenido ALTER COLUMN contenido SET STORAGE EXTERNAL")
