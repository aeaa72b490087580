"""Qué encontró cada comprobación: las filas de la vista ``calidad``. Las reglas están en ``datos.reglas``."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from datos.esquema import DELITOS, FECHA_DEL_MES, NUMERO_DE_MES, por_mes
from datos.reglas import REGLAS
from etl.lectura.conteos import Lectura
from etl.lectura.corte import mes_y_anio
from etl.publicacion.ambitos import AMBITOS
from etl.publicacion.conteos import BASE

# Un total nacional de un año que se mueve más que esto entre dos cortes tiene que verlo una persona.
PARTE_NOTABLE = 0.05
MINIMO_NOTABLE = 20  # carpetas (o víctimas): por debajo, el porcentaje de un delito raro no dice nada
CORRECTO, AVISO = "correcto", "aviso"
_CONOCIDAS = frozenset(regla.nombre for regla in REGLAS)
_DE_UN_ARCHIVO = ("archivo_completo", "corte_segun_el_nombre", "correcciones_negativas", "categoria_sin_equivalencia")


@dataclass(frozen=True)
class Hallazgo:
    """Una fila de ``calidad``. ``producto`` (metodología y ámbito) es nulo en lo que no es de un solo archivo."""

    regla: str
    nivel: str
    casos: int
    detalle: str
    producto: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if self.regla not in _CONOCIDAS:
            raise ValueError(f"«{self.regla}» no está en datos.reglas.REGLAS")


def escribir_calidad(
    con: duckdb.DuckDBPyConnection, vigentes: list[Lectura], de_la_carga: list[Hallazgo], hay_base: bool
) -> list[Hallazgo]:
    """Crea ``_calidad`` con lo de cada archivo vigente, lo de esta carga y lo que sale de comparar; devuelve lo nuevo.

    De los archivos que se heredan se conserva lo que se encontró cuando se cargaron.
    """
    con.execute(
        "CREATE TABLE _calidad(regla VARCHAR, nivel VARCHAR, casos BIGINT, detalle VARCHAR, metodologia VARCHAR, "
        "ambito VARCHAR)"
    )
    if hay_base:
        con.execute(
            f"INSERT INTO _calidad SELECT * FROM {BASE}._calidad WHERE regla IN (SELECT unnest($reglas::VARCHAR[])) "
            "AND (metodologia, ambito) NOT IN (SELECT (unnest($metodologias::VARCHAR[]), unnest($ambitos::VARCHAR[])))",
            {
                "reglas": list(_DE_UN_ARCHIVO),
                "metodologias": [lectura.metodologia for lectura in vigentes],
                "ambitos": [lectura.ambito for lectura in vigentes],
            },
        )
    hallazgos = [*de_la_carga]
    for lectura in vigentes:
        hallazgos += del_archivo(lectura)
    hallazgos += [*_suma_municipal(con), *_cobertura(con), *_provisionales(con), *_movimientos(con), *_revisiones(con)]
    con.executemany(
        "INSERT INTO _calidad VALUES (?, ?, ?, ?, ?, ?)",
        [[h.regla, h.nivel, h.casos, h.detalle, *(h.producto or (None, None))] for h in hallazgos],
    )
    return hallazgos


def del_archivo(lectura: Lectura) -> list[Hallazgo]:
    """Lo que se sabe de un archivo sin ver los demás."""
    producto = lectura.producto
    quien = f"{lectura.recibido.nombre} ({lectura.metodologia}, {lectura.ambito})"
    detalle = f"{quien}: {lectura.renglones:,} renglones sin claves repetidas y con categorías del catálogo"
    hallazgos = [Hallazgo("archivo_completo", CORRECTO, lectura.renglones, detalle, producto)]
    dicho = lectura.corte_en_el_nombre
    if dicho is not None:
        concuerda = dicho == lectura.corte
        detalle = f"{quien}: el nombre dice {mes_y_anio(dicho)} y los datos llegan a {mes_y_anio(lectura.corte)}"
        if not concuerda:
            detalle += ": manda lo que traen los datos"
        nivel = CORRECTO if concuerda else AVISO
        hallazgos.append(Hallazgo("corte_segun_el_nombre", nivel, 0 if concuerda else 1, detalle, producto))
    if lectura.negativos:
        detalle = (
            f"{quien}: {lectura.negativos} celda(s) de −1 de la fuente; se conservan para cuadrar y no se grafican"
        )
        hallazgos.append(Hallazgo("correcciones_negativas", AVISO, lectura.negativos, detalle, producto))
    hallazgos += [
        Hallazgo("categoria_sin_equivalencia", AVISO, 1, f"{quien}: {' / '.join(nueva)}", producto)
        for nueva in lectura.sin_equivalencia
    ]
    return hallazgos


def _una(con: duckdb.DuckDBPyConnection, sql: str) -> tuple:
    fila = con.execute(sql).fetchone()
    assert fila is not None  # un agregado sin GROUP BY siempre devuelve un renglón
    return fila


def _hay_municipal(con: duckdb.DuckDBPyConnection) -> bool:
    return bool(_una(con, "SELECT count(*) FROM _conteos_municipal")[0])


def _suma_municipal(con: duckdb.DuckDBPyConnection) -> list[Hallazgo]:
    if not _hay_municipal(con):
        return []
    casos, entidades, neta = _una(
        con,
        "SELECT count(*), count(DISTINCT cve_ent), coalesce(sum(municipal - estatal), 0) FROM _diferencias_ambito",
    )
    regla = "estatal_igual_a_suma_municipal"
    if not casos:
        bien = (
            "Donde hay dato en los dos archivos, la suma municipal da el total estatal en cada entidad, mes y categoría"
        )
        return [Hallazgo(regla, CORRECTO, 0, bien)]
    detalle = (
        f"{casos:,} celdas de entidad, mes y categoría difieren en {entidades} entidades (diferencia neta {neta:,} "
        "carpetas); el detalle está en la vista diferencias_ambito"
    )
    return [Hallazgo(regla, AVISO, casos, detalle)]


def _cobertura(con: duckdb.DuckDBPyConnection) -> list[Hallazgo]:
    if not _hay_municipal(con):
        return []
    presentes = _una(con, "SELECT count(DISTINCT delito) FROM _cobertura")[0]
    faltan, de = _una(
        con,
        "SELECT count(*) FILTER (c.delito IS NULL), count(*) FROM ("
        f"SELECT delito, {FECHA_DEL_MES} AS fecha FROM (SELECT delito, anio, {NUMERO_DE_MES}, "
        f"{por_mes('count({m}) > 0')} AS hay FROM _delitos_estatal WHERE NOT es_canasta GROUP BY delito, anio) WHERE hay"
        ") AS e LEFT JOIN _cobertura AS c USING (delito, fecha)",
    )
    detalle = f"lo municipal trae {presentes} de {len(DELITOS)} delitos"
    if not faltan:
        return [Hallazgo("cobertura_municipal", CORRECTO, 0, f"{detalle} y todos los meses que trae lo estatal")]
    detalle += f"; de los {de:,} pares de delito y mes del archivo estatal le faltan {faltan:,} (vista cobertura)"
    return [Hallazgo("cobertura_municipal", AVISO, faltan, detalle)]


def _provisionales(con: duckdb.DuckDBPyConnection) -> list[Hallazgo]:
    """Cada producto: ningún mes cerrado después de uno provisional, y a lo más los de su ventana."""
    hallazgos = []
    ventana = dict(
        con.execute(
            "SELECT replace(clave, 'meses_provisionales_', ''), valor::INTEGER FROM _publicacion "
            "WHERE starts_with(clave, 'meses_provisionales_')"
        ).fetchall()
    )
    for ambito in AMBITOS:
        filas = con.execute(
            "SELECT metodologia, max(fecha) FILTER (NOT provisional) AS ultimo_cerrado, "
            "min(fecha) FILTER (provisional) AS primero, count(*) FILTER (provisional) AS cuantos FROM ("
            f"SELECT metodologia, {FECHA_DEL_MES} AS fecha, coalesce(fecha >= provisional_desde, false) AS provisional "
            f"FROM (SELECT metodologia, anio, provisional_desde, {NUMERO_DE_MES}, {por_mes('count({m}) > 0')} AS hay "
            f"FROM {ambito.delitos} GROUP BY metodologia, anio, provisional_desde) WHERE hay) GROUP BY metodologia "
            "ORDER BY metodologia"
        ).fetchall()
        for metodologia, ultimo_cerrado, primero, cuantos in filas:
            seguidos = primero is None or ultimo_cerrado is None or ultimo_cerrado < primero
            bien = seguidos and cuantos <= ventana[metodologia]
            detalle = f"{metodologia}, {ambito.nombre}: "
            detalle += (
                f"{cuantos} mes(es) provisionales desde {mes_y_anio(primero)}" if primero else "ninguno provisional"
            )
            if not seguidos:
                detalle += f", y {mes_y_anio(ultimo_cerrado)}, posterior, no lo es"
            nivel = CORRECTO if bien else AVISO
            producto = (metodologia, ambito.nombre)
            hallazgos.append(Hallazgo("provisionales_al_final", nivel, 0 if bien else 1, detalle, producto))
    return hallazgos


def _movimientos(con: duckdb.DuckDBPyConnection) -> list[Hallazgo]:
    """Por producto: un aviso por delito y año que se movió de más, o un «correcto» si ninguno."""
    filas = con.execute(
        "SELECT metodologia, ambito, corte_anterior, corte_nuevo, delito, anio, antes, despues FROM _movimientos ORDER BY ALL"
    ).fetchall()
    hallazgos = []
    for producto in sorted({(fila[0], fila[1]) for fila in filas}):
        suyas = [fila[2:] for fila in filas if (fila[0], fila[1]) == producto]
        notables = [_texto_del_movimiento(producto, *fila) for fila in suyas if es_notable(fila[-2], fila[-1])]
        hallazgos += [Hallazgo("mueve_cifras_publicadas", AVISO, 1, texto, producto) for texto in notables]
        if not notables:
            texto = (
                f"{' '.join(producto)}: en {len(suyas)} totales nacionales de delito y año, ninguno se movió más de "
                f"{PARTE_NOTABLE:.0%} (y {MINIMO_NOTABLE}) entre cortes"
            )
            hallazgos.append(Hallazgo("mueve_cifras_publicadas", CORRECTO, 0, texto, producto))
    return hallazgos


def es_notable(antes: int, despues: int) -> bool:
    """Si un total nacional anual se movió más de lo que se publica sin avisar."""
    diferencia = abs(despues - antes)
    return diferencia >= MINIMO_NOTABLE and diferencia > PARTE_NOTABLE * antes


def _texto_del_movimiento(producto, anterior, nuevo, delito, anio, antes, despues) -> str:
    parte = f" ({(despues - antes) / antes:+.1%})" if antes else ""
    return (
        f"{' '.join(producto)}: {delito} de {anio} pasó de {antes:,} a {despues:,}{parte} entre el corte de "
        f"{mes_y_anio(anterior)} y el de {mes_y_anio(nuevo)}, en meses que ya se daban por cerrados"
    )


def _revisiones(con: duckdb.DuckDBPyConnection) -> list[Hallazgo]:
    cuantas = _una(con, "SELECT count(*) FROM _revisiones")[0]
    if not cuantas:
        return []
    return [Hallazgo("revisiones", AVISO, cuantas, "cifras que la fuente reescribió entre cortes; vista revisiones")]
