"""El registro de las Mesas ficticias: quién se sienta, sesiones, asistencia, pasos, seguimientos y evidencia, todo inventado.

Sale siempre igual: lo que parece azar es la huella de un nombre. Cada renglón lleva las columnas de su tabla en el registro; lo
que no dice toma su valor por omisión al sembrarse.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from datos.registro.folios import numero_de_sesion, romano
from etl.demostracion.mesas import ACUERDOS, MESAS, AcuerdoSembrado, MesaFicticia, municipios_de

AUTORIDADES = ("Policía municipal (ficticia)", "Fiscalía regional (ficticia)", "Gobierno del estado (ficticio)")
CIUDADANOS = ("Cámara de comercio (ficticia)", "Universidad (ficticia)", "Comité vecinal (ficticio)")
PRIMER_MES, ULTIMO_MES = date(2025, 9, 1), date(2026, 8, 1)
# Por Mesa: de cada cien, cuántas veces va la autoridad y la ciudadanía; y en qué meses de los doce últimos sesionó.
_COSTUMBRE = {
    "demo-1": (92, 97, range(12)),
    "demo-2": (85, 90, range(12)),
    "demo-3": (70, 95, range(12)),
    "demo-4": (88, 80, range(0, 12, 2)),
    "demo-5": (96, 93, range(12)),
    "demo-6": (45, 85, range(4)),
}
_PASOS = (
    ("Presentar el plan de trabajo", "autoridad", 30),
    ("Convocar a los participantes y publicar el calendario", "ciudadania", 30),
    ("Entregar el informe de lo hecho", "autoridad", 40),
)


@dataclass(frozen=True)
class Reciente:
    """Un acuerdo ficticio de los últimos meses: sin efecto sembrado, con su plazo cerca, vencido o sin fecha."""

    mesa: str
    mes: date
    texto: str
    delitos: str
    meta_pct: int | None
    plazo: date | None
    cumplimiento: int
    canasta: str = ""
    signo: str = "baja"
    publico: bool = True


RECIENTES = (
    Reciente("demo-1", date(2026, 7, 1), "Revisar cada mes, con la canasta completa, qué sube y qué baja en la ciudad.", "",
             -10, date(2026, 12, 15), 2, canasta="mesas"),
    Reciente("demo-1", date(2026, 8, 1), "Compartir con las empresas de transporte los tramos de mayor robo.",
             "robo_transportista", -15, date(2027, 2, 26), 1),
    Reciente("demo-2", date(2026, 3, 1), "Iluminar y podar los tres corredores peatonales que unen los dos municipios.",
             "robo_transeunte", -20, date(2026, 10, 30), 3),
    Reciente("demo-2", date(2026, 8, 1), "Reunión interna para revisar expedientes; no es pública.", "extorsion", -5,
             date(2027, 1, 29), 1, publico=False),
    Reciente("demo-3", date(2026, 5, 1), "Norma única de horarios nocturnos en los dos estados.", "lesiones_dolosas", None,
             date(2026, 11, 20), 2),
    Reciente("demo-4", date(2026, 7, 1), "Ruta de denuncia acompañada por las cuatro policías: se esperan más carpetas.",
             "violencia_familiar", 12, date(2027, 7, 1), 2, signo="alza"),
    Reciente("demo-5", date(2026, 2, 1), "Taller mensual con comercios sobre cobros fraudulentos.", "fraude", -10,
             date(2026, 9, 30), 4),
    Reciente("demo-5", date(2026, 6, 1), "Revisar juntos cómo medir la confianza de la gente.", "amenazas", None, None, 1),
    Reciente("demo-6", date(2025, 12, 1), "Retomar las rondas de los comités con radio.", "robo_casa_habitacion", -20,
             date(2026, 6, 30), 2),
)  # fmt: skip


def tabla_registro() -> pa.Table:
    """``registro_demostracion``: orden, tabla y renglón (JSON) de todo el registro de práctica."""
    renglones = [(nombre, json.dumps(fila, ensure_ascii=False, sort_keys=True)) for nombre, fila in _renglones()]
    return pa.table(
        {
            "orden": pa.array(range(len(renglones)), pa.int32()),
            "tabla": pa.array([t for t, _ in renglones], pa.string()),
            "renglon": pa.array([r for _, r in renglones], pa.string()),
        }
    )


def _renglones() -> Iterator[tuple[str, dict[str, Any]]]:
    for mesa in MESAS:
        yield "mesa", _mesa(mesa)
        for lado, instituciones in (("autoridad", AUTORIDADES), ("ciudadania", CIUDADANOS)):
            for nombre in instituciones:
                clave = _clave("integrante", mesa.clave, nombre)
                persona = f"Persona ficticia {1 + _azar(mesa.clave, nombre) % 90}"
                yield "integrante", {
                    "id": clave, "mesa": mesa.clave, "institucion": nombre, "lado": lado, "representante": persona,
                }  # fmt: skip
        sesiones = _sesiones(mesa.clave)
        for numero, dia in sesiones.items():
            yield "sesion", _sesion(mesa.clave, numero, dia)
            yield from _asistencia(mesa.clave, numero, dia)
        for sembrado in (a for a in ACUERDOS if a.mesa == mesa.clave):
            yield from _acuerdo_sembrado(sembrado)
        for reciente in (r for r in RECIENTES if r.mesa == mesa.clave):
            yield from _acuerdo_reciente(reciente, sesiones)


def _mesa(mesa: MesaFicticia) -> dict[str, Any]:
    primero = min(a.fecha for a in ACUERDOS if a.mesa == mesa.clave)
    return {
        "clave": mesa.clave,
        "nombre": mesa.nombre,
        "municipios": list(mesa.municipios),
        "entidades": sorted({m[:2] for m in mesa.municipios}),
        "activa_desde": primero.replace(day=1).isoformat(),
        "activa_hasta": "2025-12-31" if mesa.clave == "demo-6" else None,
        "fuente": "Demostración",
        "nota": "Mesa ficticia: los municipios existen; la Mesa, las personas y los acuerdos, no.",
    }


def _sesiones(mesa: str) -> dict[int, date]:
    """Número → día: las de sus acuerdos y las de los doce últimos meses en que sesionó."""
    propias = {numero_de_sesion(a.folio) or 0: a.fecha for a in ACUERDOS if a.mesa == mesa}
    ultimo, dia = max(propias.items())
    numero = ultimo + max(0, (PRIMER_MES.year - dia.year) * 12 + PRIMER_MES.month - dia.month - 1)
    for mes in _COSTUMBRE[mesa][2]:
        numero += 1
        total = PRIMER_MES.month - 1 + mes
        propias[numero] = date(PRIMER_MES.year + total // 12, total % 12 + 1, 8 + _azar(mesa, str(mes)) % 7)
    return propias


def _sesion(mesa: str, numero: int, dia: date) -> dict[str, Any]:
    return {
        "id": _clave("sesion", mesa, str(numero)),
        "mesa": mesa,
        "numero": numero,
        "fecha": dia.isoformat(),
        "tipo": "plenaria",
        "lugar": "Sala de cabildo (ficticia)",
        "estado": "cerrada",
        "minuta": f"Minuta ficticia de la sesión {numero}. Demostración.",
    }


def _asistencia(mesa: str, numero: int, dia: date) -> Iterator[tuple[str, dict[str, Any]]]:
    autoridad, ciudadania, _ = _COSTUMBRE[mesa]
    for lado, instituciones, de_cien in (
        ("autoridad", AUTORIDADES, autoridad),
        ("ciudadania", CIUDADANOS, ciudadania),
    ):
        for nombre in instituciones:
            suerte = _azar(mesa, nombre, str(numero)) % 100
            estado = "presente" if suerte < de_cien else "justificada" if suerte % 3 == 0 else "ausente"
            yield "asistencia", {
                "id": _clave("asistencia", mesa, str(numero), nombre), "mesa": mesa, "institucion": nombre, "lado": lado,
                "sesion": _clave("sesion", mesa, str(numero)), "estado": estado,
            }  # fmt: skip


def _acuerdo_sembrado(a: AcuerdoSembrado) -> Iterator[tuple[str, dict[str, Any]]]:
    clave = _clave("acuerdo", a.mesa, a.folio)
    original = date(a.inicio.year + 1, a.inicio.month, 1)
    movido = _azar(clave, "plazo") % 4 == 0
    plazo = original + timedelta(days=92) if movido else original
    yield (
        "acuerdo",
        {
            **_comunes(clave, a.mesa, a.folio, a.texto, a.fecha, a.signo, a.delitos),
            "sesion": _clave("sesion", a.mesa, str(numero_de_sesion(a.folio))),
            "inicio_efecto": a.inicio.isoformat(),
            "rezago_meses": a.rezago_meses,
            "meta_pct": float(a.meta_pct),
            "plazo_original": original.isoformat(),
            "plazo": plazo.isoformat(),
            "nota": "Acuerdo ficticio de la demostración.",
            # dos de ellos parecen congelados con un corte que la fuente después revisó
            **({"base_revisada_pct": -4} if a.folio in ("03/XXX/2024", "01/V/2021") else {}),
        },
    )
    if movido:
        yield "reprogramacion", {
            "id": _clave("reprogramacion", clave), "mesa": a.mesa, "acuerdo": clave, "de": original.isoformat(),
            "a": plazo.isoformat(), "motivo": "Faltaba equipo por entregar (ficticio).", "quien": AUTORIDADES[0],
            "fecha": (original - timedelta(days=20)).isoformat(),
        }  # fmt: skip
    yield from _pasos(clave, a.mesa, a.fecha, plazo, a.cumplimiento)
    yield from _seguimientos(clave, a.mesa, a.fecha, original, a.cumplimiento)


def _acuerdo_reciente(r: Reciente, sesiones: dict[int, date]) -> Iterator[tuple[str, dict[str, Any]]]:
    numero, dia = next((n, d) for n, d in sesiones.items() if (d.year, d.month) == (r.mes.year, r.mes.month))
    orden = 1 + sum(o.mesa == r.mesa and o.mes == r.mes for o in RECIENTES[: RECIENTES.index(r)])
    folio = f"{orden:02d}/{romano(numero)}/{dia.year}"
    clave = _clave("acuerdo", r.mesa, folio)
    inicio = (dia.replace(day=1) + timedelta(days=32)).replace(day=1)
    yield (
        "acuerdo",
        {
            **_comunes(clave, r.mesa, folio, r.texto, dia, r.signo, tuple(r.delitos.split())),
            "canasta": r.canasta,
            "sesion": _clave("sesion", r.mesa, str(numero)),
            "inicio_efecto": inicio.isoformat(),
            "rezago_meses": 0,
            "meta_pct": None if r.meta_pct is None else float(r.meta_pct),
            "sin_meta_porque": "Es una norma: se mide si se aprueba." if r.meta_pct is None else "",
            "plazo_original": r.plazo.isoformat() if r.plazo else None,
            "plazo": r.plazo.isoformat() if r.plazo else None,
            "sin_plazo_porque": "" if r.plazo else "Se fija en la siguiente sesión.",
            "publico": r.publico,
            "nota": "Acuerdo ficticio de la demostración.",
        },
    )
    fin = r.plazo or date(2027, 3, 31)
    yield from _pasos(clave, r.mesa, dia, fin, r.cumplimiento)
    yield from _seguimientos(clave, r.mesa, dia, date(2026, 10, 31), r.cumplimiento)


def _comunes(
    clave: str, mesa: str, folio: str, texto: str, fecha: date, signo: str, delitos: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "id": clave,
        "mesa": mesa,
        "folio": folio,
        "texto": texto,
        "tipo": "acción",
        "fecha": fecha.isoformat(),
        "autoridad_responsable": AUTORIDADES[_azar(clave, "autoridad") % len(AUTORIDADES)],
        "corresponsable_ciudadano": CIUDADANOS[_azar(clave, "ciudadania") % len(CIUDADANOS)],
        "municipios": list(municipios_de(mesa)),
        "delitos": list(delitos),
        "canasta": "",
        "signo_esperado": signo,
        "fuente": "Demostración",
    }


def _pasos(clave: str, mesa: str, desde: date, hasta: date, nivel: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Tres pasos entre la fecha y el plazo; los primeros según el nivel se cumplieron, casi siempre a tiempo."""
    tramo = (hasta - desde).days // len(_PASOS)
    for numero, (descripcion, lado, ponderador) in enumerate(_PASOS):
        inicio, fin = desde + timedelta(days=tramo * numero), desde + timedelta(days=tramo * (numero + 1))
        cumplido = None
        if numero < nivel - 2:
            tarde = _azar(clave, descripcion) % 4 == 0
            cumplido = fin + timedelta(days=25) if tarde else fin - timedelta(days=5)
        yield "hito", {
            "id": _clave("hito", clave, str(numero)), "mesa": mesa, "acuerdo": clave, "descripcion": descripcion,
            "lado": lado, "ponderador": ponderador, "inicio": inicio.isoformat(), "fin": fin.isoformat(),
            "cumplido_en": cumplido.isoformat() if cumplido and cumplido <= date(2026, 10, 31) else None,
        }  # fmt: skip


