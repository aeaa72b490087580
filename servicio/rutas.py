"""``/api/vivo``, ``/api/salud`` y ``/api/metricas``: lo que pregunta quien vigila."""

from __future__ import annotations

import hmac
import os
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from datos import salud
from informes import taller
from observacion import metricas
from servicio import medidores

VARIABLE_CLAVE = "TABLERO_METRICAS_CLAVE"


async def vivo(_peticion: Request) -> Response:
    """``/api/vivo``: el proceso atiende. No mira nada más: reiniciarlo no arregla un dato ni una base caída."""
    return JSONResponse({"vivo": True}, headers={"Cache-Control": "no-store"})


def estado(_peticion: Request) -> Response:
    """``/api/salud``: si conviene mandarle visitas (200) o no (503), y por qué."""
    hallada = salud.revisar()
    datos = salud.como_datos(hallada)
    datos["taller"] = {
        "procesos": taller.cuantos_procesos(),
        "pendientes": taller.pendientes(),
        "maximo": taller.MAXIMO_EN_ESPERA,
    }
    datos["sesiones"] = medidores.sesiones()
    return JSONResponse(datos, status_code=200 if hallada.lista else 503, headers={"Cache-Control": "no-store"})


def texto_de_metricas(peticion: Request) -> Response:
    """``/api/metricas``: solo desde la propia máquina o con la clave; a los demás se les dice que no existe."""
    if not _puede_ver(peticion):
        return Response("Not Found", status_code=404, media_type="text/plain")
    return Response(metricas.exponer(), media_type=metricas.TIPO, headers={"Cache-Control": "no-store"})


def _puede_ver(peticion: Request) -> bool:
    clave = os.environ.get(VARIABLE_CLAVE, "").strip()
    dada = peticion.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if clave and dada and hmac.compare_digest(clave.encode(), dada.encode()):
        return True
    # Lo que reenvía un proxy de esta misma máquina no viene de ella.
    if {"x-forwarded-for", "forwarded", "x-real-ip"} & {c.lower() for c in peticion.headers}:
        return False
    try:
        return peticion.client is not None and ip_address(peticion.client.host).is_loopback
    except ValueError:
        return False


RUTAS = [Route("/api/vivo", vivo), Route("/api/salud", estado), Route("/api/metricas", texto_de_metricas)]
