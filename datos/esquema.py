"""El contrato de la base publicada: vistas, columnas, tipos y su descripción.

De esta declaración salen el SQL que crea las vistas, ``datos/ESQUEMA.md`` y las pruebas que los comparan.
``python -m datos.esquema`` vuelve a escribir el documento.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from datos.reglas import documento_de_reglas

CNSP = "CNSP/38/15"
RNID = "RNID"
METODOLOGIAS = (CNSP, RNID)
PRIMER_ANIO = {CNSP: 2015, RNID: 2026}
ULTIMO_ANIO = {CNSP: 2025, RNID: 2100}
MESES_PROVISIONALES = 3
# Cambia cuando cambian las tablas internas; las vistas cambian la huella por sí solas (``huella_del_esquema``).
VERSION_DEL_ESQUEMA = 2
MESES = tuple(
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
)
COLUMNAS_DE_MES = tuple(f"m{numero}" for numero in range(1, 13))
DOCUMENTO = Path(__file__).with_name("ESQUEMA.md")


@dataclass(frozen=True)
class Columna:
    """Una columna de una vista: nombre, tipo de DuckDB y qué dice."""

    nombre: str
    tipo: str
    descripcion: str


@dataclass(frozen=True)
class Vista:
    """Una vista pública: qué contiene cada renglón, sus columnas y el SQL que la define."""

    nombre: str
    descripcion: str
    columnas: tuple[Columna, ...]
    sql: str


def por_mes(plantilla: str = "{m}") -> str:
    """Expresión de SQL que vuelve renglones las doce columnas de mes; ``{m}`` es el nombre de la columna."""
    return "unnest([" + ", ".join(plantilla.format(m=mes) for mes in COLUMNAS_DE_MES) + "])"


NUMERO_DE_MES = "unnest([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) AS mes"
FECHA_DEL_MES = "make_date(anio::INTEGER, mes, 1)"


def _conteos(tabla: str, columnas: str) -> str:
    """SQL de un renglón por mes con dato de una tabla por categoría."""
    return (
        f"SELECT * FROM (SELECT {columnas}, {NUMERO_DE_MES}, {por_mes()} AS conteo FROM {tabla} AS ancho "
        "JOIN _categorias AS c ON c.id = ancho.categoria) WHERE conteo IS NOT NULL"
    )


def _delitos(tabla: str, columnas: str, *, canastas: bool | None = False) -> str:
    """SQL de un renglón por mes con dato de una tabla por delito, ordenada por ``es_canasta``, delito y lugar.

    Los filtros por delito y lugar llegan a la tabla, que se salta los grupos de renglones donde no están.
    """
    cuales = "" if canastas is None else f" WHERE {'' if canastas else 'NOT '}es_canasta"
    return (
        f"SELECT {FECHA_DEL_MES} AS fecha, left(lugar, 2) AS cve_ent, {columnas} FROM "
        f"(SELECT *, {NUMERO_DE_MES}, {por_mes()} AS conteo FROM {tabla}{cuales}) WHERE conteo IS NOT NULL"
    )


_ES_PROVISIONAL = f"coalesce({FECHA_DEL_MES} >= provisional_desde, false) AS provisional"
_DE_CANASTA = "substr(delito, length('canasta:') + 1) AS canasta"
_FECHA = Columna("fecha", "DATE", "Primer día del mes en que se abrió la carpeta (no del mes en que ocurrió el hecho).")
_ENT = Columna("cve_ent", "VARCHAR", "Clave INEGI de la entidad, dos dígitos: '01' a '32'.")
_MUN = Columna(
    "cve_mun",
    "VARCHAR",
    "Clave INEGI del municipio, cinco dígitos. Sufijo 998 o 999: seudomunicipio («No especificado», «Otros "
    "municipios»), que suma al estado pero no va en mapas ni en tasas municipales.",
)
_DELITO = Columna(
    "delito", "VARCHAR", "Clave del delito comparable entre metodologías (vista puente); 'total' no lo es."
)
_CONTEO = Columna("conteo", "INTEGER", "Carpetas de investigación. Cero es cero; lo no reportado no tiene renglón.")
_METODOLOGIA = Columna("metodologia", "VARCHAR", "'CNSP/38/15' (2015 a 2025) o 'RNID' (desde enero de 2026).")
_PROVISIONAL = Columna(
    "provisional",
    "BOOLEAN",
    "Verdadero en los últimos meses del corte, que la fuente suele corregir; cuántos, en la vista publicacion.",
)
_CANASTA = Columna("canasta", "VARCHAR", "Clave de la canasta (vista canastas).")

# Lo de hoy menos lo que movieron los pares posteriores es lo que decía el corte nuevo; menos lo propio, el anterior.
_REVISIONES_NACIONALES = f"""
    WITH netos AS (
        SELECT corte_anterior, corte_nuevo, delito, fecha, sum(coalesce(despues, 0) - coalesce(antes, 0))::BIGINT AS neto
        FROM _revisiones WHERE cve_mun IS NULL GROUP BY ALL
    ), pares AS (
        SELECT DISTINCT corte_anterior, corte_nuevo,
            CASE WHEN year(corte_anterior) <= {ULTIMO_ANIO[CNSP]} THEN '{CNSP}' ELSE '{RNID}' END AS metodologia FROM netos
    ), nacional AS (
        SELECT metodologia, delito, fecha, sum(conteo)::BIGINT AS conteo FROM delitos_estatal GROUP BY ALL HAVING count(*) = 32
    ), celdas AS (
        SELECT p.metodologia, p.corte_anterior, p.corte_nuevo, n.fecha, n.delito, n.conteo - coalesce((
            SELECT sum(x.neto) FROM netos AS x WHERE x.delito = n.delito AND x.fecha = n.fecha
            AND x.corte_anterior >= p.corte_nuevo AND (x.corte_anterior, x.corte_nuevo) <> (p.corte_anterior, p.corte_nuevo)
        ), 0)::BIGINT AS despues
        FROM pares AS p JOIN nacional AS n ON n.metodologia = p.metodologia AND n.fecha <= p.corte_anterior
    )
    SELECT c.metodologia, c.corte_anterior, c.corte_nuevo, c.fecha,
        datediff('month', c.fecha, c.corte_anterior)::INTEGER AS edad, c.delito,
        (c.despues - coalesce(n.neto, 0))::BIGINT AS antes, c.despues::BIGINT AS despues
    FROM celdas AS c LEFT JOIN netos AS n USING (corte_anterior, corte_nuevo, fecha, delito)
