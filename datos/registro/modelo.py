"""El modelo del registro: Mesas, sesiones, acuerdos y lo que cuelga de ellos. Vale igual en SQLite y en PostgreSQL.

Todo renglón que una persona escribe lleva ``version`` (sube en cada cambio y delata a quien editaba sobre lo viejo) y se
retira con su razón en lugar de borrarse. El cumplimiento vive en ``seguimiento``; el efecto, en ``evaluacion``: son dos
cosas y ninguna tabla las junta.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import uuid4

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from datos.plantilla.columnas import SIGNOS, TIPOS

LARGO_CLAVE, LARGO_NOMBRE = 64, 240
LADOS = ("autoridad", "ciudadania")
TIPOS_DE_SESION = ("plenaria", "comisión", "extraordinaria")
ESTADOS_DE_SESION = ("abierta", "cerrada")
ASISTENCIAS = ("presente", "ausente", "justificada")
CLASES_DE_EVIDENCIA = ("archivo", "liga")


class Instante(TypeDecorator[datetime]):
    """Fecha y hora en UTC, también donde la base no guarda la zona."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """Lo que entra y sale."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """A UTC antes de guardar."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Con su zona al leer."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")


def nueva_clave() -> str:
    """Un identificador que no se adivina ni choca con los de otra máquina."""
    return uuid4().hex


def _uno_de(columna: str, opciones: tuple[str, ...]) -> CheckConstraint:
    lista = ", ".join(f"'{o}'" for o in opciones)
    return CheckConstraint(f"{columna} IN ({lista})", name=columna)


