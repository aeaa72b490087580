"""El registro completo: Mesas, sesiones, acuerdos, lo que cuelga de ellos, borradores y la bitácora que no se reescribe."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_NEGATIVA = "la bitácora no se cambia ni se borra"


def upgrade() -> None:
    """Crea las tablas y los disparadores que protegen la bitácora."""
    op.create_table(
        "ajuste",
        sa.Column("clave", sa.String(length=64), nullable=False),
        sa.Column("valor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("clave", name=op.f("pk_ajuste")),
    )
    op.create_table(
        "bitacora",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("cuando", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quien", sa.String(length=240), nullable=False),
        sa.Column("nombre", sa.String(length=240), nullable=False),
        sa.Column("rol", sa.String(length=16), nullable=False),
        sa.Column("accion", sa.String(length=24), nullable=False),
        sa.Column("objeto", sa.String(length=24), nullable=False),
        sa.Column("objeto_id", sa.String(length=240), nullable=False),
        sa.Column("mesa", sa.String(length=64), nullable=False),
        sa.Column("acuerdo", sa.String(length=32), nullable=False),
        sa.Column("antes", _JSON, nullable=True),
        sa.Column("despues", _JSON, nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bitacora")),
    )
    op.create_index(op.f("ix_bitacora_acuerdo"), "bitacora", ["acuerdo"], unique=False)
    op.create_index(op.f("ix_bitacora_mesa"), "bitacora", ["mesa"], unique=False)
    op.create_index(op.f("ix_bitacora_objeto_id"), "bitacora", ["objeto_id"], unique=False)
    op.create_table(
        "borrador",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("cuenta", sa.String(length=240), nullable=False),
        sa.Column("asunto", sa.String(length=240), nullable=False),
        sa.Column("mesa", sa.String(length=64), nullable=False),
        sa.Column("contenido", _JSON, nullable=False),
        sa.Column("guardado_en", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_borrador")),
    )
    op.create_index("uq_borrador_cuenta_asunto", "borrador", ["cuenta", "asunto"], unique=True)
    op.create_table(
        "mesa",
        sa.Column("clave", sa.String(length=64), nullable=False),
        sa.Column("nombre", sa.String(length=240), nullable=False),
        sa.Column("entidades", _JSON, nullable=False),
        sa.Column("municipios", _JSON, nullable=False),
        sa.Column("activa_desde", sa.Date(), nullable=True),
        sa.Column("activa_hasta", sa.Date(), nullable=True),
        sa.Column("fuente", sa.Text(), nullable=False),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.Column("por_confirmar", sa.Boolean(), nullable=False),
        sa.Column("publica", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirado_porque", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("clave", name=op.f("pk_mesa")),
    )
    op.create_table(
        "persona",
        sa.Column("correo", sa.String(length=240), nullable=False),
        sa.Column("nombre", sa.String(length=240), nullable=False),
        sa.Column("rol", sa.String(length=16), nullable=False),
        sa.Column("mesas", _JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirado_porque", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("correo", name=op.f("pk_persona")),
    )
    op.create_table(
        "integrante",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mesa", sa.String(length=64), nullable=False),
        sa.Column("institucion", sa.String(length=240), nullable=False),
        sa.Column("lado", sa.String(length=16), nullable=False),
        sa.Column("representante", sa.String(length=240), nullable=False),
        sa.Column("desde", sa.Date(), nullable=True),
        sa.Column("hasta", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirado_porque", sa.Text(), nullable=True),
        sa.CheckConstraint("lado IN ('autoridad', 'ciudadania')", name=op.f("ck_integrante_lado")),
        sa.ForeignKeyConstraint(["mesa"], ["mesa.clave"], name=op.f("fk_integrante_mesa")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrante")),
    )
    op.create_index(op.f("ix_integrante_mesa"), "integrante", ["mesa"], unique=False)
    op.create_table(
        "sesion",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mesa", sa.String(length=64), nullable=False),
        sa.Column("numero", sa.Integer(), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("tipo", sa.String(length=16), nullable=False),
        sa.Column("comision", sa.String(length=240), nullable=False),
        sa.Column("lugar", sa.String(length=240), nullable=False),
        sa.Column("estado", sa.String(length=16), nullable=False),
        sa.Column("notas", sa.Text(), nullable=False),
        sa.Column("minuta", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirado_porque", sa.Text(), nullable=True),
        sa.CheckConstraint("estado IN ('abierta', 'cerrada')", name=op.f("ck_sesion_estado")),
        sa.CheckConstraint("tipo IN ('plenaria', 'comisión', 'extraordinaria')", name=op.f("ck_sesion_tipo")),
        sa.ForeignKeyConstraint(["mesa"], ["mesa.clave"], name=op.f("fk_sesion_mesa")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sesion")),
    )
    op.create_index(op.f("ix_sesion_mesa"), "sesion", ["mesa"], unique=False)
    op.create_table(
        "acuerdo",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mesa", sa.String(length=64), nullable=False),
        sa.Column("folio", sa.String(length=40), nullable=False),
        sa.Column("sesion", sa.String(length=32), nullable=True),
        sa.Column("comision", sa.String(length=240), nullable=False),
        sa.Column("texto", sa.Text(), nullable=False),
        sa.Column("tipo", sa.String(length=16), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("autoridad_responsable", sa.Text(), nullable=False),
        sa.Column("corresponsable_ciudadano", sa.Text(), nullable=False),
        sa.Column("sin_responsable_porque", sa.Text(), nullable=False),
        sa.Column("municipios", _JSON, nullable=False),
        sa.Column("delitos", _JSON, nullable=False),
        sa.Column("canasta", sa.String(length=64), nullable=False),
        sa.Column("signo_esperado", sa.String(length=8), nullable=False),
        sa.Column("inicio_efecto", sa.Date(), nullable=False),
        sa.Column("rezago_meses", sa.Integer(), nullable=False),
        sa.Column("meta_valor", sa.Float(), nullable=True),
        sa.Column("meta_pct", sa.Float(), nullable=True),
        sa.Column("meta_fecha", sa.Date(), nullable=True),
        sa.Column("sin_meta_porque", sa.Text(), nullable=False),
        sa.Column("base_desde", sa.Date(), nullable=True),
        sa.Column("base_hasta", sa.Date(), nullable=True),
        sa.Column("base_valor", sa.Integer(), nullable=True),
        sa.Column("base_cortes", _JSON, nullable=False),
        sa.Column("base_congelada_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("base_motivo", sa.Text(), nullable=False),
        sa.Column("plazo_original", sa.Date(), nullable=True),
        sa.Column("plazo", sa.Date(), nullable=True),
        sa.Column("sin_plazo_porque", sa.Text(), nullable=False),
        sa.Column("publico", sa.Boolean(), nullable=False),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.Column("fuente", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirado_porque", sa.Text(), nullable=True),
        sa.CheckConstraint("signo_esperado IN ('baja', 'alza')", name=op.f("ck_acuerdo_signo_esperado")),
        sa.CheckConstraint("tipo IN ('acción', 'gestión', 'normativo', 'medición')", name=op.f("ck_acuerdo_tipo")),
        sa.CheckConstraint("rezago_meses BETWEEN 0 AND 3", name=op.f("ck_acuerdo_rezago_meses")),
        sa.ForeignKeyConstraint(["mesa"], ["mesa.clave"], name=op.f("fk_acuerdo_mesa")),
        sa.ForeignKeyConstraint(["sesion"], ["sesion.id"], name=op.f("fk_acuerdo_sesion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acuerdo")),
    )
    op.create_index("ix_acuerdo_mesa_folio", "acuerdo", ["mesa", "folio"], unique=False)
    op.create_index(op.f("ix_acuerdo_sesion"), "acuerdo", ["sesion"], unique=False)
    op.create_index(
        "uq_acuerdo_mesa_folio_vigente",
        "acuerdo",
        ["mesa", "folio"],
        unique=True,
        sqlite_where=sa.text("retirado_en IS NULL"),
        postgresql_where=sa.text("retirado_en IS NULL"),
    )
    op.create_table(
        "asistencia",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mesa", sa.String(length=64), nullable=False),
        sa.Column("sesion", sa.String(length=32), nullable=False),
        sa.Column("institucion", sa.String(length=240), nullable=False),
        sa.Column("lado", sa.String(length=16), nullable=False),
        sa.Column("representante", sa.String(length=240), nullable=False),
        sa.Column("estado", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirado_porque", sa.Text(), nullable=True),
        sa.CheckConstraint("estado IN ('presente', 'ausente', 'justificada')", name=op.f("ck_asistencia_estado")),
        sa.CheckConstraint("lado IN ('autoridad', 'ciudadania')", name=op.f("ck_asistencia_lado")),
        sa.ForeignKeyConstraint(["mesa"], ["mesa.clave"], name=op.f("fk_asistencia_mesa")),
        sa.ForeignKeyConstraint(["sesion"], ["sesion.id"], name=op.f("fk_asistencia_sesion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asistencia")),
    )
    op.create_index(op.f("ix_asistencia_mesa"), "asistencia", ["mesa"], unique=False)
    op.create_index("uq_asistencia_sesion_institucion", "asistencia", ["sesion", "institucion"], unique=True)
    op.create_table(
        "evaluacion",
        sa.Column("corte", sa.Date(), nullable=False),
        sa.Column("version_metodo", sa.String(length=40), nullable=False),
        sa.Column("salida", _JSON, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mesa", sa.String(length=64), nullable=False),
        sa.Column("acuerdo", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirado_porque", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["acuerdo"], ["acuerdo.id"], name=op.f("fk_evaluacion_acuerdo")),
        sa.ForeignKeyConstraint(["mesa"], ["mesa.clave"], name=op.f("fk_evaluacion_mesa")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluacion")),
    )
    op.create_index(op.f("ix_evaluacion_acuerdo"), "evaluacion", ["acuerdo"], unique=False)
    op.create_index(op.f("ix_evaluacion_mesa"), "evaluacion", ["mesa"], unique=False)
    op.create_table(
        "hito",
        sa.Column("descripcion", sa.Text(), nullable=False),
        sa.Column("lado", sa.String(length=16), nullable=False),
        sa.Column("inicio", sa.Date(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=False),
        sa.Column("ponderador", sa.Integer(), nullable=False),
        sa.Column("cumplido_en", sa.Date(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mesa", sa.String(length=64), nullable=False),
        sa.Column("acuerdo", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirado_porque", sa.Text(), nullable=True),
        sa.CheckConstraint("lado IN ('autoridad', 'ciudadania')", name=op.f("ck_hito_lado")),
        sa.CheckConstraint("ponderador BETWEEN 0 AND 100", name=op.f("ck_hito_ponderador")),
        sa.ForeignKeyConstraint(["acuerdo"], ["acuerdo.id"], name=op.f("fk_hito_acuerdo")),
        sa.ForeignKeyConstraint(["mesa"], ["mesa.clave"], name=op.f("fk_hito_mesa")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hito")),
    )
    op.create_index(op.f("ix_hito_acuerdo"), "hito", ["acuerdo"], unique=False)
    op.create_index(op.f("ix_hito_mesa"), "hito", ["mesa"], unique=False)
    op.create_table(
        "reprogramacion",
        sa.Column("de", sa.Date(), nullable=True),
        sa.Column("a", sa.Date(), nullable=False),
        sa.Column("motivo", sa.Text(), nullable=False),
        sa.Column("quien", sa.String(length=240), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("sesion", sa.String(length=32), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mesa", sa.String(length=64), nullable=False),
        sa.Column("acuerdo", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirado_porque", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["acuerdo"], ["acuerdo.id"], name=op.f("fk_reprogramacion_acuerdo")),
        sa.ForeignKeyConstraint(["mesa"], ["mesa.clave"], name=op.f("fk_reprogramacion_mesa")),
        sa.ForeignKeyConstraint(["sesion"], ["sesion.id"], name=op.f("fk_reprogramacion_sesion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reprogramacion")),
    )
    op.create_index(op.f("ix_reprogramacion_acuerdo"), "reprogramacion", ["acuerdo"], unique=False)
    op.create_index(op.f("ix_reprogramacion_mesa"), "reprogramacion", ["mesa"], unique=False)
    op.create_table(
        "seguimiento",
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("cumplimiento", sa.Integer(), nullable=False),
        sa.Column("nota", sa.Text(), nullable=False),
        sa.Column("quien", sa.String(length=240), nullable=False),
        sa.Column("sesion", sa.String(length=32), nullable=True),
        sa.Column("importado", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mesa", sa.String(length=64), nullable=False),
        sa.Column("acuerdo", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirado_porque", sa.Text(), nullable=True),
        sa.CheckConstraint("cumplimiento BETWEEN 1 AND 5", name=op.f("ck_seguimiento_cumplimiento")),
        sa.ForeignKeyConstraint(["acuerdo"], ["acuerdo.id"], name=op.f("fk_seguimiento_acuerdo")),
        sa.ForeignKeyConstraint(["mesa"], ["mesa.clave"], name=op.f("fk_seguimiento_mesa")),
        sa.ForeignKeyConstraint(["sesion"], ["sesion.id"], name=op.f("fk_seguimiento_sesion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seguimiento")),
    )
    op.create_index(op.f("ix_seguimiento_acuerdo"), "seguimiento", ["acuerdo"], unique=False)
    op.create_index(op.f("ix_seguimiento_mesa"), "seguimiento", ["mesa"], unique=False)
    op.create_table(
        "evidencia",
        sa.Column("seguimiento", sa.String(length=32), nullable=True),
        sa.Column("clase", sa.String(length=16), nullable=False),
        sa.Column("titulo", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("archivo", sa.String(length=240), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("tipo", sa.String(length=16), nullable=False),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("publica", sa.Boolean(), nullable=False),
        sa.Column("entregada_por", sa.String(length=240), nullable=False),
        sa.Column("entregada_nombre", sa.String(length=240), nullable=False),
        sa.Column("verificada_por", sa.String(length=240), nullable=False),
        sa.Column("verificada_nombre", sa.String(length=240), nullable=False),
        sa.Column("verificada_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verificacion_nota", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("mesa", sa.String(length=64), nullable=False),
        sa.Column("acuerdo", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creado_en", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retirado_en", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retirado_porque", sa.Text(), nullable=True),
        sa.CheckConstraint("clase IN ('archivo', 'liga')", name=op.f("ck_evidencia_clase")),
        sa.ForeignKeyConstraint(["acuerdo"], ["acuerdo.id"], name=op.f("fk_evidencia_acuerdo")),
        sa.ForeignKeyConstraint(["mesa"], ["mesa.clave"], name=op.f("fk_evidencia_mesa")),
        sa.ForeignKeyConstraint(["seguimiento"], ["seguimiento.id"], name=op.f("fk_evidencia_seguimiento")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidencia")),
    )
    op.create_index(op.f("ix_evidencia_acuerdo"), "evidencia", ["acuerdo"], unique=False)
    op.create_index(op.f("ix_evidencia_mesa"), "evidencia", ["mesa"], unique=False)
    op.create_index(op.f("ix_evidencia_seguimiento"), "evidencia", ["seguimiento"], unique=False)
    op.create_index(op.f("ix_evidencia_sha256"), "evidencia", ["sha256"], unique=False)

    for sentencia in _DE_POSTGRES if op.get_bind().dialect.name == "postgresql" else _DE_SQLITE:
        op.execute(sentencia)


# En SQLite, un INSERT OR REPLACE también borraría: por eso se rechaza repetir un id.
_DE_SQLITE = (
    f"CREATE TRIGGER bitacora_sin_cambios BEFORE UPDATE ON bitacora BEGIN SELECT RAISE(ABORT, '{_NEGATIVA}'); END",
    f"CREATE TRIGGER bitacora_sin_borrar BEFORE DELETE ON bitacora BEGIN SELECT RAISE(ABORT, '{_NEGATIVA}'); END",
    "CREATE TRIGGER bitacora_sin_reemplazar BEFORE INSERT ON bitacora "
    "WHEN EXISTS (SELECT 1 FROM bitacora WHERE id = NEW.id) "
    f"BEGIN SELECT RAISE(ABORT, '{_NEGATIVA}'); END",
)
_DE_POSTGRES = (
    "CREATE FUNCTION bitacora_negar() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_NEGATIVA}'; END $$",
    "CREATE TRIGGER bitacora_sin_cambios BEFORE UPDATE OR DELETE ON bitacora "
    "FOR EACH ROW EXECUTE FUNCTION bitacora_negar()",
    "CREATE TRIGGER bitacora_sin_vaciar BEFORE TRUNCATE ON bitacora "
    "FOR EACH STATEMENT EXECUTE FUNCTION bitacora_negar()",
)