"""

VISTAS: tuple[Vista, ...] = (
    Vista(
        "delitos_municipal",
        "Un renglón por municipio que reportó, mes y delito comparable.",
        (_FECHA, _ENT, _MUN, _DELITO, _CONTEO, _METODOLOGIA, _PROVISIONAL),
        _delitos("_delitos_municipal", f"lugar AS cve_mun, delito, conteo, metodologia, {_ES_PROVISIONAL}"),
    ),
    Vista(
        "delitos_estatal",
        "Un renglón por entidad, mes y delito comparable, del archivo estatal. Lo nacional es la suma de las 32.",
        (_FECHA, _ENT, _DELITO, _CONTEO, _METODOLOGIA, _PROVISIONAL),
        _delitos("_delitos_estatal", f"delito, conteo, metodologia, {_ES_PROVISIONAL}"),
    ),
    Vista(
        "canastas_municipal",
        "Un renglón por municipio que reportó todas las categorías de la canasta, mes y canasta.",
        (_FECHA, _ENT, _MUN, _CANASTA, _CONTEO, _METODOLOGIA, _PROVISIONAL),
        _delitos(
            "_delitos_municipal",
            f"lugar AS cve_mun, {_DE_CANASTA}, conteo, metodologia, {_ES_PROVISIONAL}",
            canastas=True,
        ),
    ),
    Vista(
        "canastas_estatal",
        "Un renglón por entidad, mes y canasta, del archivo estatal. Lo nacional es la suma de las 32.",
        (_FECHA, _ENT, _CANASTA, _CONTEO, _METODOLOGIA, _PROVISIONAL),
        _delitos("_delitos_estatal", f"{_DE_CANASTA}, conteo, metodologia, {_ES_PROVISIONAL}", canastas=True),
    ),
    Vista(
        "victimas_estatal",
        "Víctimas por entidad, mes, delito, sexo y grupo de edad. La fuente publica víctimas de parte de los delitos.",
        (
            _FECHA,
            _ENT,
            _DELITO,
            Columna("sexo", "VARCHAR", "Como lo publica la fuente: Mujer, Hombre, No identificado."),
            Columna("edad", "VARCHAR", "Grupo de edad de la fuente: dos grupos hasta 2025, seis desde 2026."),
            Columna("conteo", "INTEGER", "Víctimas."),
            _METODOLOGIA,
        ),
        _delitos("_victimas_estatal", "delito, sexo, edad, conteo, metodologia", canastas=None),
    ),
    Vista(
        "victimas_municipal",
        "Víctimas por municipio; la fuente las publica desde 2026.",
        (
            _FECHA,
            _ENT,
            _MUN,
            _DELITO,
            Columna("sexo", "VARCHAR", "Como lo publica la fuente."),
            Columna("edad", "VARCHAR", "Grupo de edad de la fuente."),
            Columna("conteo", "INTEGER", "Víctimas."),
            _METODOLOGIA,
        ),
        _delitos("_victimas_municipal", "lugar AS cve_mun, delito, sexo, edad, conteo, metodologia", canastas=None),
    ),
    Vista(
        "conteos_categoria",
        "El detalle completo, como se publicó: un renglón por categoría, mes y lugar. Incluye las correcciones "
        "negativas de la fuente, para que los totales cuadren.",
        (
            _FECHA,
            Columna("ambito", "VARCHAR", "'estatal' o 'municipal': de cuál archivo viene."),
            _ENT,
            Columna("cve_mun", "VARCHAR", "Clave del municipio; nulo en el ámbito estatal."),
            _METODOLOGIA,
            Columna("bien_juridico", "VARCHAR", "Bien jurídico afectado."),
            Columna("tipo", "VARCHAR", "Tipo de delito."),
            Columna("subtipo", "VARCHAR", "Subtipo de delito."),
            Columna("modalidad", "VARCHAR", "Modalidad."),
            Columna("conteo", "INTEGER", "Carpetas de investigación; puede ser −1 en las correcciones de la fuente."),
        ),
        f"SELECT {FECHA_DEL_MES} AS fecha, ambito, cve_ent, cve_mun, metodologia, bien_juridico, tipo, "
        "subtipo, modalidad, conteo FROM ("
        + _conteos(
            "_conteos_estatal",
            "'estatal' AS ambito, anio, lpad(cve_ent::VARCHAR, 2, '0') AS cve_ent, NULL::VARCHAR AS cve_mun, "
            "c.metodologia, c.bien_juridico, c.tipo, c.subtipo, c.modalidad",
        )
        + " UNION ALL "
        + _conteos(
            "_conteos_municipal",
            "'municipal' AS ambito, anio, lpad(cve_ent::VARCHAR, 2, '0') AS cve_ent, "
            "lpad(cve_mun::VARCHAR, 5, '0') AS cve_mun, c.metodologia, c.bien_juridico, c.tipo, c.subtipo, c.modalidad",
        )
        + ")",
    ),
    Vista(
        "puente",
        "Qué categorías de cada metodología forman cada delito comparable.",
        (
            _METODOLOGIA,
            Columna("tipo", "VARCHAR", "Tipo de delito en esa metodología."),
            Columna("subtipo", "VARCHAR", "Subtipo."),
            Columna("modalidad", "VARCHAR", "Modalidad."),
            Columna("delito", "VARCHAR", "Delito al que suma. Una categoría puede sumar a varios."),
        ),
        "SELECT c.metodologia, c.tipo, c.subtipo, c.modalidad, p.delito FROM _puente AS p "
        "JOIN _categorias AS c ON c.id = p.categoria",
    ),
    Vista(
        "canastas",
        "Qué categorías forman cada canasta, en cada metodología: un renglón por categoría, que cuenta una sola vez.",
        (
            _CANASTA,
            Columna("nombre", "VARCHAR", "Nombre de la canasta."),
            Columna("autor", "VARCHAR", "De quién es la selección."),
            Columna("fuente", "VARCHAR", "De dónde sale y qué deja fuera."),
            Columna("delito", "VARCHAR", "Miembro por el que entra: un delito del tablero o un grupo comparable."),
            Columna(
                "violencia", "VARCHAR", "'con' o 'sin' si del miembro solo entra esa parte; vacío si entra completo."
            ),
            Columna("orden", "INTEGER", "Lugar del miembro en la canasta."),
            _METODOLOGIA,
            Columna("tipo", "VARCHAR", "Tipo de delito en esa metodología."),
            Columna("subtipo", "VARCHAR", "Subtipo."),
            Columna("modalidad", "VARCHAR", "Modalidad."),
        ),
        "SELECT k.canasta, k.nombre, k.autor, k.fuente, k.delito, k.violencia, k.orden, c.metodologia, c.tipo, "
        "c.subtipo, c.modalidad FROM _canastas AS k JOIN _categorias AS c ON c.id = k.categoria",
    ),
    Vista(
        "municipios",
        "Los 2,478 municipios del catálogo, con un punto dentro de cada uno.",
        (
            _MUN,
            Columna("nombre", "VARCHAR", "Nombre según INEGI."),
            _ENT,
            Columna("entidad", "VARCHAR", "Nombre corto de la entidad."),
            Columna("lat", "DOUBLE", "Latitud de un punto dentro del municipio, grados."),
            Columna("lon", "DOUBLE", "Longitud, grados."),
        ),
        "SELECT cve_mun, nombre, cve_ent, entidad, lat, lon FROM _municipios",
    ),
    Vista(
        "poblacion",
        "Población a mitad de año por municipio: el denominador de toda tasa.",
        (
            Columna("anio", "INTEGER", "Año."),
            _MUN,
            Columna("poblacion", "INTEGER", "Habitantes."),
            Columna("fuente", "VARCHAR", "Edición de la que viene; nunca se mezclan dos."),
        ),
        "SELECT anio, cve_mun, poblacion, fuente FROM _poblacion",
    ),
    Vista(
        "cortes",
        "Cada archivo de conteos que conoce esta instalación, el vigente y los anteriores.",
        (
            Columna("id", "INTEGER", "Número del corte en esta publicación."),
            _METODOLOGIA,
            Columna(
                "ambito",
                "VARCHAR",
                "Producto: 'estatal' y 'municipal' (carpetas), 'victimas_estatal', 'victimas_municipal'.",
            ),
            Columna("archivo", "VARCHAR", "Nombre con que se recibió."),
            Columna("sha256", "VARCHAR", "Huella del archivo recibido."),
            Columna("bytes", "BIGINT", "Tamaño del archivo recibido."),
            Columna("renglones", "BIGINT", "Renglones de datos."),
            Columna("corte", "DATE", "Último mes con algún conteo distinto de cero."),
            Columna("cargado_en", "TIMESTAMP", "Cuándo lo cargó esta instalación (UTC)."),
            Columna("vigente", "BOOLEAN", "Si es el que alimenta las demás vistas."),
            Columna("provisional_desde", "DATE", "Primer mes provisional; nulo si ninguno lo es."),
        ),
        "SELECT id, metodologia, ambito, archivo, sha256, bytes, renglones, corte, cargado_en, vigente, "
        "provisional_desde FROM _cortes",
    ),
    Vista(
        "revisiones",
        "Lo que la fuente reescribió entre dos cortes del mismo producto: un renglón por cifra que cambió.",
        (
            Columna("corte_anterior", "DATE", "Corte que traía la cifra anterior."),
            Columna("corte_nuevo", "DATE", "Corte que trajo la nueva."),
            _FECHA,
            _ENT,
            Columna("cve_mun", "VARCHAR", "Municipio; nulo si la revisión es del archivo estatal."),
            _DELITO,
            Columna("antes", "INTEGER", "Conteo en el corte anterior; nulo si no lo reportaba."),
            Columna("despues", "INTEGER", "Conteo en el corte nuevo; nulo si dejó de reportarlo."),
        ),
        "SELECT corte_anterior, corte_nuevo, fecha, cve_ent, cve_mun, delito, antes, despues FROM _revisiones",
    ),
    Vista(
        "revisiones_nacionales",
        "Las carpetas del país en cada mes, antes y después de un par de cortes del archivo estatal, hayan cambiado o no: de "
        "aquí sale cuánto tarda un mes en asentarse.",
        (
            _METODOLOGIA,
            Columna("corte_anterior", "DATE", "Corte que traía la cifra anterior."),
            Columna("corte_nuevo", "DATE", "Corte que trajo la nueva."),
            _FECHA,
            Columna("edad", "INTEGER", "Meses que tenía ese mes en el corte anterior; 0 es el último."),
            _DELITO,
            Columna("antes", "BIGINT", "Carpetas del país en el corte anterior."),
            Columna("despues", "BIGINT", "Carpetas del país en el corte nuevo."),
        ),
        _REVISIONES_NACIONALES,
    ),
    Vista(
        "tendencias",
        "Doce meses contra los doce anteriores, al último mes con sus 24 completos de cada lugar y delito. "
        "Descripción, nunca causa.",
        (
            Columna("nivel", "VARCHAR", "'nacional', 'estatal' o 'municipal'."),
            Columna("clave", "VARCHAR", "'00', clave de entidad o de municipio."),
            Columna("delito", "VARCHAR", "Clave del delito, o 'canasta:' y la clave de una canasta."),
            _METODOLOGIA,
            Columna("cierre", "DATE", "Último mes de los doce."),
            Columna("conteo", "INTEGER", "Carpetas de los doce meses; nulo si falta alguno."),
            Columna("conteo_previo", "INTEGER", "Carpetas de los doce anteriores; nulo si falta alguno."),
            Columna("razon", "DOUBLE", "Razón de tasas, después entre antes."),
            Columna("ic_bajo", "DOUBLE", "Límite inferior del intervalo de 95 % de la razón."),
            Columna("ic_alto", "DOUBLE", "Límite superior."),
            Columna("valor_q", "DOUBLE", "Valor q de Benjamini–Hochberg entre los lugares elegibles del mismo nivel."),
            Columna(
                "racha", "INTEGER", "Meses seguidos por debajo (negativo) o por encima del mismo mes un año antes."
            ),
            Columna(
                "etiqueta",
                "VARCHAR",
                "'a la baja', 'al alza', 'sin cambio distinguible' o 'datos insuficientes'.",
            ),
            Columna("motivo", "VARCHAR", "Por qué no hay etiqueta, cuando los datos no alcanzan."),
            Columna(
                "estimado",
                "DOUBLE",
                "Cambio estimado: razón de tasas acercada a la de todos los lugares del nivel según su incertidumbre.",
            ),
            Columna("estimado_bajo", "DOUBLE", "Límite inferior del intervalo de 95 % del cambio estimado."),
            Columna("estimado_alto", "DOUBLE", "Límite superior."),
            Columna("prob_baja", "DOUBLE", "Probabilidad de que la tasa haya bajado, entre 0 y 1."),
        ),
        "SELECT nivel, clave, delito, metodologia, cierre, conteo, conteo_previo, razon, ic_bajo, ic_alto, valor_q, "
        "racha, etiqueta, motivo, estimado, estimado_bajo, estimado_alto, prob_baja FROM _tendencias",
    ),
    Vista(
        "alertas",
        "El último mes de cada lugar y delito contra lo que se esperaba de sus doce anteriores. Describe: una alerta no "
        "dice por qué, y un mes provisional puede cambiar.",
        (
            Columna("nivel", "VARCHAR", "'nacional', 'estatal' o 'municipal'."),
            Columna("clave", "VARCHAR", "'00', clave de entidad o de municipio."),
            Columna("delito", "VARCHAR", "Clave del delito, o 'canasta:' y la clave de una canasta."),
            _METODOLOGIA,
            Columna("fecha", "DATE", "El mes que se compara."),
            Columna("conteo", "INTEGER", "Carpetas de ese mes."),
            Columna(
                "esperado", "DOUBLE", "Carpetas esperadas: el promedio diario de los doce anteriores por sus días."
            ),
            Columna("bajo", "INTEGER", "Límite inferior del rango esperado de 95 %, carpetas."),
            Columna("alto", "INTEGER", "Límite superior."),
            Columna(
                "sorpresa",
                "DOUBLE",
                "−log10 de la probabilidad de un conteo así o más extremo; negativa si está por debajo de lo esperado.",
            ),
            Columna("alerta", "VARCHAR", "'alta' o 'baja' si el conteo está fuera del rango; vacío si no."),
            Columna("azar_alta", "DOUBLE", "Probabilidad de una alerta alta en un mes sin nada raro."),
            Columna("azar_baja", "DOUBLE", "Probabilidad de una alerta baja en un mes sin nada raro."),
            _PROVISIONAL,
        ),
        "SELECT a.nivel, a.clave, a.delito, a.metodologia, a.fecha, a.conteo, a.esperado, a.bajo, a.alto, a.sorpresa, "
        "a.alerta, a.azar_alta, a.azar_baja, coalesce(a.fecha >= c.provisional_desde, false) AS provisional "
        "FROM _alertas AS a LEFT JOIN _cortes AS c ON c.vigente AND c.metodologia = a.metodologia "
        "AND c.ambito = CASE a.nivel WHEN 'municipal' THEN 'municipal' ELSE 'estatal' END",
    ),
    Vista(
        "calidad",
        "Qué encontró cada comprobación de lo publicado. Las reglas se explican al final de este documento.",
        (
            Columna("regla", "VARCHAR", "Nombre de la regla, de la lista de abajo."),
            Columna("nivel", "VARCHAR", "'correcto' o 'aviso'. Lo que es un error no se publica."),
            Columna("casos", "BIGINT", "Cuántos casos encontró."),
            Columna("detalle", "VARCHAR", "Qué se comprobó y qué se encontró, en palabras."),
        ),
        "SELECT regla, nivel, casos, detalle FROM _calidad",
    ),
    Vista(
        "cobertura",
        "Cuántos municipios reportan cada delito cada mes: lo que falta nunca es cero.",
        (
            _METODOLOGIA,
            _DELITO,
            _FECHA,
            Columna("municipios", "INTEGER", "Municipios con dato ese mes, sin contar seudomunicipios."),
            Columna("entidades", "INTEGER", "Entidades con al menos un municipio con dato."),
            Columna("conteo", "BIGINT", "Suma municipal, con seudomunicipios."),
            Columna("conteo_estatal", "BIGINT", "Lo que dice el archivo estatal ese mes; nulo si no está cargado."),
        ),
        "SELECT metodologia, delito, fecha, municipios, entidades, conteo, conteo_estatal FROM _cobertura",
    ),
    Vista(
        "diferencias_ambito",
        "Dónde la suma municipal no da el total estatal, por entidad, mes y categoría.",
        (
            _FECHA,
            _ENT,
            _METODOLOGIA,
            Columna("tipo", "VARCHAR", "Tipo de delito."),
            Columna("subtipo", "VARCHAR", "Subtipo."),
            Columna("modalidad", "VARCHAR", "Modalidad."),
            Columna("estatal", "INTEGER", "Carpetas según el archivo estatal."),
            Columna("municipal", "BIGINT", "Suma de los municipios, con seudomunicipios."),
        ),
        "SELECT fecha, d.cve_ent, c.metodologia, c.tipo, c.subtipo, c.modalidad, d.estatal, d.municipal "
        "FROM _diferencias_ambito AS d JOIN _categorias AS c ON c.id = d.categoria",
    ),
    Vista(
        "denuncia_estatal",
        "Cuánto se denuncia y cuánto no, por entidad y año: estimaciones de la ENVIPE (INEGI), no conteos. '00' es el país.",
        (
            Columna("anio", "INTEGER", "Año en que ocurrieron los delitos; la encuesta es del siguiente."),
            Columna("cve_ent", "VARCHAR", "Clave de la entidad de ocurrencia; '00', el país."),
            Columna("delitos", "BIGINT", "Delitos ocurridos, estimados."),
            Columna("denunciados", "BIGINT", "Denunciados ante el Ministerio Público o fiscalía, estimados."),
            Columna("denunciados_pct", "DOUBLE", "Por ciento de los delitos que se denunció."),
            Columna("cifra_negra", "BIGINT", "Sin denuncia, o denunciados sin carpeta, estimados."),
            Columna("cifra_negra_pct", "DOUBLE", "Por ciento de los delitos que son cifra negra."),
            Columna("archivo", "VARCHAR", "Nombre con que se recibió el tabulado."),
            Columna("sha256", "VARCHAR", "Huella del archivo recibido."),
        ),
        "SELECT anio, cve_ent, delitos, denunciados, denunciados_pct, cifra_negra, cifra_negra_pct, archivo, sha256 "
        "FROM _denuncia_estatal",
    ),
    Vista(
        "publicacion",
        "Datos de esta publicación, como pares clave y valor.",
        (
            Columna(
                "clave",
                "VARCHAR",
                "Qué dato es: version, esquema, demostracion, fuente_poblacion, meses_provisionales_RNID…",
            ),
            Columna("valor", "VARCHAR", "Su valor."),
        ),
        "SELECT clave, valor FROM _publicacion",
    ),
)

DELITOS = [
    "homicidio_doloso",
    "homicidio_culposo",
    "feminicidio",
    "lesiones_dolosas",
    "lesiones_dolosas_arma_fuego",
    "secuestro",
    "secuestro_extorsivo",
    "extorsion",
    "violacion",
    "abuso_sexual",
    "violencia_familiar",
    "narcomenudeo",
    "robo_vehiculo",
    "robo_vehiculo_con_violencia",
    "robo_vehiculo_sin_violencia",
    "robo_casa_habitacion",
    "robo_negocio",
    "robo_transeunte",
    "robo_transportista",
    "robo_transporte_publico",
    "fraude",
    "amenazas",
    "total",
]


def vista(nombre: str) -> Vista:
    """La vista de ese nombre; ``KeyError`` si no existe."""
    for candidata in VISTAS:
        if candidata.nombre == nombre:
            return candidata
    raise KeyError(nombre)


def sentencias_de_vistas() -> list[str]:
    """Un ``CREATE VIEW`` por vista, en orden."""
    return [f"CREATE OR REPLACE VIEW {v.nombre} AS {v.sql}" for v in VISTAS]


def huella_del_esquema() -> str:
    """Identifica tablas y vistas: lo publicado con otra huella ni se lee ni se hereda; se recalcula con lo ya recibido."""
    columnas = "|".join(f"{v.nombre}.{c.nombre}:{c.tipo}" for v in VISTAS for c in v.columnas)
    huella = hashlib.sha256("\n".join([columnas, *sentencias_de_vistas()]).encode()).hexdigest()
    return f"{VERSION_DEL_ESQUEMA}-{huella[:8]}"


def documento() -> str:
    """Texto de ``ESQUEMA.md``: cada vista con sus columnas, tipos y descripción."""
    partes = [
        "# Esquema de la base publicada",
        "",
        "Este documento se escribe con `python -m datos.esquema`; no se edita a mano.",
        "",
        "La base vigente es la que nombra `publicado/actual.json` en el almacén. Se abre con cualquier cliente de "
        "DuckDB en modo de solo lectura. Lo que empieza con guion bajo es interno y puede cambiar; estas vistas no.",
        "",
        "Toda cifra es de **carpetas de investigación** salvo donde dice víctimas. El quiebre metodológico está en "
        "enero de 2026: las claves de `delito` son comparables a los dos lados, salvo `total`, que suma todas las "
        "categorías de su propia metodología (RNID agregó subtipos que valen cerca de 3 % de los archivos).",
        "",
    ]
    for una in VISTAS:
        partes += [f"## `{una.nombre}`", "", una.descripcion, "", "| columna | tipo | qué dice |", "|---|---|---|"]
        partes += [f"| `{c.nombre}` | {c.tipo} | {c.descripcion} |" for c in una.columnas]
        partes.append("")
    partes += ["## Claves de `delito`", "", ", ".join(f"`{clave}`" for clave in DELITOS) + ".", ""]
    partes += ["## Reglas de `calidad`", "", *documento_de_reglas(), ""]
    return "\n".join(partes)


if __name__ == "__main__":
    DOCUMENTO.write_text(documento(), encoding="utf-8")
    print(f"Se escribió {DOCUMENTO.name} con {len(VISTAS)} vistas.")
