"""El reloj de la máquina salta hacia atrás y hacia adelante: lo último publicado y lo último guardado siguen siendo lo último."""

import json
import os
import subprocess
import sys
from itertools import pairwise

import pytest

from datos import trabajos
from datos.almacen import Almacen, publicacion_vigente, versiones
from datos.registro import acuerdos, lectura, mesas, respaldo
from datos.registro.apertura import registro_de
from tests.fallas.medios import RAIZ, Servidor, etl, lamina, responde
from tests.integracion.fuente_de_prueba import NUEVO, cifra
from tests.integracion.registro.conftest import ANA, IRMA, MESA, ROSA, VALORES
from tests.navegador.conftest import ESCRITORIO, esperar_lista
from tests.navegador.escritorio_del_registro import LOCAL, caja, escribir

TITULO = "Salto del reloj"
DIA, ANIO = 86_400, 365 * 86_400
SALTOS = (0, -DIA, +3 * DIA, -ANIO, +ANIO, -10, 0, -2 * DIA)
SEGUIR = """
import sys
from datetime import date
from datos.almacen import almacen_por_omision
from datos.registro import seguimientos
from datos.registro.apertura import registro_de
from datos.registro.evidencias import Entrega
from datos.registro.modelo import Acuerdo
from tests.integracion.registro.conftest import ANA
registro = registro_de(almacen_por_omision())
clave, nivel = sys.argv[1], int(sys.argv[2])
with registro.leer() as sesion:
    version = sesion.get(Acuerdo, clave).version
liga = Entrega("liga", date.today(), url="https://ejemplo.mx/x")
suyo = {"cumplimiento": nivel, "nota": f"nivel {nivel}", "dia": date.today(), "entregas": [liga]}
seguimientos.registrar(registro, ANA, clave, version, **suyo)
"""


@pytest.fixture
def corrido(tmp_path_factory):
    """``corrido(segundos)``: el entorno de un proceso cuyo reloj va adelantado esos segundos."""
    carpeta = tmp_path_factory.mktemp("reloj")
    so, archivo = lamina("reloj", carpeta), carpeta / "corrido"

    def poner(segundos):
        archivo.write_text(str(segundos))
        return {"LD_PRELOAD": str(so), "RELOJ_CORRIDO": str(archivo)}

    return poner


def explicar(cuaderno):
    falla = cuaderno.falla(TITULO)
    falla.explicar(
        "El nombre de una versión y el de un trabajo empiezan con su hora, y por él se ordenan: si el reloj se "
        "atrasó, la nueva toma un instante después de la más nueva que haya, así que la última publicada es siempre "
        "la última y `revertir` vuelve a la de antes. El puntero que siguen las réplicas hace lo mismo. En el "
        "registro manda el orden de la bitácora, y el último cumplimiento declarado es el vigente aunque su fecha se "
        "haya atrasado. Los borradores guardan el suyo y no dependen de la hora del servidor.",
        "Corregir el reloj (`timedatectl set-ntp true`). Lo que se guardó con la hora equivocada queda con esa hora "
        "en la bitácora: no se reescribe; un seguimiento con fecha futura se puede retirar con su razón.",
        "una lámina sobre la biblioteca del sistema (LD_PRELOAD) que corre la hora del día de cada proceso, también "
        "a medio camino; el reloj de la máquina no se movió porque otros la usan.",
    )
    return falla


