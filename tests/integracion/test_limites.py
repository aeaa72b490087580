"""Quien machaca la aplicación servida: cuánto pasa, qué se le dice, y que a los demás no les toque."""

import asyncio

import pytest

from tests.corrutinas import correr
from tests.integracion.atacante import Atacante, pedir
from tests.integracion.test_seguridad import _ficha, _formulario
from tests.navegador.conftest import servir
from tests.rendimiento.visitante import ErrorDePagina


@pytest.fixture(scope="module")
def sitio_con_limites(almacen_demostracion):
    entorno = {"TABLERO_LIMITE_ENTRAR": "5/10", "TABLERO_LIMITE_SUBIR": "4/10", "TABLERO_LIMITE_EXPORTAR": "6/10"}
    with servir(almacen_demostracion, TABLERO_HOY="2026-11-24", **entorno) as direccion:
        yield direccion


def test_pedir_entrar_sin_parar(sitio_con_limites):
    """uvicorn confía en el proxy de la propia máquina: cada ``X-Forwarded-For`` es otra red."""

    def intentos(red, cuantos):
        hechos = [
            pedir(sitio_con_limites, "/auth/login", cabeceras={"X-Forwarded-For": red, "Accept": "text/html"})
            for _ in range(cuantos)
        ]
        return [h[0] for h in hechos], hechos[-1]

    codigos, ultimo = intentos("203.0.113.7", 60)
    assert [c == 429 for c in codigos] == [False] * 5 + [True] * 55
    assert 0 < int(ultimo[1]["retry-after"]) <= 600
    assert "Se pidió entrar demasiadas veces" in ultimo[2].decode()
    assert ultimo[1]["x-content-type-options"] == "nosniff"
    assert 429 not in intentos("203.0.113.8", 5)[0]
    # Y lo público se sigue viendo desde la red que se frenó.
    assert pedir(sitio_con_limites, "/", cabeceras={"X-Forwarded-For": "203.0.113.7", "Accept": "text/html"})[0] == 200


def test_subir_sin_parar(sitio_con_limites):
    async def intentar():
        async with Atacante(sitio_con_limites) as uno, Atacante(sitio_con_limites) as otro:
            await uno.visitar("")
            await otro.visitar("")
            fichas = {id(q): _ficha(sitio_con_limites) for q in (uno, otro)}

            def subir(quien, n):
                ruta = f"/_stcore/upload_file/{quien._sesion}/archivo-{n}"
                return pedir(sitio_con_limites, ruta, "PUT", fichas[id(quien)], _formulario(b"x"))

            hechos = [subir(uno, n) for n in range(30)]
            return [h[0] for h in hechos], hechos[-1], [subir(otro, n)[0] for n in range(4)]

    codigos, ultimo, del_otro = correr(intentar())
    assert codigos == [204] * 4 + [429] * 26
    assert "Subió demasiados archivos" in ultimo[2].decode()
    assert "retry-after" in ultimo[1]
    assert del_otro == [204] * 4


def test_exportar_sin_parar(sitio_con_limites):
    async def llevarse(quien, cuantos):
        bien, negados = 0, []
        for _ in range(cuantos):
            try:
                _, cuerpo = await quien.bajar(next(r for r in quien.botones if r.endswith("CSV")))
                assert cuerpo
                bien += 1
            except ErrorDePagina as causa:
                negados.append(str(causa))
        return bien, negados

    async def intentar():
        async with Atacante(sitio_con_limites) as uno, Atacante(sitio_con_limites) as otro:
            await uno.visitar("tendencias")
            await otro.visitar("tendencias")
            primero, vecino = await asyncio.gather(llevarse(uno, 25), llevarse(otro, 6))
            # La página del que se frenó sigue entera y se puede seguir usando.
            await uno.visitar("ficha")
            return primero, vecino, uno.excepciones

    (bien, negados), vecino, excepciones = correr(intentar())
    assert (bien, len(negados)) == (6, 19)
    assert all("Pidió demasiados archivos o trabajos en poco tiempo" in n for n in negados)
    assert "vuelva a intentarlo en 10 minutos" in negados[-1]
    assert vecino == (6, [])
    assert excepciones == []
