"""Los acuerdos públicos junto a las series de delitos de sus municipios, y el cambio observado, sin nada causal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from datos import catalogos
from datos.acuerdos.series import serie
from datos.plantilla.columnas import NOMBRES
from datos.registro import lectura
from datos.registro.actor import PUBLICO, Actor
from datos.registro.apertura import registro_vigente
from datos.registro.avance import meta_mensual
from datos.registro.conexion import Registro
from datos.registro.linea_base import series_de
from datos.registro.meses import primer_mes, sumar
from datos.registro.renglones import a_renglon
from datos.tablero import recordar

QUIEBRE = date(2026, 1, 1)
VENTANA = 12
BASE_MINIMA_PARA_PORCENTAJE = 20
COLUMNAS = (*NOMBRES, "id", "inicio_mes", "meta_mensual", "verificado")


class AcuerdoDesconocido(KeyError):
    """No hay un acuerdo que se pueda ver con ese folio, o lo tienen varias Mesas y no se dijo cuál."""

    def __str__(self) -> str:
        return str(self.args[0])


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


def acuerdos(actor: Actor = PUBLICO) -> pd.DataFrame:
    """Los acuerdos que el actor puede ver (por omisión, los públicos): las columnas de la plantilla, con municipios y delitos
    como listas, fechas (``None`` si faltan) y números.

    ``delitos`` son claves de serie: las de sus delitos, o una sola ('canasta:<clave>') si se acordó sobre una canasta. Agrega
    ``id``, ``inicio_mes`` (primer mes completo desde el inicio del efecto más el rezago), ``meta_mensual`` (carpetas al mes que
    admite la meta, o NaN) y ``verificado`` (si otra persona verificó la evidencia de su cumplimiento). De la demostración si lo
    publicado es una demostración. Vacía, con sus columnas, si no hay. Lanza ``RegistroDanado``.
    """
    registro = registro_vigente()
    return _visibles(registro, registro.sello(), actor)


@recordar(maximo=8)
def _visibles(registro: Registro, sello: tuple[int, int], actor: Actor) -> pd.DataFrame:
    """``sello`` es parte de la llave: un registro que cambió se vuelve a leer."""
    renglones = []
    for e in lectura.expedientes(registro, actor):
        a = e.acuerdo
        renglones.append(
            {
                **a_renglon(a, e.mesa.nombre, e.cumplimiento),
                "municipios": list(a.municipios),
                "delitos": series_de(a.delitos, a.canasta),
                "fecha": a.fecha,
                "inicio_efecto": a.inicio_efecto,
                "plazo": a.plazo,
                "plazo_original": a.plazo_original,
                "meta_fecha": a.meta_fecha,
                "rezago_meses": a.rezago_meses,
                "cumplimiento": e.cumplimiento,
                "meta_valor": a.meta_valor,
                "meta_pct": a.meta_pct,
                "id": a.id,
                "inicio_mes": primer_mes(a.inicio_efecto, a.rezago_meses),
                "meta_mensual": meta_mensual(a),
                "verificado": e.verificado,
            }
        )
    tabla = pd.DataFrame(renglones, columns=list(COLUMNAS))
    for columna in ("fecha", "inicio_efecto", "plazo", "plazo_original", "meta_fecha", "inicio_mes"):
        tabla[columna] = pd.Series([r[columna] for r in renglones], dtype=object)
    for columna in ("rezago_meses", "cumplimiento"):
        tabla[columna] = tabla[columna].astype("int64")
    for columna in ("meta_valor", "meta_pct", "meta_mensual"):
        tabla[columna] = tabla[columna].astype("float64")
    return tabla.astype({"verificado": bool})


def mesas(actor: Actor = PUBLICO) -> pd.DataFrame:
    """Una fila por Mesa con acuerdos que el actor puede ver: mesa_clave, mesa, municipios (lista), acuerdos (cuántos)."""
    tabla = acuerdos(actor)
    filas = [
        (clave, g["mesa"].iloc[0], sorted({m for lista in g["municipios"] for m in lista}), len(g))
        for clave, g in tabla.groupby("mesa_clave")
    ]
    return pd.DataFrame(filas, columns=["mesa_clave", "mesa", "municipios", "acuerdos"])


def acuerdo(folio: str, mesa: str | None = None, actor: Actor = PUBLICO) -> pd.Series:
    """El acuerdo con ese folio. Lanza ``AcuerdoDesconocido`` si no está, o si lo tienen varias Mesas y no se dijo cuál."""
    tabla = acuerdos(actor)
    hallados = tabla[(tabla["folio"] == folio) & (True if mesa is None else tabla["mesa_clave"] == mesa)]
    if len(hallados) > 1:
        varias = ", ".join(hallados["mesa_clave"])
        raise AcuerdoDesconocido(f"El folio {folio} está en varias Mesas ({varias}): diga cuál.")
    if hallados.empty:
        raise AcuerdoDesconocido(f"No hay un acuerdo que se pueda ver con el folio {folio}.")
    return hallados.iloc[0]


def acuerdos_series(folio: str, mesa: str | None = None, actor: Actor = PUBLICO) -> pd.DataFrame:
    """La vista ``acuerdos_series`` de un acuerdo (``SERIES.md``). Lanza ``AcuerdoDesconocido``."""
    suyo = acuerdo(folio, mesa, actor)
    meta = None if pd.isna(suyo["meta_mensual"]) else float(suyo["meta_mensual"])
    return serie(suyo["inicio_mes"], suyo["municipios"], suyo["delitos"], meta)


def cambio_observado(folio: str, mesa: str | None = None, actor: Actor = PUBLICO) -> CambioObservado:
    """Carpetas en hasta 12 meses cerrados desde el inicio, contra los mismos meses del año anterior.

    Solo describe: no compara con otros municipios ni dice por qué cambió. Cuando no se puede decir, ``motivo`` lo explica.
    """
    suyo = acuerdo(folio, mesa, actor)
    datos = acuerdos_series(folio, mesa, actor)
    return comparar(datos, folio, suyo["inicio_mes"], suyo["municipios"], suyo["delitos"])


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
    antes = [sumar(inicio, i - VENTANA) for i in range(n)]
    despues = [sumar(inicio, i) for i in range(n)]
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
