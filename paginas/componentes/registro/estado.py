"""El cumplimiento de un acuerdo en cinco niveles, con su respaldo y su plazo. El efecto nunca va aquí."""

from __future__ import annotations

from datetime import date
from html import escape

from analisis import fechas
from datos.plantilla.columnas import NIVELES_CUMPLIMIENTO
from datos.registro.lectura import Expediente
from informes.acuerdos import nivel, respaldo
from paginas.componentes.tabla import Html


def insignia(e: Expediente) -> Html:
    """Cinco cuadros con los del nivel llenos, su palabra y si alguien verificó la evidencia."""
    cuadros = "".join(f'<i class="{"lleno" if n <= e.cumplimiento else ""}"></i>' for n in range(1, 6))
    palabra = escape(NIVELES_CUMPLIMIENTO[e.cumplimiento - 1])
    return Html(
        f'<span class="nivel" role="img" aria-label="Cumplimiento {escape(nivel(e.cumplimiento))}">{cuadros}</span> '
        f'<span class="nw">{palabra}</span><br><span class="menor">{escape(respaldo(e))}</span>'
    )


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
