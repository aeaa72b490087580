"""Los plazos como calendario (iCalendar): un suceso de todo el día por plazo y por paso pendiente, con aviso una semana antes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from datos.registro.lectura import Expediente

PRODUCTO = "-//Delitos a la baja//Plazos de acuerdos//ES"
DOMINIO = "delitos-a-la-baja.invalid"  # un identificador, no una dirección
AVISO = timedelta(days=-7)


def a_ical(expedientes: Iterable[Expediente], ahora: datetime | None = None) -> bytes:
    """El calendario de los acuerdos sin completar y de sus pasos sin cumplir. Los identificadores no cambian entre descargas."""
    calendario = Calendar()
    calendario.add("prodid", PRODUCTO)
    calendario.add("version", "2.0")
    calendario.add("x-wr-calname", "Plazos de acuerdos")
    sello = ahora or datetime.now(UTC)
    for e in expedientes:
        a = e.acuerdo
        if a.plazo is not None and e.cumplimiento < 5:
            cuerpo = (
                f"{a.texto}\n\nResponde por la autoridad: {a.autoridad_responsable or a.sin_responsable_porque}\n"
                f"Responde por la ciudadanía: {a.corresponsable_ciudadano or a.sin_responsable_porque}"
            )
            calendario.add_component(
                _suceso(f"acuerdo-{a.id}", f"Plazo {a.folio} · {e.mesa.nombre}", cuerpo, a.plazo, sello)
            )
        for hito in e.hitos:
            if hito.cumplido_en is None:
                titulo = f"Paso de {a.folio} · {e.mesa.nombre}"
                calendario.add_component(_suceso(f"hito-{hito.id}", titulo, hito.descripcion, hito.fin, sello))
    return calendario.to_ical()


def _suceso(clave: str, titulo: str, cuerpo: str, dia: date, sello: datetime) -> Event:
    suceso = Event()
    suceso.add("uid", f"{clave}@{DOMINIO}")
    suceso.add("dtstamp", sello)
    suceso.add("dtstart", dia)
    suceso.add("dtend", dia + timedelta(days=1))
    suceso.add("summary", titulo)
    suceso.add("description", cuerpo)
    suceso.add("transp", "TRANSPARENT")
    aviso = Alarm()
    aviso.add("action", "DISPLAY")
    aviso.add("description", titulo)
    aviso.add("trigger", AVISO)
    suceso.add_component(aviso)
    return suceso
