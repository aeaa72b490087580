"""Lo que el actor puede ver, como JSON con esquema: ``ESQUEMA`` se publica con los datos y una prueba lo exige."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from datos.plantilla.columnas import COLUMNAS
from datos.registro import lectura
from datos.registro.actor import Actor
from datos.registro.auditoria import como_json
from datos.registro.autorizacion import Accion, puede
from datos.registro.conexion import Registro
from datos.registro.modelo import (
    Acuerdo,
    Asistencia,
    Evidencia,
    Hito,
    Integrante,
    Mesa,
    Reprogramacion,
    Seguimiento,
    Sesion,
)

FORMATO = "delitos-a-la-baja/acuerdos/1"
# Lo que sale de cada tabla, con lo que dice; lo demás es interno.
CAMPOS: dict[type[Any], dict[str, str]] = {
    Mesa: {
        "clave": "Clave de la Mesa",
        "nombre": "Nombre",
        "entidades": "Claves de dos dígitos",
        "municipios": "Claves INEGI de cinco dígitos",
        "activa_desde": "Desde cuándo",
        "activa_hasta": "Hasta cuándo; nula si sigue",
        "por_confirmar": "Si no es seguro qué municipios cubre",
        "fuente": "De dónde consta",
        "nota": "Aclaraciones",
    },
    Integrante: {
        "institucion": "Institución que se sienta",
        "lado": "autoridad o ciudadania",
        "desde": "Desde cuándo",
        "hasta": "Hasta cuándo",
    },
    Sesion: {
        "id": "Identificador",
        "numero": "Número en su Mesa",
        "fecha": "Día",
        "tipo": "plenaria, comisión o extraordinaria",
        "comision": "Comisión, si es de una",
        "estado": "abierta o cerrada",
    },
    Asistencia: {
        "institucion": "Institución",
        "lado": "autoridad o ciudadania",
        "estado": "presente, ausente o justificada",
    },
    Acuerdo: {c.nombre: c.descripcion for c in COLUMNAS if c.nombre in {k.key for k in Acuerdo.__mapper__.column_attrs}}
    | {
        "id": "Identificador",
        "sesion": "Identificador de la sesión en que se tomó",
        "base_desde": "Primer mes de la línea base",
        "base_hasta": "Último mes de la línea base",
        "base_valor": "Carpetas de la línea base, congeladas; nulas si no se pudo calcular",
        "base_cortes": "De qué cortes salió: metodología, ámbito, corte, archivo y SHA-256",
        "base_motivo": "Por qué no hay línea base",
        "plazo": "Plazo vigente",
        "plazo_original": "Plazo con que se acordó",
        "creado_en": "Cuándo se capturó (UTC)",
    },
    Hito: {
        "descripcion": "Paso",
        "lado": "autoridad o ciudadania",
        "inicio": "Desde",
        "fin": "Hasta",
        "ponderador": "Cuánto pesa, por ciento",
        "cumplido_en": "Cuándo se cumplió; nulo si todavía no",
    },
    Seguimiento: {
        "fecha": "Día",
        "cumplimiento": "De 1 a 5",
        "quien": "Quién lo declaró; vacío para el público",
        "nota": "Aclaración",
        "importado": "Si viene de una plantilla, sin evidencia en el registro",
    },
    Evidencia: {
        "titulo": "Qué es",
        "clase": "archivo o liga",
        "url": "Dirección, si es una liga",
        "sha256": "Huella, si es un archivo",
        "fecha": "Día",
        "verificada_en": "Cuándo la verificó otra persona (UTC); nulo si nadie",
    },
    Reprogramacion: {"de": "Plazo anterior", "a": "Plazo nuevo", "motivo": "Por qué", "fecha": "Día"},
}
_TIPOS = {"str": "string", "int": "integer", "float": "number", "bool": "boolean", "list": "array", "dict": "object"}


def a_json(registro: Registro, actor: Actor, mesa: str | None = None) -> bytes:
    """El registro que el actor puede ver, en UTF-8. El cumplimiento va en sus seguimientos; el efecto no va: es otra cosa."""
    expedientes = lectura.expedientes(registro, actor, mesa_clave=mesa)
    asistencias = lectura.asistencias(registro, actor, mesa)
    sesiones = lectura.sesiones(registro, actor, mesa)
    salida: dict[str, Any] = {"formato": FORMATO, "mesas": []}
    for una in lectura.mesas(registro, actor):
        if mesa is not None and una.clave != mesa:
            continue
        suya = _objeto(una)
        suya["integrantes"] = [_objeto(i) for i in lectura.integrantes(registro, actor, una.clave)]
        suya["sesiones"] = [
            {**_objeto(s), "asistencia": [_objeto(a) for a in asistencias if a.sesion == s.id]}
            for s in sesiones
            if s.mesa == una.clave
        ]
        suya["acuerdos"] = [_acuerdo(e) for e in expedientes if e.acuerdo.mesa == una.clave]
        suya["interno"] = puede(actor, Accion.LEER_INTERNO, una.clave)
        salida["mesas"].append(suya)
    return json.dumps(salida, ensure_ascii=False, indent=1).encode()


def esquema() -> dict[str, Any]:
    """El esquema (JSON Schema 2020-12) de lo que escribe ``a_json``."""
    acuerdo = _esquema_de(Acuerdo) | {}
    for nombre, modelo in (
        ("hitos", Hito),
        ("seguimientos", Seguimiento),
        ("evidencias", Evidencia),
        ("reprogramaciones", Reprogramacion),
    ):
        _agregar(acuerdo, nombre, _esquema_de(modelo))
    sesion = _esquema_de(Sesion)
    _agregar(sesion, "asistencia", _esquema_de(Asistencia))
    mesa = _esquema_de(Mesa)
    _agregar(mesa, "integrantes", _esquema_de(Integrante))
    _agregar(mesa, "sesiones", sesion)
    _agregar(mesa, "acuerdos", acuerdo)
    mesa["properties"]["interno"] = {"type": "boolean", "description": "Si trae también lo que no es público"}
    mesa["required"].append("interno")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Mesas, sesiones y acuerdos",
        "type": "object",
        "properties": {"formato": {"const": FORMATO}, "mesas": {"type": "array", "items": mesa}},
        "required": ["formato", "mesas"],
        "additionalProperties": False,
    }


def _acuerdo(e: lectura.Expediente) -> dict[str, Any]:
    return {
        **_objeto(e.acuerdo),
        "hitos": _lista(e.hitos),
        "seguimientos": _lista(e.seguimientos),
        "evidencias": _lista(e.evidencias),
        "reprogramaciones": _lista(e.reprogramaciones),
    }


def _lista(objetos: Iterable[Any]) -> list[dict[str, Any]]:
    return [_objeto(o) for o in objetos]


def _objeto(objeto: Any) -> dict[str, Any]:
    return {campo: como_json(getattr(objeto, campo)) for campo in CAMPOS[type(objeto)]}


def _esquema_de(modelo: type[Any]) -> dict[str, Any]:
    propiedades = {}
    for campo, descripcion in CAMPOS[modelo].items():
        columna = modelo.__mapper__.columns[campo]
        tipo = _TIPOS.get(columna.type.python_type.__name__, "string")
        if campo in ("municipios", "entidades", "delitos", "base_cortes"):
            tipo = "array"
        propiedades[campo] = {"type": [tipo, "null"] if columna.nullable else tipo, "description": descripcion}
    return {
        "type": "object",
        "properties": propiedades,
        "required": list(propiedades),
        "additionalProperties": False,
    }


def _agregar(objeto: dict[str, Any], nombre: str, elemento: dict[str, Any]) -> None:
    objeto["properties"][nombre] = {"type": "array", "items": elemento}
    objeto["required"].append(nombre)