class Base(DeclarativeBase):
    """Raíz de las tablas; los nombres de sus restricciones son los mismos en los dos motores."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instante(),
        list[str]: Json,
        list[dict[str, Any]]: Json,
        dict[str, Any]: Json,
    }


class Auditada:
    """Lo que queda en la bitácora: versión, cuándo nació, y retiro con su razón."""

    version: Mapped[int] = mapped_column(Integer, nullable=False)
    creado_en: Mapped[datetime] = mapped_column(Instante(), nullable=False)
    retirado_en: Mapped[datetime | None] = mapped_column(Instante())
    retirado_porque: Mapped[str | None] = mapped_column(Text)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """La versión la lleva SQLAlchemy: un cambio sobre una versión vieja no encuentra renglón."""
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


class DeUnAcuerdo(Auditada):
    """Lo que cuelga de un acuerdo; la Mesa se repite para decidir permisos sin otra consulta."""

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=nueva_clave)
    mesa: Mapped[str] = mapped_column(String(LARGO_CLAVE), ForeignKey("mesa.clave"), index=True)
    acuerdo: Mapped[str] = mapped_column(String(32), ForeignKey("acuerdo.id"), index=True)


class Mesa(Auditada, Base):
    """Una Mesa: de uno o varios municipios, aun de dos estados, que abre y puede cerrar."""

    __tablename__ = "mesa"

    clave: Mapped[str] = mapped_column(String(LARGO_CLAVE), primary_key=True)
    nombre: Mapped[str] = mapped_column(String(LARGO_NOMBRE))
    entidades: Mapped[list[str]]
    municipios: Mapped[list[str]]
    activa_desde: Mapped[date | None] = mapped_column(Date)
    activa_hasta: Mapped[date | None] = mapped_column(Date)
    fuente: Mapped[str] = mapped_column(Text)
    nota: Mapped[str] = mapped_column(Text, default="")
    por_confirmar: Mapped[bool] = mapped_column(Boolean, default=False)
    publica: Mapped[bool] = mapped_column(Boolean, default=True)
    logo: Mapped[str] = mapped_column(Text, default="", server_default="")  # PNG chico, en base 64


class Integrante(Auditada, Base):
    """Una institución que se sienta en la Mesa, de qué lado y quién la representa."""

    __tablename__ = "integrante"
    __table_args__ = (_uno_de("lado", LADOS),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=nueva_clave)
    mesa: Mapped[str] = mapped_column(String(LARGO_CLAVE), ForeignKey("mesa.clave"), index=True)
    institucion: Mapped[str] = mapped_column(String(LARGO_NOMBRE))
    lado: Mapped[str] = mapped_column(String(16))
    representante: Mapped[str] = mapped_column(String(LARGO_NOMBRE), default="")
    desde: Mapped[date | None] = mapped_column(Date)
    hasta: Mapped[date | None] = mapped_column(Date)


class Sesion(Auditada, Base):
    """Una reunión de la Mesa. ``minuta`` se fija al cerrarla y ya no cambia con lo que pase después."""

    __tablename__ = "sesion"
    __table_args__ = (_uno_de("tipo", TIPOS_DE_SESION), _uno_de("estado", ESTADOS_DE_SESION))

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=nueva_clave)
    mesa: Mapped[str] = mapped_column(String(LARGO_CLAVE), ForeignKey("mesa.clave"), index=True)
    numero: Mapped[int] = mapped_column(Integer)
    fecha: Mapped[date] = mapped_column(Date)
    tipo: Mapped[str] = mapped_column(String(16))
    comision: Mapped[str] = mapped_column(String(LARGO_NOMBRE), default="")
    lugar: Mapped[str] = mapped_column(String(LARGO_NOMBRE), default="")
    estado: Mapped[str] = mapped_column(String(16), default="abierta")
    notas: Mapped[str] = mapped_column(Text, default="")
    minuta: Mapped[str] = mapped_column(Text, default="")


class Asistencia(Auditada, Base):
    """Si una institución estuvo en una sesión. Se guarda su nombre de entonces, no una liga al de hoy."""

    __tablename__ = "asistencia"
    __table_args__ = (
        _uno_de("lado", LADOS),
        _uno_de("estado", ASISTENCIAS),
        Index("uq_asistencia_sesion_institucion", "sesion", "institucion", unique=True),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=nueva_clave)
    mesa: Mapped[str] = mapped_column(String(LARGO_CLAVE), ForeignKey("mesa.clave"), index=True)
    sesion: Mapped[str] = mapped_column(String(32), ForeignKey("sesion.id"))
    institucion: Mapped[str] = mapped_column(String(LARGO_NOMBRE))
    lado: Mapped[str] = mapped_column(String(16))
    representante: Mapped[str] = mapped_column(String(LARGO_NOMBRE), default="")
    estado: Mapped[str] = mapped_column(String(16))


class Acuerdo(Auditada, Base):
    """Lo que se acordó: qué, quién responde de cada lado, para cuándo, sobre qué delitos y con qué meta.

    La línea base (``base_*``) se congela con el corte del que salió y no se vuelve a calcular: ``base_valor`` son carpetas
    entre ``base_desde`` y ``base_hasta`` (meses completos), y ``base_cortes`` dice metodología, ámbito, corte y SHA-256 de
    cada archivo. ``plazo_original`` no cambia nunca; ``plazo`` es el vigente.
    """

    __tablename__ = "acuerdo"
    __table_args__ = (
        _uno_de("tipo", TIPOS),
        _uno_de("signo_esperado", SIGNOS),
        CheckConstraint("rezago_meses BETWEEN 0 AND 3", name="rezago_meses"),
        Index("ix_acuerdo_mesa_folio", "mesa", "folio"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=nueva_clave)
    mesa: Mapped[str] = mapped_column(String(LARGO_CLAVE), ForeignKey("mesa.clave"))
    folio: Mapped[str] = mapped_column(String(40))
    sesion: Mapped[str | None] = mapped_column(String(32), ForeignKey("sesion.id"), index=True)
    comision: Mapped[str] = mapped_column(String(LARGO_NOMBRE), default="")
    texto: Mapped[str] = mapped_column(Text)
    tipo: Mapped[str] = mapped_column(String(16))
    fecha: Mapped[date] = mapped_column(Date)
    autoridad_responsable: Mapped[str] = mapped_column(Text, default="")
    corresponsable_ciudadano: Mapped[str] = mapped_column(Text, default="")
    sin_responsable_porque: Mapped[str] = mapped_column(Text, default="")
    municipios: Mapped[list[str]]
    delitos: Mapped[list[str]]
    canasta: Mapped[str] = mapped_column(String(LARGO_CLAVE), default="")
    signo_esperado: Mapped[str] = mapped_column(String(8))
    inicio_efecto: Mapped[date] = mapped_column(Date)
    rezago_meses: Mapped[int] = mapped_column(Integer, default=0)
    meta_valor: Mapped[float | None] = mapped_column(Float)
    meta_pct: Mapped[float | None] = mapped_column(Float)
    meta_fecha: Mapped[date | None] = mapped_column(Date)
    sin_meta_porque: Mapped[str] = mapped_column(Text, default="")
    base_desde: Mapped[date | None] = mapped_column(Date)
    base_hasta: Mapped[date | None] = mapped_column(Date)
    base_valor: Mapped[int | None] = mapped_column(Integer)
    base_cortes: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    base_congelada_en: Mapped[datetime | None] = mapped_column(Instante())
    base_motivo: Mapped[str] = mapped_column(Text, default="")
    plazo_original: Mapped[date | None] = mapped_column(Date)
    plazo: Mapped[date | None] = mapped_column(Date)
    sin_plazo_porque: Mapped[str] = mapped_column(Text, default="")
    publico: Mapped[bool] = mapped_column(Boolean, default=True)
    nota: Mapped[str] = mapped_column(Text, default="")
    fuente: Mapped[str] = mapped_column(Text)


Index(
    "uq_acuerdo_mesa_folio_vigente",
    Acuerdo.mesa,
    Acuerdo.folio,
    unique=True,
    sqlite_where=Acuerdo.retirado_en.is_(None),
    postgresql_where=Acuerdo.retirado_en.is_(None),
)


class Hito(DeUnAcuerdo, Base):
    """Un paso del acuerdo, de quién es, entre qué fechas y cuánto pesa (``ponderador``, por ciento)."""

    __tablename__ = "hito"
    __table_args__ = (_uno_de("lado", LADOS), CheckConstraint("ponderador BETWEEN 0 AND 100", name="ponderador"))

    descripcion: Mapped[str] = mapped_column(Text)
    lado: Mapped[str] = mapped_column(String(16))
    inicio: Mapped[date] = mapped_column(Date)
    fin: Mapped[date] = mapped_column(Date)
    ponderador: Mapped[int] = mapped_column(Integer)
    cumplido_en: Mapped[date | None] = mapped_column(Date)


class Seguimiento(DeUnAcuerdo, Base):
    """El cumplimiento declarado un día, de 1 a 5, y por quién. Nada dice del efecto."""

    __tablename__ = "seguimiento"
    __table_args__ = (CheckConstraint("cumplimiento BETWEEN 1 AND 5", name="cumplimiento"),)

    fecha: Mapped[date] = mapped_column(Date)
    cumplimiento: Mapped[int] = mapped_column(Integer)
    nota: Mapped[str] = mapped_column(Text, default="")
    quien: Mapped[str] = mapped_column(String(LARGO_NOMBRE))
    sesion: Mapped[str | None] = mapped_column(String(32), ForeignKey("sesion.id"))
    importado: Mapped[bool] = mapped_column(Boolean, default=False)


class Evidencia(DeUnAcuerdo, Base):
    """Un archivo (por su SHA-256) o una liga que respalda un seguimiento; la verifica alguien distinto de quien la entregó."""

    __tablename__ = "evidencia"
    __table_args__ = (_uno_de("clase", CLASES_DE_EVIDENCIA),)

    seguimiento: Mapped[str | None] = mapped_column(String(32), ForeignKey("seguimiento.id"), index=True)
    clase: Mapped[str] = mapped_column(String(16))
    titulo: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text, default="")
    archivo: Mapped[str] = mapped_column(String(LARGO_NOMBRE), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="", index=True)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    tipo: Mapped[str] = mapped_column(String(16), default="")
    fecha: Mapped[date] = mapped_column(Date)
    publica: Mapped[bool] = mapped_column(Boolean, default=False)
    entregada_por: Mapped[str] = mapped_column(String(LARGO_NOMBRE))
    entregada_nombre: Mapped[str] = mapped_column(String(LARGO_NOMBRE))
    verificada_por: Mapped[str] = mapped_column(String(LARGO_NOMBRE), default="")
    verificada_nombre: Mapped[str] = mapped_column(String(LARGO_NOMBRE), default="")
    verificada_en: Mapped[datetime | None] = mapped_column(Instante())
    verificacion_nota: Mapped[str] = mapped_column(Text, default="")


class Reprogramacion(DeUnAcuerdo, Base):
    """Un cambio de plazo, junto al anterior y con su motivo: los plazos no se deslizan en silencio."""

    __tablename__ = "reprogramacion"

    de: Mapped[date | None] = mapped_column(Date)
    a: Mapped[date] = mapped_column(Date)
    motivo: Mapped[str] = mapped_column(Text)
    quien: Mapped[str] = mapped_column(String(LARGO_NOMBRE))
    fecha: Mapped[date] = mapped_column(Date)
    sesion: Mapped[str | None] = mapped_column(String(32), ForeignKey("sesion.id"))


class Evaluacion(DeUnAcuerdo, Base):
    """El efecto medido con un corte y una versión del método; nunca se mezcla con el cumplimiento."""

    __tablename__ = "evaluacion"

    corte: Mapped[date] = mapped_column(Date)
    version_metodo: Mapped[str] = mapped_column(String(40))
    salida: Mapped[dict[str, Any]]


class Persona(Auditada, Base):
    """Quién entra y con qué papel; las Mesas solo cuentan para el papel ``mesa``."""

    __tablename__ = "persona"

    correo: Mapped[str] = mapped_column(String(LARGO_NOMBRE), primary_key=True)
    nombre: Mapped[str] = mapped_column(String(LARGO_NOMBRE), default="")
    rol: Mapped[str] = mapped_column(String(16))
    mesas: Mapped[list[str]]


class Borrador(Base):
    """Lo que alguien está escribiendo y todavía no guarda; es solo suyo y no pasa por la bitácora."""

    __tablename__ = "borrador"
    __table_args__ = (Index("uq_borrador_cuenta_asunto", "cuenta", "asunto", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=nueva_clave)
    cuenta: Mapped[str] = mapped_column(String(LARGO_NOMBRE))
    asunto: Mapped[str] = mapped_column(String(LARGO_NOMBRE))
    mesa: Mapped[str] = mapped_column(String(LARGO_CLAVE), default="")
    contenido: Mapped[dict[str, Any]]
    guardado_en: Mapped[datetime] = mapped_column(Instante())


class Bitacora(Base):
    """Quién cambió qué, cuándo, cómo estaba y cómo quedó. La base rechaza cambiarla o borrarla."""

    __tablename__ = "bitacora"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    cuando: Mapped[datetime] = mapped_column(Instante())
    quien: Mapped[str] = mapped_column(String(LARGO_NOMBRE))
    nombre: Mapped[str] = mapped_column(String(LARGO_NOMBRE))
    rol: Mapped[str] = mapped_column(String(16))
    accion: Mapped[str] = mapped_column(String(24))
    objeto: Mapped[str] = mapped_column(String(24))
    objeto_id: Mapped[str] = mapped_column(String(LARGO_NOMBRE), index=True)
    mesa: Mapped[str] = mapped_column(String(LARGO_CLAVE), default="", index=True)
    acuerdo: Mapped[str] = mapped_column(String(32), default="", index=True)
    antes: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    )
    despues: Mapped[dict[str, Any]] = mapped_column(Json)
    motivo: Mapped[str] = mapped_column(Text, default="")


class Contenido(Base):
    """Un archivo de evidencia, por su SHA-256, cuando se guarda en la base. No cambia nunca: su nombre es su huella."""

    __tablename__ = "contenido"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    contenido: Mapped[bytes] = mapped_column(LargeBinary)
    guardado_en: Mapped[datetime] = mapped_column(Instante())


class Ajuste(Base):
    """Lo que el registro recuerda de sí mismo: qué catálogo sembró, qué registro anterior migró."""

    __tablename__ = "ajuste"

    clave: Mapped[str] = mapped_column(String(LARGO_CLAVE), primary_key=True)
    valor: Mapped[str] = mapped_column(Text)


# En el orden en que se pueden insertar: primero aquello a lo que otras apuntan.
AUDITADAS: tuple[type[Any], ...] = (
    Mesa,
    Persona,
    Integrante,
    Sesion,
    Asistencia,
    Acuerdo,
    Hito,
    Seguimiento,
    Evidencia,
    Reprogramacion,
    Evaluacion,
)
