"""Se llena el disco al cargar, al subir evidencia y al exportar: lo de antes sigue igual y nada queda a medias."""

import io
import json
import random
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from datos import trabajos
from datos.almacen import Almacen, publicacion_vigente
from datos.recursos import LLENO
from datos.registro import acuerdos, evidencias, lectura, mesas, respaldo
from datos.registro.apertura import registro_de
from datos.registro.errores import RegistroDanado
from datos.registro.evidencias import Entrega
from datos.registro.modelo import Acuerdo, Evidencia
from datos.trabajos import EntregaInvalida
from tests.fallas.medios import disco_chico, etl, libre, llenar, python, redimensionar, restos
from tests.integracion.fuente_de_prueba import NUEVO, VIEJO, cifra
from tests.integracion.registro.conftest import ANA, HOY, IRMA, MESA, ROSA, VALORES

TITULO = "Disco lleno"
MEGA = 1 << 20


@pytest.fixture
def disco(tmp_path):
    """Un disco de 64 MB."""
    with disco_chico(tmp_path / "disco", 64 * MEGA) as lugar:
        yield lugar


def imagen(numero):
    """Una foto de unos 300 KB, distinta cada vez."""
    salida = io.BytesIO()
    Image.frombytes("RGB", (320, 320), random.Random(numero).randbytes(320 * 320 * 3)).save(salida, "png")
    return salida.getvalue()


def explicar(cuaderno):
    falla = cuaderno.falla(TITULO)
    falla.explicar(
        "Todo se escribe aparte y se cambia de nombre al final: si el disco no da, lo anterior sigue vigente, lo que "
        "se alcanzó a escribir se borra en el acto (para no dejarlo más lleno) y la orden sale con 5. El registro "
        "deshace la transacción completa; la página lo dice y lo escrito sigue en pantalla y en su borrador. Al "
        "haber espacio, todo sigue sin reiniciar nada.",
        "Liberar espacio (`df -h`; `python -m etl retencion` dice qué archivos recibidos sobran) y repetir la misma "
        "orden o el mismo botón.",
        "un sistema de archivos de verdad (tmpfs) del tamaño justo: el núcleo contesta ENOSPC, igual que un disco.",
    )
    return falla


@pytest.mark.fallas_cortas
def test_al_cargar(disco, publicado, recibidos, cuaderno, veces):
    """Con cada vez un poco más de espacio: falla en cada paso de la carga, hasta que cabe."""
    shutil.copytree(publicado, disco / "almacen")
    almacen = Almacen(disco / "almacen")
    version, fallidas, dicho = publicacion_vigente(almacen).version, 0, ""
    huecos = veces([40, 2_000], [0, 4, 120, 400, 900, 1_500, 2_200, 3_000, 3_800, 4_600])
    for kb in huecos:
        estorbo = llenar(disco, kb * 1024)
        hecho = etl(almacen.raiz, "cargar", recibidos / "nuevo", "--json")
        if hecho.returncode == 0:
            estorbo.unlink()
            break
        assert hecho.returncode == 5, f"con {kb} KB: {hecho.stdout}{hecho.stderr}"
        assert "Traceback" not in hecho.stderr
        dicho = json.loads(hecho.stdout)["error"].split("\n")[0]
        assert dicho.startswith(LLENO), dicho
        assert publicacion_vigente(almacen).version == version
        assert cifra(almacen) == VIEJO
        assert etl(almacen.raiz, "verificar", "--json").returncode == 0
        assert restos(almacen.publicado, almacen.crudo, almacen.trabajos) == [], f"con {kb} KB"
        fallidas += 1
        estorbo.unlink()
    assert fallidas >= 2, "el disco nunca se llenó"
    assert etl(almacen.raiz, "cargar", recibidos / "nuevo", "--json").returncode == 0
    assert cifra(almacen) == NUEVO
    explicar(cuaderno).apuntar(
        f"al cargar, con de {min(huecos)} a {max(huecos):,} KB libres: la versión anterior sigue", fallidas, fallidas, fallidas,
        "al haber espacio", dicho,
    )  # fmt: skip


