"""El cumplimiento de un acuerdo en cinco niveles, con su respaldo y su plazo. El efecto nunca va aquí."""

from __future__ import annotations

from datetime import date
from html import escape

from analisis import fechas, formatos
from datos.plantilla.columnas import NIVELES_CUMPLIMIENTO
from datos.registro.lectura import Expediente
from datos.registro.modelo import Acuerdo
from paginas.componentes.tabla import Html

SIN_MEZCLAR = (
    "El cumplimiento dice si se hizo lo acordado; el efecto, qué pasó con las carpetas. Son dos cosas y no se mezclan."
)


def nivel(cumplimiento: int) -> str:
    """«4 de 5: sustancial»."""
    return f"{cumplimiento} de 5: {NIVELES_CUMPLIMIENTO[cumplimiento - 1]}"


def insignia(e: Expediente) -> Html:
    """Cinco cuadros con los del nivel llenos, su palabra y si alguien verificó la evidencia."""
    cuadros = "".join(f'<i class="{"lleno" if n <= e.cumplimiento else ""}"></i>' for n in range(1, 6))
    palabra = escape(NIVELES_CUMPLIMIENTO[e.cumplimiento - 1])
    return Html(
        f'<span class="nivel" role="img" aria-label="Cumplimiento {escape(nivel(e.cumplimiento))}">{cuadros}</span> '
        f'<span class="nw">{palabra}</span><br><span class="menor">{escape(respaldo(e))}</span>'
    )


def respaldo(e: Expediente) -> str:
    """En qué se apoya el nivel declarado."""
    if e.seguimiento is None:
        return "sin seguimiento todavía"
    if e.verificado:
        return "con evidencia verificada"
    if e.respaldos:
        return "con evidencia sin verificar"
    return "importado, sin evidencia aquí" if e.seguimiento.importado else "sin evidencia"


def plazo(e: Expediente, hoy: date) -> Html:
    """El plazo vigente, cuánto falta y, si se movió, el original tachado."""
    a = e.acuerdo
    if a.plazo is None:
        return Html(f'sin plazo<br><span class="menor">{escape(a.sin_plazo_porque)}</span>')
    lapso = fechas.plazo(a.plazo, hoy, completo=e.cumplimiento == 5)
    clase = "vencido" if e.vencido(hoy) else "menor"
    original = (
        f'<br><span class="menor">antes <s>{fechas.dia(a.plazo_original)}</s></span>'
        if a.plazo_original and a.plazo_original != a.plazo
        else ""
    )
    debajo = f'<br><span class="{clase}">{escape(lapso)}</span>' if lapso else ""
    return Html(f"{fechas.dia(a.plazo)}{debajo}{original}")


def meta(a: Acuerdo) -> str:
    """«−20 % en carpetas», «38 carpetas», o por qué no tiene."""
    if a.meta_pct is not None:
        return f"{formatos.porcentaje_con_signo(a.meta_pct, 0)} en carpetas"
    if a.meta_valor is not None:
        return formatos.contar(a.meta_valor, "carpeta")
    return f"sin meta medible: {a.sin_meta_porque}"


def responsable(a: Acuerdo, lado: str) -> str:
    """Quién responde de un lado ('autoridad' o 'ciudadania'), o por qué nadie todavía."""
    quien = a.autoridad_responsable if lado == "autoridad" else a.corresponsable_ciudadano
    return quien or f"nadie todavía: {a.sin_responsable_porque}"


def reparto(expedientes: list[Expediente]) -> str:
    """«3 completos, 2 sustanciales, 5 limitados…»; solo los niveles con alguno."""
    partes = []
    for n in (5, 4, 3, 2, 1):
        cuantos = sum(e.cumplimiento == n for e in expedientes)
        if cuantos:
            palabra = NIVELES_CUMPLIMIENTO[n - 1]
            plural = palabra if n in (1,) else f"{palabra}s" if palabra[-1] in "ao" else f"{palabra}es"
            plural = "no iniciados" if n == 2 else plural
            partes.append(f"{formatos.entero(cuantos)} {palabra if cuantos == 1 else plural}")
    return formatos.lista(partes)
