"""El registro en sus dos motores: SQLite en una carpeta y una base nueva de un PostgreSQL de verdad."""

import os
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from datos.almacen import Almacen
from datos.plantilla.columnas import EJEMPLO
from datos.registro import acuerdos, mesas, motor
from datos.registro.actor import Actor, Rol
from datos.registro.apertura import registro_de

MESA, AJENA = "mesa-propia", "mesa-ajena"
ANA = Actor("ana@ejemplo.mx", "Ana", Rol.MESA, frozenset({MESA}))
BETO = Actor("beto@ejemplo.mx", "Beto", Rol.MESA, frozenset({MESA}))
LEO = Actor("leo@ejemplo.mx", "Leo", Rol.MESA, frozenset({AJENA}))
ROSA = Actor("rosa@ejemplo.mx", "Rosa", Rol.RED)
IRMA = Actor("irma@ejemplo.mx", "Irma", Rol.ADMINISTRACION)
HOY = date(2026, 9, 15)
VALORES = {
    **EJEMPLO,
    "folio": "01/V/2026",
    "texto": "Revisar cada mes los puntos de robo.",
    "fecha": "2026-02-10",
    "inicio_efecto": "2026-03-01",
    "plazo": "2027-02-28",
    "linea_base_periodo": "",
    "fuente": "Minuta de la sesión V",
}


@pytest.fixture(scope="session")
def postgres():
    """Dirección de un PostgreSQL para pruebas; sin él la prueba se omite, o falla si se exige."""
    direccion = os.environ.get("TABLERO_POSTGRES", "").strip()
    if direccion:
        return direccion
    if os.environ.get("TABLERO_EXIGIR_POSTGRES") == "1":
        pytest.fail("se exige un PostgreSQL y TABLERO_POSTGRES no dice dónde está")
    pytest.skip('no hay un PostgreSQL para pruebas (TABLERO_POSTGRES); lo enciende «eval "$(.ci/postgres iniciar)"»')


@pytest.fixture
def base_nueva(postgres):
    """Fábrica de bases vacías en ese PostgreSQL; se borran al terminar."""
    administrador = create_engine(postgres, isolation_level="AUTOCOMMIT")
    hechas = []

    def hacer():
        nombre = f"prueba_{uuid4().hex[:12]}"
        with administrador.connect() as conexion:
            conexion.execute(text(f'CREATE DATABASE "{nombre}"'))
        hechas.append(nombre)
        return make_url(postgres).set(database=nombre).render_as_string(hide_password=False)

    yield hacer
    for nombre in hechas:
        for llave in [k for k in motor._motores if nombre in str(k[0])]:
            motor._motores.pop(llave).dispose()
        with administrador.connect() as conexion:
            conexion.execute(text(f'DROP DATABASE "{nombre}" WITH (FORCE)'))
    administrador.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def abierto(request, tmp_path, monkeypatch):
    """Un registro recién nacido, en cada motor, sin nada publicado."""
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    if request.param == "postgresql":
        monkeypatch.setenv("TABLERO_REGISTRO", request.getfixturevalue("base_nueva")())
    else:
        monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    return registro_de(Almacen(tmp_path))


@pytest.fixture
def registro(abierto):
    """El mismo, con dos Mesas: una de Ana y Beto, otra de Leo."""
    for clave, municipio in ((MESA, "01001"), (AJENA, "14039")):
        mesas.crear(abierto, ROSA, clave=clave, nombre=clave.title(), municipios=[municipio], fuente="Prueba")
    return abierto


@pytest.fixture
def acuerdo(registro):
    """Un acuerdo público de la Mesa de Ana."""
    return acuerdos.crear(registro, ANA, MESA, VALORES)