@pytest.mark.fallas_cortas
def test_lo_ultimo_publicado_sigue_siendo_lo_ultimo(publicado, recibidos, cuaderno, veces, corrido, tmp_path):
    almacen, sitio = Almacen(publicado), tmp_path / "sitio"
    saltos, publicadas = SALTOS[: veces(3, len(SALTOS))], [publicacion_vigente(almacen).version]
    assert etl(publicado, "exportar", sitio, "--json").returncode == 0
    apuntados = [json.loads((sitio / "actual.json").read_text())["apuntado_en"]]
    for segundos in saltos:
        hecho = etl(publicado, "cargar", recibidos / "nuevo", "--json", entorno=corrido(segundos))
        assert hecho.returncode == 0, hecho.stdout + hecho.stderr
        publicadas.append(json.loads(hecho.stdout)["version"])
        assert publicacion_vigente(almacen).version == publicadas[-1] == versiones(almacen)[-1].version
        assert trabajos.lista(1, almacen)[0].resultado["version"] == publicadas[-1]
        assert etl(publicado, "exportar", sitio, "--json", entorno=corrido(segundos)).returncode == 0
        apuntados.append(json.loads((sitio / "actual.json").read_text())["apuntado_en"])
        # Volver atrás lleva a la que se publicó antes, no a otra; y de ahí se regresa.
        assert json.loads(etl(publicado, "revertir", "--json").stdout)["version"] == publicadas[-2]
        assert etl(publicado, "revertir", publicadas[-1], "--json").returncode == 0
    assert cifra(almacen) == NUEVO
    assert publicadas == sorted(set(publicadas))
    assert all(antes < despues for antes, despues in pairwise(apuntados))
    explicar(cuaderno).apuntar(
        f"publicar con saltos de hasta un año en los dos sentidos: {len(publicadas)} versiones en su orden", len(saltos),
        len(publicadas), len(set(publicadas)), "no se va", "n. d.",
    )  # fmt: skip


def test_lo_ultimo_declarado_es_lo_vigente(tmp_path, cuaderno, veces, corrido, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    registro = registro_de(Almacen(tmp_path))
    mesas.crear(registro, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    clave = acuerdos.crear(registro, ANA, MESA, VALORES).id
    declarados = []
    for numero, segundos in enumerate(SALTOS[: veces(3, len(SALTOS))]):
        nivel = 1 + (numero * 2) % 5
        hecho = subprocess.run(
            [sys.executable, "-c", SEGUIR, clave, str(nivel)], cwd=RAIZ, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(RAIZ), **corrido(segundos)},
        )  # fmt: skip
        assert hecho.returncode == 0, hecho.stderr
        declarados.append(f"nivel {nivel}")
        expediente = lectura.expediente(registro, IRMA, clave)
        assert expediente.cumplimiento == nivel, f"tras un salto de {segundos} s no vale lo último que se declaró"
        assert [s.nota for s in expediente.seguimientos] == declarados
    entradas = lectura.bitacora(registro, IRMA, acuerdo=clave, limite=1_000)
    en_bitacora = [e.despues["nota"] for e in entradas if e.objeto == "seguimiento" and e.accion == "alta"]
    assert sorted(en_bitacora) == sorted(declarados)
    respaldo.comprobar(registro)
    explicar(cuaderno).apuntar(
        "declarar el cumplimiento con saltos: lo último declarado es lo vigente", len(declarados), len(declarados),
        len(en_bitacora), "no se va", "n. d.",
    )  # fmt: skip


def test_una_captura_abierta_mientras_salta(almacen_de_practica, chromium, tmp_path, cuaderno, veces, corrido):
    """La ventana abierta y su borrador siguen, con el servidor saltando de hora por debajo."""
    servidor = Servidor(almacen_de_practica, tmp_path / "servidor.log", **LOCAL, **corrido(0))
    servidor.encender()
    try:
        contexto = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
        abierta = contexto.new_page()
        abierta.goto(f"{servidor.direccion}/capturar?mesa=demo-1&paso=que")
        esperar_lista(abierta)
        rotulo, escrito = "El acuerdo, como quedó dicho", ""
        saltos = SALTOS[1 : veces(3, 7)]
        for segundos in saltos:
            escrito += f"Con el reloj corrido {segundos} segundos. "
            corrido(segundos)
            escribir(abierta, rotulo, escrito)
            abierta.wait_for_timeout(900)
            abierta.goto(f"{servidor.direccion}/capturar?mesa=demo-1&paso=que")
            esperar_lista(abierta)
            assert caja(abierta, rotulo).input_value() == escrito
            assert responde(f"{servidor.direccion}/api/salud", 5) == 200
        contexto.close()
    finally:
        servidor.apagar()
    explicar(cuaderno).apuntar(
        "una captura abierta: lo escrito tras cada salto, al volver a cargar", len(saltos), len(saltos),
        len(saltos), "no se va", "n. d.",
    )  # fmt: skip
