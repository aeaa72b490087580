"""Los acuerdos públicos junto a las series de delitos de sus municipios, y el cambio observado, sin nada causal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from datos import catalogos
from datos.acuerdos import registro
from datos.acuerdos.columnas import NOMBRES
from datos.acuerdos.lectura import delitos_de, partes
from datos.almacen import Almacen, almacen_por_omision, publicacion_vigente
from datos.catalogos import PREFIJO_DE_CANASTA as PREFIJO
from datos.tablero import consultar, recordar

QUIEBRE = date(2026, 1, 1)
VENTANA = 12
BASE_MINIMA_PARA_PORCENTAJE = 20


class AcuerdoDesconocido(KeyError):
    """No hay un acuerdo público con ese folio."""


@dataclass(frozen=True)
class CambioObservado:
    """Carpetas antes y después del inicio, en los mismos meses del calendario.

    Con ``motivo`` no hay cifras (son ``None``). ``cambio_pct`` es ``None`` si antes hubo menos de 20 carpetas.
    """

    folio: str
    inicio: date
    meses: int
    antes: int | None = None
    despues: int | None = None
    diferencia: int | None = None
    cambio_pct: float | None = None
    antes_desde: date | None = None
    antes_hasta: date | None = None
    despues_desde: date | None = None
    despues_hasta: date | None = None
    motivo: str | None = None
    avisos: tuple[str, ...] = ()


def acuerdos() -> pd.DataFrame:
    """Acuerdos públicos: las columnas de la plantilla, con municipios y delitos como listas, fechas y números.

    ``delitos`` son claves de serie: las de sus delitos, o una sola ('canasta:<clave>') si se acordó sobre una canasta.
    De la demostración si lo publicado es una demostración; si no, del registro. Agrega ``inicio_mes``: primer mes completo
    desde el inicio del efecto más el rezago. Vacío, con sus columnas, si no hay.
    """
    publicacion = publicacion_vigente()
    if publicacion is not None and publicacion.demostracion:
        return _de_la_demostracion()
    almacen = almacen_por_omision()
    return _del_registro(registro.version(almacen), almacen)


@recordar(maximo=2)
def _de_la_demostracion() -> pd.DataFrame:
    renglones = consultar("SELECT * FROM acuerdos_demostracion ORDER BY mesa_clave, fecha, folio").to_dict("records")
    return _tabla([r for r in renglones if r["publico"] == "sí"])


@recordar(maximo=4)
def _del_registro(version: str | None, almacen: Almacen) -> pd.DataFrame:
    """``version`` es parte de la llave: un registro nuevo se vuelve a leer."""
    return _tabla([r for r in registro.vigentes(almacen) if r["publico"] == "sí"])


def _tabla(renglones: list[dict[str, str]]) -> pd.DataFrame:
    tabla = pd.DataFrame(renglones, columns=list(NOMBRES)).fillna("")
    tabla["delitos"] = pd.Series([delitos_de(r) for r in renglones], dtype=object)
    tabla["municipios"] = pd.Series([partes(r["municipios"]) for r in renglones], dtype=object)
    for columna in ("fecha", "inicio_efecto", "plazo"):
        tabla[columna] = pd.Series([date.fromisoformat(v) for v in tabla[columna]], dtype=object)
    for columna in ("rezago_meses", "cumplimiento"):
        tabla[columna] = tabla[columna].astype("int64")
    for columna in ("meta_valor", "meta_pct"):
        tabla[columna] = pd.to_numeric(tabla[columna].replace("", None), errors="coerce").astype("float64")
    inicios = zip(tabla["inicio_efecto"], tabla["rezago_meses"], strict=True)
    tabla["inicio_mes"] = pd.Series([primer_mes(dia, rezago) for dia, rezago in inicios], dtype=object)
    return tabla


def primer_mes(inicio: date, rezago: int) -> date:
    """Primer mes completo desde ``inicio``, más el rezago en meses."""
    return _sumar(inicio.replace(day=1), rezago + (inicio.day > 1))


def _sumar(mes: date, cuantos: int) -> date:
    total = mes.year * 12 + mes.month - 1 + cuantos
    return date(total // 12, total % 12 + 1, 1)


def mesas() -> pd.DataFrame:
    """Una fila por Mesa con acuerdos públicos: mesa_clave, mesa, municipios (lista), acuerdos (cuántos)."""
    tabla = acuerdos()
    filas = [
        (clave, g["mesa"].iloc[0], sorted({m for lista in g["municipios"] for m in lista}), len(g))
        for clave, g in tabla.groupby("mesa_clave")
    ]
    return pd.DataFrame(filas, columns=["mesa_clave", "mesa", "municipios", "acuerdos"])


def acuerdo(folio: str) -> pd.Series:
    """El acuerdo público con ese folio. Lanza ``AcuerdoDesconocido`` si no está."""
    tabla = acuerdos()
    hallados = tabla[tabla["folio"] == folio]
    if hallados.empty:
        raise AcuerdoDesconocido(f"No hay un acuerdo público con el folio {folio}.")
    return hallados.iloc[0]


def acuerdos_series(folio: str) -> pd.DataFrame:
    """Serie de los municipios y delitos del acuerdo, unida en DuckDB.

    Columnas: mes, cve_mun, delito, conteo (carpetas), poblacion (habitantes del año, nula donde CONAPO no la publica),
    metodologia, provisional, fase ('antes' o 'después' de ``inicio_mes``). Los meses sin dato no tienen renglón y los
    seudomunicipios no entran. Lanza ``AcuerdoDesconocido``.
    """
    suyo = acuerdo(folio)
    return _serie(suyo["inicio_mes"], suyo["municipios"], suyo["delitos"])


@recordar()
def _serie(inicio_mes: date, municipios: list[str], delitos: list[str]) -> pd.DataFrame:
    """La unión sola: se recuerda por lo que la define, de modo que un registro nuevo no hereda nada del anterior."""
    vista, columna, serie = "delitos_municipal", "delito", "delito"
    if delitos[0].startswith(PREFIJO):  # un acuerdo es sobre delitos o sobre una sola canasta
        vista, columna, serie = "canastas_municipal", "canasta", f"'{PREFIJO}' || canasta AS delito"
    claves = [delito.removeprefix(PREFIJO) for delito in delitos]
    # un marcador por clave, y no una subconsulta: así DuckDB salta los bloques que no hacen falta (60 ms, no 3 s)
    en_lugares, en_claves = (", ".join("?" * len(valores)) for valores in (municipios, claves))
    return consultar(
        "SELECT d.fecha AS mes, d.cve_mun, d.delito, d.conteo, p.poblacion, d.metodologia, d.provisional, "
        "CASE WHEN d.fecha < ?::DATE THEN 'antes' ELSE 'después' END AS fase "
        f"FROM (SELECT fecha, cve_mun, {serie}, conteo, metodologia, provisional FROM {vista} "
        f"WHERE cve_mun IN ({en_lugares}) AND {columna} IN ({en_claves})) AS d "
        "LEFT JOIN poblacion AS p ON p.cve_mun = d.cve_mun AND p.anio = year(d.fecha) "
        "WHERE right(d.cve_mun, 3)::INTEGER < 998 ORDER BY d.fecha, d.cve_mun, d.delito",
        [inicio_mes, *municipios, *claves],
    )


def cambio_observado(folio: str) -> CambioObservado:
    """Carpetas en hasta 12 meses cerrados desde el inicio, contra los mismos meses del año anterior.

    Solo describe: no compara con otros municipios ni dice por qué cambió. Cuando no se puede decir, ``motivo`` lo explica.
    """
    suyo = acuerdo(folio)
    serie = _serie(suyo["inicio_mes"], suyo["municipios"], suyo["delitos"])
    return comparar(serie, folio, suyo["inicio_mes"], suyo["municipios"], suyo["delitos"])


def comparar(
    serie: pd.DataFrame, folio: str, inicio: date, municipios: list[str], delitos: list[str]
) -> CambioObservado:
    """El cálculo de ``cambio_observado`` sobre una serie ya leída (columnas de ``acuerdos_series``)."""
    cerrados = serie[~serie["provisional"].astype(bool)]
    if cerrados.empty:
        return CambioObservado(folio, inicio, 0, motivo="No hay meses cerrados de estos delitos y municipios.")
    meses = pd.to_datetime(cerrados["mes"]).dt.date
    ultimo, primero = max(meses), min(meses)
    transcurridos = (ultimo.year - inicio.year) * 12 + ultimo.month - inicio.month + 1
    n = min(VENTANA, transcurridos)
    if n < 1:
        return CambioObservado(folio, inicio, 0, motivo="Todavía no hay meses cerrados después del inicio.")
    antes = [_sumar(inicio, i - VENTANA) for i in range(n)]
    despues = [_sumar(inicio, i) for i in range(n)]
    if antes[0] < primero:
        return CambioObservado(folio, inicio, n, motivo="Hay menos de doce meses publicados antes del inicio.")
    comparables = catalogos.series().set_index("delito")["comparable_2026"]
    ajenos = [d for d in delitos if not comparables[d]]
    if antes[0] < QUIEBRE <= despues[-1] and ajenos:
        return CambioObservado(
            folio, inicio, n, motivo=f"La comparación cruza enero de 2026 y {', '.join(ajenos)} no es comparable."
        )
    faltan = len(municipios) * len(delitos) * 2 * n - int(meses.isin([*antes, *despues]).sum())
    if faltan:
        return CambioObservado(
            folio, inicio, n, motivo=f"Faltan {faltan} datos mensuales de sus municipios: no reportado no es cero."
        )
    previo = int(cerrados.loc[meses.isin(antes), "conteo"].sum())
    posterior = int(cerrados.loc[meses.isin(despues), "conteo"].sum())
    avisos = []
    if n < VENTANA:
        avisos.append(f"Solo hay {n} meses cerrados desde el inicio; se comparan con los mismos del año anterior.")
    if antes[0] <= date(2021, 6, 1) and despues[-1] >= date(2020, 3, 1):
        avisos.append("La comparación toca la pandemia (marzo de 2020 a junio de 2021).")
    if antes[0] < QUIEBRE <= despues[-1]:
        avisos.append("La comparación cruza el cambio de metodología de enero de 2026.")
    porcentaje = 100 * (posterior - previo) / previo if previo >= BASE_MINIMA_PARA_PORCENTAJE else None
    return CambioObservado(
        folio, inicio, n, previo, posterior, posterior - previo, porcentaje,
        antes[0], antes[-1], despues[0], despues[-1], None, tuple(avisos),
    )  # fmt: skip