def test_al_recibir_archivos_en_la_pagina(disco, recibidos, cuaderno, veces, monkeypatch):
    monkeypatch.setenv("TABLERO_MODO_LOCAL", "si")
    almacen, total, dicho = Almacen(disco / "almacen"), veces(2, 8), ""
    almacen.crear()
    almacen.trabajos.mkdir()
    cuerpo = next((recibidos / "nuevo").glob("*.csv")).read_bytes()
    for numero in range(total):
        estorbo = llenar(disco, len(cuerpo) * numero // total)
        quedaba = libre(disco)
        with pytest.raises(EntregaInvalida) as rechazo:
            trabajos.revisar([("uno.csv", cuerpo), ("dos.csv", cuerpo)], almacen=almacen)
        dicho = str(rechazo.value)
        assert LLENO in dicho
        assert list(almacen.trabajos.iterdir()) == []
        assert libre(disco) == quedaba
        estorbo.unlink()
    explicar(cuaderno).apuntar(
        "al entregar archivos en «Actualizar datos»", total, total, total, "al haber espacio", dicho
    )


@pytest.mark.fallas_cortas
def test_al_subir_evidencia(disco, cuaderno, veces, monkeypatch):
    """Lo confirmado antes se revisa registro por registro; lo que no cupo no dejó ni archivo ni renglón."""
    monkeypatch.setenv("TABLERO_ALMACEN", str(disco / "almacen"))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    almacen = Almacen(disco / "almacen")
    registro = registro_de(almacen)
    mesas.crear(registro, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    suyo = acuerdos.crear(registro, ANA, MESA, VALORES)
    confirmadas, fallidas, dichos = {}, 0, set()
    for numero in range(veces(12, 60)):
        contenido = imagen(numero)
        estorbo = llenar(disco, (numero % 6) * 90 * 1024)
        try:
            nueva = evidencias.entregar(
                registro, ANA, suyo.id, Entrega(f"e{numero}", HOY, archivo="a.png", contenido=contenido)
            )
            confirmadas[nueva.id] = contenido
        except RegistroDanado as causa:
            fallidas += 1
            dichos.add(str(causa))
        assert restos(registro.evidencia) == []
        estorbo.unlink()
    halladas = 0
    for id_, contenido in confirmadas.items():
        assert evidencias.descargar(registro, ANA, id_)[0] == contenido
        halladas += 1
    with registro.leer() as sesion:
        assert {e.id for e in sesion.query(Evidencia)} == set(confirmadas)
    respaldo.comprobar(registro)
    assert fallidas >= 3
    assert confirmadas
    assert all(LLENO in d for d in dichos)
    explicar(cuaderno).apuntar(
        f"al subir evidencia ({fallidas} no cupieron)", fallidas, len(confirmadas), halladas, "al haber espacio",
        next(d for d in sorted(dichos)),
    )  # fmt: skip


def test_el_registro_sin_espacio(disco, cuaderno, veces, monkeypatch):
    """Cuatro personas editan mientras el disco se llena y se libera: lo que dijo «guardado» está, y nada más."""
    monkeypatch.setenv("TABLERO_ALMACEN", str(disco / "almacen"))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    almacen = Almacen(disco / "almacen")
    registro = registro_de(almacen)
    mesas.crear(registro, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    suyos = [acuerdos.crear(registro, ANA, MESA, {**VALORES, "folio": f"{n:02d}/V/2026"}).id for n in range(1, 5)]
    vueltas, fallidas, dicho = veces(2, 10), 0, ""
    confirmadas: list[str] = []

    def editar(clave, marcas):
        aplicadas, fallas = [], []
        for marca in marcas:
            try:
                with registro.leer() as sesion:
                    version = sesion.get(Acuerdo, clave).version
                acuerdos.editar(registro, ANA, clave, version, {"nota": marca + " x" * 900})
                aplicadas.append(marca)
            except RegistroDanado as causa:
                fallas.append(str(causa))
        return aplicadas, fallas

    for vuelta in range(vueltas):
        estorbo = llenar(disco, 60 * 1024)
        with ThreadPoolExecutor(4) as hilos:
            hechos = list(
                hilos.map(editar, suyos, [[f"{vuelta}-{n}-{k}" for k in range(25)] for n in range(len(suyos))])
            )
        estorbo.unlink()
        confirmadas += [m for aplicadas, _ in hechos for m in aplicadas]
        for _, fallas in hechos:
            fallidas += len(fallas)
            dicho = fallas[-1] if fallas else dicho
            assert all(LLENO in f for f in fallas), fallas
    en_bitacora = [
        e.despues["nota"].split(" ")[0]
        for clave in suyos
        for e in lectura.bitacora(registro, IRMA, acuerdo=clave, limite=100_000)
        if e.accion == "cambio"
    ]
    assert fallidas, "el disco nunca se llenó"
    assert sorted(en_bitacora) == sorted(confirmadas)
    respaldo.comprobar(registro)
    for clave in suyos:  # y con espacio se sigue, sin reabrir nada
        with registro.leer() as sesion:
            version = sesion.get(Acuerdo, clave).version
        acuerdos.editar(registro, ANA, clave, version, {"nota": "con espacio"})
    explicar(cuaderno).apuntar(
        f"al guardar en el registro, cuatro personas a la vez ({fallidas} ediciones rechazadas)", vueltas, len(confirmadas),
        len(en_bitacora), "al haber espacio", dicho,
    )  # fmt: skip


@pytest.mark.fallas_cortas
def test_al_exportar(disco, publicado, recibidos, cuaderno, veces):
    """La carpeta que siguen las réplicas, en un disco que se llena: sigue sirviendo lo anterior completo."""
    sitio, almacen = disco / "sitio", Almacen(publicado)
    assert etl(publicado, "exportar", sitio, "--json").returncode == 0
    antes, dicho, fallidas = (sitio / "actual.json").read_bytes(), "", 0
    assert etl(publicado, "cargar", recibidos / "nuevo", "--json").returncode == 0
    for kb in veces([0], [0, 8, 200, 800, 1_600, 2_400, 3_200]):
        estorbo = llenar(disco, kb * 1024)
        hecho = etl(publicado, "exportar", sitio, "--json")
        assert hecho.returncode == 5, hecho.stdout + hecho.stderr
        dicho = json.loads(hecho.stdout)["error"].split("\n")[0]
        assert dicho.startswith(LLENO)
        assert (sitio / "actual.json").read_bytes() == antes
        ficha = json.loads(antes)
        assert (sitio / ficha["archivo"]).stat().st_size == ficha["bytes"]
        assert restos(sitio) == []
        fallidas += 1
        estorbo.unlink()
    assert etl(publicado, "exportar", sitio, "--json").returncode == 0
    assert json.loads((sitio / "actual.json").read_text())["version"] == publicacion_vigente(almacen).version
    explicar(cuaderno).apuntar(
        "al exportar para las réplicas: se sigue sirviendo lo anterior",
        fallidas,
        fallidas,
        fallidas,
        "al haber espacio",
        dicho,
    )


def test_al_hacer_documentos(disco, almacen_demostracion, cuaderno, veces):
    """El boletín y el paquete de una Mesa: se dice, no queda a medias y el anterior sirve."""
    salida, dicho, fallidas = disco / "boletines", "", 0
    orden = (
        "-m",
        "informes",
        "boletin",
        "--lugar",
        "00",
        "--salida",
        salida,
        "--almacen",
        almacen_demostracion,
        "--json",
    )
    assert python(*orden).returncode == 0
    completos = {r.name: r.read_bytes() for r in salida.iterdir() if r.is_file()}
    for kb in veces([0], [0, 60]):
        for ruta in salida.glob("*.json"):
            ruta.unlink()  # sin ficha se vuelve a hacer
        estorbo = llenar(disco, kb * 1024)
        hecho = python(*orden)
        assert hecho.returncode == 1, hecho.stdout + hecho.stderr
        dicho = json.loads(hecho.stdout)["boletines"][0]["mensaje"]
        assert LLENO in dicho
        assert {r.name: r.read_bytes()[:4] for r in salida.iterdir() if r.suffix != ".json"} == {
            n: c[:4] for n, c in completos.items() if not n.endswith(".json")
        }
        assert restos(salida) == []
        fallidas += 1
        estorbo.unlink()
    assert python(*orden).returncode == 0
    paquete = (
        "-m",
        "informes",
        "paquete",
        "--mesa",
        "demo-1",
        "--salida",
        disco / "paquetes",
        "--json",
        "--fecha",
        "2026-11-24",
    )
    estorbo = llenar(disco, 100 * 1024)
    hecho = python(*paquete, "--almacen", almacen_demostracion)
    assert hecho.returncode == 1, hecho.stdout + hecho.stderr
    assert LLENO in json.loads(hecho.stdout)["paquetes"][0]["mensaje"]
    assert restos(disco / "paquetes") == []
    assert not list((disco / "paquetes").rglob("*.zip*"))
    estorbo.unlink()
    explicar(cuaderno).apuntar(
        "al hacer boletines y paquetes",
        fallidas + 1,
        fallidas + 1,
        fallidas + 1,
        "al haber espacio",
        dicho.split(". ", 1)[1],
    )


def test_el_espacio_que_se_libera_se_aprovecha(disco, publicado, recibidos):
    """Agrandar el disco basta: no hay que borrar nada a mano."""
    shutil.copytree(publicado, disco / "almacen")
    almacen = Almacen(disco / "almacen")
    llenar(disco, 40 * 1024)
    assert etl(almacen.raiz, "cargar", recibidos / "nuevo", "--json").returncode == 5
    redimensionar(disco, 96 * MEGA)
    assert etl(almacen.raiz, "cargar", recibidos / "nuevo", "--json").returncode == 0
    assert cifra(almacen) == NUEVO
