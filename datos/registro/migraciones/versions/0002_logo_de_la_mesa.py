"""El logotipo de cada Mesa, que va en lo que sale del tablero con su nombre."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Agrega la columna, vacía. Lo que la bitácora dijo antes no la trae: al reconstruir vale lo mismo."""
    op.add_column("mesa", sa.Column("logo", sa.Text(), server_default="", nullable=False))
