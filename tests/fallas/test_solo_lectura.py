"""El disco se vuelve de solo lectura, como cuando falla: se sigue leyendo todo y se dice que no se puede escribir."""

import json
import shutil

import pytest

from datos.almacen import Almacen, publicacion_vigente
from datos.recursos import SOLO_LECTURA
from datos.registro import acuerdos, lectura, mesas, motor, respaldo
from datos.registro.apertura import registro_de
from datos.registro.errores import RegistroDanado
from datos.registro.modelo import Acuerdo
from tests.fallas.medios import disco_chico, etl, solo_lectura
from tests.integracion.fuente_de_prueba import NUEVO, VIEJO, cifra
from tests.integracion.registro.conftest import ANA, IRMA, MESA, ROSA, VALORES
from tests.navegador.conftest import ESCRITORIO, esperar_lista, texto_de

TITULO = "Disco de solo lectura"
MEGA = 1 << 20
ORDENES = (("cargar",), ("revertir",), ("exportar",), ("recalcular",))


@pytest.fixture
def disco(tmp_path):
    with disco_chico(tmp_path / "disco", 256 * MEGA) as lugar:
        yield lugar


def explicar(cuaderno):
    falla = cuaderno.falla(TITULO)
    falla.explicar(
        "Las páginas de cifras y las del registro se siguen leyendo. Toda orden que escribe sale con 5 y lo dice; "
        "guardar en el registro se rechaza completo. Al volver a montarlo para escritura se sigue, sin reiniciar "
        "nada.",
        "Revisar el disco (`dmesg`, SMART) antes que nada: Linux lo deja de solo lectura cuando falla. Después, "
        "volver a montarlo y repetir.",
        "un sistema de archivos propio, vuelto a montar de solo lectura (`mount -o remount,ro`) con la aplicación "
        "corriendo.",
    )
    return falla


@pytest.mark.fallas_cortas
def test_las_ordenes_lo_dicen_y_no_cambian_nada(disco, publicado, recibidos, cuaderno, tmp_path):
    shutil.copytree(publicado, disco / "almacen")
    almacen, dicho = Almacen(disco / "almacen"), ""
    version = publicacion_vigente(almacen).version
    solo_lectura(disco, True)
    for orden in ORDENES:
        mas = {"cargar": [recibidos / "nuevo"], "exportar": [disco / "sitio"]}.get(orden[0], [])
        hecho = etl(almacen.raiz, *orden, *mas, "--json")
        assert hecho.returncode == 5, f"{orden}: {hecho.stdout}{hecho.stderr}"
        assert "Traceback" not in hecho.stderr
        dicho = json.loads(hecho.stdout)["error"]
        assert dicho.startswith(SOLO_LECTURA), dicho
        assert publicacion_vigente(almacen).version == version
    assert etl(almacen.raiz, "verificar", "--json").returncode == 0
    assert etl(almacen.raiz, "estado", "--json").returncode == 0
    assert cifra(almacen) == VIEJO
    solo_lectura(disco, False)
    assert etl(almacen.raiz, "cargar", recibidos / "nuevo", "--json").returncode == 0
    assert cifra(almacen) == NUEVO
    explicar(cuaderno).apuntar(
        f"las órdenes que escriben ({', '.join(o[0] for o in ORDENES)})", len(ORDENES), len(ORDENES), len(ORDENES),
        "al montarlo de nuevo", dicho,
    )  # fmt: skip


@pytest.mark.fallas_cortas
def test_el_registro_se_lee_y_no_se_escribe(disco, cuaderno, veces, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(disco / "almacen"))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    registro = registro_de(Almacen(disco / "almacen"))
    mesas.crear(registro, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    clave = acuerdos.crear(registro, ANA, MESA, VALORES).id
    total, confirmadas, dicho = veces(2, 20), [], ""
    for numero in range(total):
        acuerdos.editar(registro, ANA, clave, _version(registro, clave), {"nota": f"{numero}"})
        confirmadas.append(f"{numero}")
        _soltar(registro)
        solo_lectura(disco, True)
        assert lectura.expediente(registro, ANA, clave).acuerdo.nota == f"{numero}"
        with pytest.raises(RegistroDanado) as rechazo:
            acuerdos.editar(registro, ANA, clave, _version(registro, clave), {"nota": "no debe entrar"})
        dicho = str(rechazo.value)
        assert SOLO_LECTURA in dicho, dicho
        _soltar(registro)
        solo_lectura(disco, False)
    notas = [
        e.despues["nota"]
        for e in lectura.bitacora(registro, IRMA, acuerdo=clave, limite=10_000)
        if e.accion == "cambio"
    ]
    assert sorted(notas) == sorted(confirmadas)
    respaldo.comprobar(registro)
    explicar(cuaderno).apuntar(
        "el registro: se lee, y guardar se rechaza", total, len(confirmadas), len(notas), "al montarlo de nuevo", dicho
    )


def _version(registro, clave):
    with registro.leer() as sesion:
        return sesion.get(Acuerdo, clave).version


def _soltar(registro):
    """Con un archivo abierto para escribir, Linux no deja volver de solo lectura: se cierran las conexiones en "
    "reposo."""
    motor.motor(registro.url).dispose()


def test_las_paginas_siguen(disco, almacen_de_practica, chromium, encender, cuaderno, monkeypatch):
    """La aplicación arrancada sobre un disco que ya es de solo lectura: las cifras se ven y el registro se lee o "
    "dice por qué no."""
    shutil.copytree(almacen_de_practica, disco / "almacen")
    solo_lectura(disco, True)
    servidor = encender(
        disco / "almacen", TABLERO_MODO_LOCAL="si", TABLERO_HOY="2026-11-24", TABLERO_FIRMA="Ana Prueba"
    )
    contexto = chromium.new_context(viewport=ESCRITORIO, locale="es-MX")
    abierta, vistas = contexto.new_page(), 0
    for pagina in ("", "tendencias", "ficha", "datos", "mapa"):
        abierta.goto(f"{servidor.direccion}/{pagina}")
        esperar_lista(abierta)
        assert "DEMOSTRACIÓN" in texto_de(abierta)
        vistas += 1
    abierta.goto(f"{servidor.direccion}/acuerdos")
    esperar_lista(abierta)
    dicho = texto_de(abierta)
    assert "solo lectura" in dicho or "no deja escribir" in dicho, dicho[:800]
    dicho = abierta.locator("[data-testid='stAlert']").first.inner_text()
    abierta.goto(f"{servidor.direccion}/actualizar")
    esperar_lista(abierta)
    abierta.get_by_role("button", name="Buscar en la fuente").click()
    abierta.wait_for_timeout(300)
    esperar_lista(abierta)
    assert "solo lectura" in texto_de(abierta)
    contexto.close()
    explicar(cuaderno).apuntar(
        "arrancar con el disco así: páginas de cifras que se ven",
        vistas,
        vistas,
        vistas,
        "no se va",
        " ".join(dicho.split()),
    )
