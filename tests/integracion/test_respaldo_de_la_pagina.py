"""El respaldo que se baja de Administración sale cifrado cuando hay clave, y con su llave es un respaldo completo."""

import pyrage
import pytest

from datos.registro import respaldo
from tests.corrutinas import correr
from tests.integracion.atacante import Atacante
from tests.navegador.conftest import servir


@pytest.mark.parametrize("con_clave", [True, False])
def test_sale_como_dice(almacen, tmp_path, con_clave):
    llave = pyrage.x25519.Identity.generate()
    entorno = {"TABLERO_RESPALDO_CLAVE": str(llave.to_public()) if con_clave else "", "TABLERO_REGISTRO": ""}

    async def bajar(direccion):
        async with Atacante(direccion) as quien:
            await quien.visitar("administracion", {"asunto": "respaldo"})
            (rotulo,) = [r for r in quien.botones if "Respaldo completo" in r]
            return " ".join(quien.marcas), (await quien.bajar(rotulo))[1]

    with servir(almacen.raiz, TABLERO_MODO_LOCAL="si", **entorno) as direccion:
        dicho, cuerpo = correr(bajar(direccion))
    assert ("Sale cifrado" in dicho) == con_clave
    assert ("Sale sin cifrar" in dicho) != con_clave
    assert cuerpo.startswith(b"age-encryption.org/" if con_clave else b"PK")
    (tmp_path / "r.zip").write_bytes(pyrage.decrypt(cuerpo, [llave]) if con_clave else cuerpo)
    assert respaldo.revisar(tmp_path / "r.zip").renglones["mesa"] > 0
    # Lo que se baja no cuenta como respaldo hecho, ni deja nada en el almacén.
    assert not list((almacen.raiz / "registro").glob(".respaldo*"))
