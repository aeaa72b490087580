"""Los mismos acuerdos de tres maneras: lista, tablero por cumplimiento y calendario de plazos."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from analisis import fechas, formatos
from datos.plantilla.columnas import NIVELES_CUMPLIMIENTO
from datos.registro.lectura import Expediente
from informes.acuerdos import de_que_es, respaldo
from paginas.componentes.registro.estado import insignia, plazo
from paginas.componentes.tabla import Columna, Html, enlace, tabla

LARGO_EN_TARJETA = 140
POR_COLUMNA = 60  # tarjetas de cada nivel en el tablero; con más, la página pesa y nadie las lee
SIN_EFECTO = "sin evaluar todavía"


def lista(expedientes: Sequence[Expediente], hoy: date) -> str:
    """Una fila por acuerdo; el cumplimiento y el efecto van en columnas distintas."""
    filas: list[list[str | Html]] = [
        [
            _liga(e),
            e.mesa.nombre,
            Html(f'{escape(e.acuerdo.texto)}<br><span class="menor">{escape(de_que_es(e.acuerdo))}</span>'),
            Html(_quienes(e)),
            plazo(e, hoy),
            insignia(e),
            SIN_EFECTO if not e.evaluaciones else str(e.evaluaciones[-1].salida.get("veredicto", "")),
        ]
        for e in expedientes
    ]
    columnas = [
        Columna("Folio", "folio"),
        Columna("Mesa", "", "Mesa"),
        Columna("Acuerdo", "ancha"),
        Columna("Responden", "ancha", "responden"),
        Columna("Plazo", "", "plazo"),
        Columna("Cumplimiento", "", "cumplimiento"),
        Columna("Efecto", "", "efecto"),
    ]
    return tabla(columnas, filas, "Acuerdos")


def por_atender(e: Expediente) -> tuple[bool, bool, date, str, str]:
    """Para ordenar: primero lo que falta, por plazo; lo completo, al final."""
    plazo = e.acuerdo.plazo
    return (
        e.cumplimiento == len(NIVELES_CUMPLIMIENTO),
        plazo is None,
        plazo or date.max,
        e.acuerdo.mesa,
        e.acuerdo.folio,
    )


def tablero(expedientes: Sequence[Expediente], hoy: date) -> str:
    """Cinco columnas, una por nivel de cumplimiento."""
    columnas = []
    for n, nombre in enumerate(NIVELES_CUMPLIMIENTO, 1):
        suyos = [e for e in expedientes if e.cumplimiento == n]
        tarjetas = "".join(
            f"<article>{_liga(e).texto}<p>{escape(_corto(e.acuerdo.texto))}</p>"
            f'<p class="menor">{escape(e.mesa.nombre)} · {escape(respaldo(e))}</p><p>{plazo(e, hoy).texto}</p></article>'
            for e in suyos[:POR_COLUMNA]
        )
        if len(suyos) > POR_COLUMNA:
            tarjetas += (
                f'<p class="menor">y {formatos.entero(len(suyos) - POR_COLUMNA)} más: filtre por Mesa o por delito</p>'
            )
        titulo = f"{n} {escape(nombre)} · {formatos.entero(len(suyos))}"
        columnas.append(f"<section><h3>{titulo}</h3>{tarjetas or '<p class=menor>ninguno</p>'}</section>")
    return f'<div class="columnas">{"".join(columnas)}</div>'


def calendario(expedientes: Sequence[Expediente], hoy: date) -> str:
    """Los plazos y los pasos pendientes, por mes; lo que no tiene fecha, al final."""
    sucesos: list[tuple[date, str]] = []
    for e in expedientes:
        a = e.acuerdo
        if a.plazo is not None and e.cumplimiento < 5:
            sucesos.append((a.plazo, _suceso(e, "Plazo", a.texto, a.plazo, hoy)))
        sucesos += [(h.fin, _suceso(e, "Paso", h.descripcion, h.fin, hoy)) for h in e.hitos if h.cumplido_en is None]
    por_venir = _por_mes([x for x in sucesos if x[0] >= hoy])
    vencidos = _por_mes([x for x in sucesos if x[0] < hoy])[::-1]
    sin_fecha = [e for e in expedientes if e.acuerdo.plazo is None and e.cumplimiento < 5]
    if sin_fecha:
        cuerpos = "".join(
            f"<article>{_liga(e).texto}<p>{escape(_corto(e.acuerdo.texto))}</p>"
            f'<p class="menor">{escape(e.acuerdo.sin_plazo_porque)}</p></article>'
            for e in sin_fecha
        )
        por_venir.append(f"<section><h3>Sin plazo</h3>{cuerpos}</section>")
    partes = [f'<div class="mes-de-plazos">{"".join(x)}</div>' if x else "" for x in (por_venir, vencidos)]
    return '<h2 class="aparte">Ya vencieron, del más reciente al más viejo</h2>'.join(partes) if vencidos else partes[0]


def _por_mes(sucesos: Sequence[tuple[date, str]]) -> list[str]:
    """Una sección por mes, en orden."""
    meses: dict[date, list[str]] = {}
    for dia, cuerpo in sorted(sucesos):
        meses.setdefault(dia.replace(day=1), []).append(cuerpo)
    return [
        f"<section><h3>{escape(formatos.mayuscula(formatos.mes(mes)))}</h3>{''.join(cuerpos)}</section>"
        for mes, cuerpos in meses.items()
    ]


def _suceso(e: Expediente, que: str, texto: str, dia: date, hoy: date) -> str:
    lapso = fechas.plazo(dia, hoy, completo=False)
    clase = "vencido" if dia < hoy else "menor"
    return (
        f"<article><strong>{escape(fechas.dia(dia))}</strong> · {que} de {_liga(e).texto}<p>{escape(_corto(texto))}</p>"
        f'<p class="{clase}">{escape(lapso)}</p></article>'
    )


def _liga(e: Expediente) -> Html:
    ligada = enlace(e.acuerdo.folio, "acuerdos", mesa=e.acuerdo.mesa, folio=e.acuerdo.folio)
    return ligada if e.acuerdo.publico else Html(f'{ligada.texto} <span class="menor">interno</span>')


def _quienes(e: Expediente) -> str:
    a = e.acuerdo
    return (
        f'<span class="menor">Autoridad:</span> {escape(a.autoridad_responsable or "nadie todavía")}<br>'
        f'<span class="menor">Ciudadanía:</span> {escape(a.corresponsable_ciudadano or "nadie todavía")}'
    )


def _corto(texto: str) -> str:
    if len(texto) <= LARGO_EN_TARJETA:
        return texto
    return texto[:LARGO_EN_TARJETA].rsplit(" ", 1)[0] + "…"