def _seguimientos(clave: str, mesa: str, desde: date, hasta: date, nivel: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Del nivel 2 al de hoy, uno por tramo; desde el 3 llevan evidencia, y casi toda la verificó otra persona."""
    cuantos = max(nivel - 1, 0)
    for paso in range(cuantos):
        dia = desde + (hasta - desde) * (paso + 1) // (cuantos + 1)
        suyo = _clave("seguimiento", clave, str(paso))
        yield "seguimiento", {
            "id": suyo, "mesa": mesa, "acuerdo": clave, "fecha": dia.isoformat(), "cumplimiento": paso + 2,
            "nota": "Avance ficticio.", "quien": "Secretaría técnica (ficticia)",
        }  # fmt: skip
        if paso + 2 >= 3:
            yield from _evidencia(suyo, clave, mesa, dia, paso)


def _evidencia(suyo: str, clave: str, mesa: str, dia: date, paso: int) -> Iterator[tuple[str, dict[str, Any]]]:
    verificada = _azar(suyo, "verificada") % 4 != 0
    comunes = {
        "id": _clave("evidencia", suyo), "mesa": mesa, "acuerdo": clave, "seguimiento": suyo, "fecha": dia.isoformat(),
        "publica": _azar(suyo, "publica") % 2 == 0, "entregada_por": "secretaria@ejemplo.invalid",
        "entregada_nombre": "Secretaría técnica (ficticia)",
        "verificada_por": "red@ejemplo.invalid" if verificada else "",
        "verificada_nombre": "Red Nacional (ficticia)" if verificada else "",
        "verificada_en": f"{dia + timedelta(days=9)}T18:00:00+00:00" if verificada else None,
    }  # fmt: skip
    if paso % 2:
        contenido = f"Lista de asistencia ficticia del {dia}. Demostración.\n".encode()
        huella = hashlib.sha256(contenido).hexdigest()
        yield "archivo", {"sha256": huella, "base64": base64.b64encode(contenido).decode()}
        yield "evidencia", {
            **comunes, "clase": "archivo", "titulo": "Lista de asistencia (ficticia)", "archivo": "lista-ficticia.txt",
            "sha256": huella, "bytes": len(contenido), "tipo": "txt",
        }  # fmt: skip
    else:
        yield "evidencia", {
            **comunes, "clase": "liga", "titulo": "Nota de prensa (ficticia)", "url": f"https://ejemplo.invalid/{suyo[:8]}",
        }  # fmt: skip


def _clave(*partes: str) -> str:
    return hashlib.sha256("/".join(("demostracion", *partes)).encode()).hexdigest()[:32]


def _azar(*partes: str) -> int:
    return int(_clave("azar", *partes)[:8], 16)
