"""Lo que sale de evaluar un acuerdo: cifras, intervalo, rango entre placebos, avisos y veredicto."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

VERSION_DEL_METODO = "1.0"

BAJA, ALZA = "a la baja con evidencia", "al alza con evidencia"
SIN_CAMBIO, INSUFICIENTES = "sin cambio distinguible", "datos insuficientes"
VEREDICTOS = (BAJA, ALZA, SIN_CAMBIO, INSUFICIENTES)

AVISOS = {
    "racha_previa": "Los meses anteriores fueron inusuales para estos municipios: parte del cambio puede ser volver a lo normal.",
    "covid": "La comparación toca la pandemia (marzo de 2020 a junio de 2021), que no cambió por igual a todos los municipios.",
    "revision": "Hay meses que la fuente todavía puede corregir, o una corrección cambió el veredicto.",
    "acuerdos_traslapados": "Otro acuerdo cubre estos municipios y delitos en fechas cercanas: no se puede separar uno del otro.",
    "subregistro": "La mayor parte de este delito no se denuncia: un cambio en la denuncia se vería igual que uno en el delito.",
    "catalogo": "La comparación cruza el cambio de metodología de enero de 2026.",
    "municipio_nuevo": "Incluye un municipio creado dentro del periodo: su historia está en el municipio del que salió.",
    "pocos_controles": "Hay menos de 30 municipios comparables: el intervalo es más incierto de lo que parece.",
    "ajuste_malo": "El mismo cálculo en una fecha anterior, cuando nada pasó, también señala un cambio.",
    "fecha_retroactiva": "El acuerdo se registró cuando ya se conocían sus resultados: la fecha pudo elegirse por ellos.",
    "calibracion": "En esta instalación el método se equivoca más de lo nominal con este delito: el intervalo va ensanchado.",
}


@dataclass(frozen=True)
class Sensibilidad:
    """Otra manera de contestar lo mismo: su efecto, su intervalo, su veredicto y si concuerda con el principal.

    ``efecto_pct``, ``ic_bajo`` e ``ic_alto`` en por ciento; NaN si no se pudo calcular, y entonces ``motivo`` lo dice y no
    cuenta para la concordancia.
    """

    nombre: str
    efecto_pct: float
    ic_bajo: float
    ic_alto: float
    veredicto: str
    concuerda: bool
    motivo: str = ""


@dataclass(frozen=True)
class Evaluacion:
    """Una evaluación completa. Las cifras son NaN cuando el veredicto es «datos insuficientes».

    ``obs_post`` y ``esperado_post``: carpetas en los meses posteriores, observadas y esperadas si estos municipios se hubieran
    movido como los comparables; ``diferencia``, la resta. ``cambio_bruto_pct`` es contra los mismos meses del año anterior;
    ``cambio_controles_pct``, lo que se movieron los comparables; ``efecto_pct``, uno respecto del otro, con su intervalo de
    95 % (``ic_bajo``, ``ic_alto``). ``p_placebo``: parte de los placebos tan extremos; ``rango``: su lugar entre ellos, del
    más bajo (1) al más alto. ``mde_pct``: el cambio más chico que se detectaría 80 % de las veces. ``tau``: desviación entre
    placebos, en log.

    Para dibujar: ``observado`` y ``esperado`` por mes desde 12 meses antes, ``esperado_bajo`` y ``esperado_alto`` (95 %),
    ``controles`` (posición de cada municipio comparable) con sus ``pesos`` (suman 1) y los ``placebos`` (efecto en por
    ciento de cada conjunto).
    """

    veredicto: str
    motivo: str = ""
    signo: int = -1
    obs_post: float = np.nan
    base: float = np.nan
    esperado_post: float = np.nan
    diferencia: float = np.nan
    cambio_bruto_pct: float = np.nan
    cambio_controles_pct: float = np.nan
    efecto_pct: float = np.nan
    ic_bajo: float = np.nan
    ic_alto: float = np.nan
    p_placebo: float = np.nan
    rango: int = 0
    n_placebos: int = 0
    mde_pct: float = np.nan
    tau: float = np.nan
    n_controles: int = 0
    meses_antes: int = 0
    meses_despues: int = 0
    concordancia: str = ""
    sensibilidad: tuple[Sensibilidad, ...] = ()
    avisos: tuple[str, ...] = ()
    corte: str = ""
    version_metodo: str = VERSION_DEL_METODO
    efecto_log: float = np.nan
    error_log: float = np.nan
    observado: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)
    esperado: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)
    esperado_bajo: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)
    esperado_alto: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)
    controles: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int), repr=False)
    pesos: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)
    placebos: np.ndarray = field(default_factory=lambda: np.empty(0), repr=False)


def veredicto_de(bajo: float, alto: float, p: float, confianza: float) -> str:
    """El veredicto exige las dos cosas: el intervalo lejos de cero y el rango entre placebos."""
    if p <= 1 - confianza and alto < 0:
        return BAJA
    if p <= 1 - confianza and bajo > 0:
        return ALZA
    return SIN_CAMBIO


def por_ciento(log: float) -> float:
    """De log de razón a por ciento: −0.105 es −10 %."""
    return float(100 * np.expm1(log))
