"""Dónde está el registro y cuál se muestra.

Con datos oficiales publicados es el de la instalación: un SQLite en el almacén o el PostgreSQL de ``TABLERO_REGISTRO``. Con la
demostración publicada es un **registro de práctica** aparte, lleno de Mesas ficticias: lo que se escriba ahí no pasa nunca
al de la instalación, que queda intacto y sin mostrarse.
"""

from __future__ import annotations

import os
from pathlib import Path

from datos.almacen import VARIABLE_REGISTRO, Almacen, almacen_por_omision, publicacion_vigente
from datos.registro import practica, siembra
from datos.registro.conexion import Registro, preparar
from datos.registro.motor import leer_url, sqlite

VARIABLE = VARIABLE_REGISTRO
VARIABLE_EVIDENCIA = "TABLERO_EVIDENCIA"


def registro_vigente(almacen: Almacen | None = None) -> Registro:
    """El registro que corresponde a lo publicado, listo para usarse: migrado y sembrado.

    Lanza ``RegistroDanado`` si no se puede abrir y ``RegistroMasNuevo`` si lo escribió una versión más nueva.
    """
    almacen = almacen or almacen_por_omision()
    publicacion = publicacion_vigente(almacen)
    if publicacion is not None and publicacion.demostracion:
        return registro_de_practica(almacen)
    return registro_de(almacen)


def registro_de(almacen: Almacen) -> Registro:
    """El registro de la instalación, se esté mostrando o no."""
    suyo = donde_esta(almacen)
    preparar(suyo, lambda sesion: siembra.sembrar(sesion, almacen), almacen.registro / "respaldos")
    return suyo


def donde_esta(almacen: Almacen) -> Registro:
    """El registro de la instalación sin abrirlo ni crearlo: para restaurarlo.

    Con PostgreSQL guarda la evidencia en la base, salvo que ``TABLERO_EVIDENCIA`` diga una carpeta.
    """
    configurado = os.environ.get(VARIABLE, "").strip()
    url = leer_url(configurado) if configurado else sqlite(almacen.archivo_del_registro)
    carpeta = os.environ.get(VARIABLE_EVIDENCIA, "").strip()
    return Registro(
        url,
        Path(carpeta).expanduser().resolve() if carpeta else almacen.registro / "evidencia",
        en_base=url.get_backend_name() == "postgresql" and not carpeta,
    )


def registro_de_practica(almacen: Almacen) -> Registro:
    """El registro de práctica, con las Mesas ficticias de la demostración publicada.

    Su archivo lleva la huella de esas Mesas: si la demostración cambia nace otro y el anterior se queda en el disco.
    """
    semilla = practica.semilla()
    archivo = almacen.registro / f"practica-{semilla.huella[:12]}.sqlite"
    suyo = Registro(sqlite(archivo), almacen.registro / "evidencia-de-practica", practica=True)
    preparar(suyo, lambda sesion: practica.sembrar(sesion, suyo, semilla), almacen.registro / "respaldos")
    return suyo
