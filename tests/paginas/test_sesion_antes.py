"""Sesión, antes y después: la lista, las láminas, el paquete como trabajo, y quién puede qué."""

from datetime import date

import pytest

from datos import paquetes
from datos.almacen import Almacen
from datos.registro import lectura
from datos.registro.actor import SISTEMA
from datos.registro.apertura import registro_vigente
from informes import lote
from informes.ordenes.paquete import Tarea, hacer
from informes.sesion.pedido import Pedido

MES, HOY = date(2026, 8, 1), date(2026, 11, 24)


@pytest.fixture
def sin_procesos(monkeypatch):
    """Ningún proceso de verdad: se anota lo que se habría corrido."""
    corridos = []
    monkeypatch.setattr(paquetes.subprocess, "Popen", lambda orden, **_: corridos.append(orden))
    return corridos


def claves_de(prueba):
    """Las llaves de los botones, también los de descarga."""
    return {b.key for b in prueba.button} | {e.proto.id.split("-")[-1] for e in prueba.get("download_button")}


def test_antes_ensena_la_lista_y_las_mismas_laminas(abrir, practica, local):
    abierta = abrir("sesion", practica, mesa="demo-2", parte="antes")
    assert abierta.titular == "Mesa de demostración 2, antes de la sesión: faltan 2 cosas"
    for dicho in (
        "Listo. Minuta de la sesión anterior", "Falta. Plazos vencidos sin completar: 3", "02/XV/2022, 03/XXX/2024 y 01/LI/2026",
        "Acuerdos anteriores: 1 completo, 1 sustancial, 2 limitados y 1 sin evidencia", "01/LVI/2026 · interno",
        "El cumplimiento dice si se hizo lo acordado", "Efecto, aparte del cumplimiento",
    ):  # fmt: skip
        assert dicho in abierta.texto, dicho
    assert "armar_paquete" in claves_de(abierta.prueba)


def test_el_publico_ve_y_arma_solo_lo_publico(abrir, practica, sin_procesos):
    abierta = abrir("sesion", practica, mesa="demo-2", parte="antes", version="mesa")
    assert "01/LVI/2026" not in abierta.texto
    assert "interno" not in abierta.texto
    assert "Versión" not in {c.label for c in abierta.prueba.get("button_group")}
    abierta.prueba.button(key="armar_paquete").click().run()
    assert not abierta.prueba.exception
    (orden,) = sin_procesos
    assert "--publico" in orden
    assert orden[orden.index("--mesa") + 1] == "demo-2"


def test_el_paquete_en_camino_se_ve_y_no_se_pide_dos_veces(abrir, practica, local, sin_procesos):
    prueba = abrir("sesion", practica, mesa="demo-2", parte="antes").prueba
    prueba.button(key="armar_paquete").click().run()
    assert not prueba.exception
    assert "--publico" not in sin_procesos[0]
    otra = abrir("sesion", practica, mesa="demo-2", parte="antes")
    assert "armar_paquete" not in claves_de(otra.prueba)
    assert "se sigue armando" in otra.texto
    assert len(sin_procesos) == 1


def test_sin_lugar_lo_dice_y_no_empieza(abrir, practica, local, sin_procesos):
    for mesa in ("demo-1", "demo-3"):
        paquetes.empezar(SISTEMA, mesa, MES, publico=False, fecha=HOY)
    abierta = abrir("sesion", practica, mesa="demo-2", parte="antes")
    abierta.prueba.button(key="armar_paquete").click().run()
    assert "vuelva a pedirlo en un minuto" in abierta.texto
    assert len(sin_procesos) == 2


def test_una_falla_dice_que_paso_que_se_conservo_y_que_sigue(abrir, practica, local, sin_procesos):
    id = paquetes.empezar(SISTEMA, "demo-2", MES, publico=False, fecha=HOY)
    with paquetes.bitacora(id) as anota:
        anota.terminar(1, "No se pudo guardar (No queda espacio). Lo hecho antes sigue igual.")
    abierta = abrir("sesion", practica, mesa="demo-2", parte="antes")
    assert "El paquete no se armó: No se pudo guardar (No queda espacio)" in abierta.texto
    assert "Puede volver a pedirlo" in abierta.texto
    assert "armar_paquete" in claves_de(abierta.prueba)


@pytest.fixture
def armado(practica):
    """El paquete de la Mesa 2, ya hecho."""
    salida = paquetes.carpeta_de_hechos(Almacen(practica)) / "demo-2"
    r = hacer(Tarea(Pedido("demo-2", MES, HOY), salida, forzar=False))
    assert (r.codigo, r.mensaje.split(":")[0]) == (lote.HECHO, "Listo")
    return practica


def test_lo_armado_se_baja_y_se_proyecta_y_avisa_si_cambio_el_registro(abrir, armado, local, monkeypatch):
    abierta = abrir("sesion", armado, mesa="demo-2", parte="antes")
    rotulos = [e.proto.label for e in abierta.prueba.get("download_button")]
    assert any(r.startswith("Bajar el paquete (PPTX, PDF, XLSX, HTML y cita,") for r in rotulos)
    assert any(r.startswith("Proyector para llevar (HTML,") for r in rotulos)
    assert "armar_paquete" not in claves_de(abierta.prueba)  # está al día
    monkeypatch.setenv("TABLERO_HOY", "2026-11-25")
    otro_dia = abrir("sesion", armado, mesa="demo-2", parte="antes")
    assert "es de antes (plazos contados al 2026-11-24)" in otro_dia.texto
    assert "armar_paquete" in claves_de(otro_dia.prueba)


def test_proyectar_deja_solo_el_proyector(abrir, armado, local):
    prueba = abrir("sesion", armado, mesa="demo-2", parte="antes", proyectar="si").prueba
    (marco,) = prueba.get("iframe")
    assert "Content-Security-Policy" in marco.proto.srcdoc
    assert "01/LVI/2026" in marco.proto.srcdoc
    assert not prueba.subheader
    salida = next(e.proto.body for e in prueba.get("html") if "Salir del proyector" in e.proto.body)
    assert "proyectar" not in salida


def test_lo_interno_armado_no_se_le_proyecta_al_publico(abrir, armado):
    abierta = abrir("sesion", armado, mesa="demo-2", parte="antes", proyectar="si", version="mesa")
    assert abierta.prueba.get("iframe") == []
    assert "01/LVI/2026" not in abierta.texto
    assert [e.proto.label for e in abierta.prueba.get("download_button")] == []


def test_despues_deja_la_minuta_y_el_paquete(abrir, practica, local):
    abierta = abrir("sesion", practica, mesa="demo-2", parte="despues")
    assert "después de la sesión: la última, Sesión LVI (56), 8 ago 2026" in abierta.titular
    assert {"Minuta en Word", "Minuta en texto"} <= {e.proto.label for e in abierta.prueba.get("download_button")}
    assert "armar_paquete" in claves_de(abierta.prueba)


def test_al_publico_despues_no_le_ensena_la_minuta(abrir, practica):
    abierta = abrir("sesion", practica, mesa="demo-2", parte="despues")
    assert "La minuta y las notas las ven la Mesa y la Red Nacional" in abierta.texto
    assert abierta.prueba.get("download_button") == []


def test_con_cifras_oficiales_y_sin_acuerdos_tambien_se_prepara(abrir, oficial, local):
    abierta = abrir("sesion", oficial, mesa="la-laguna", parte="antes")
    assert "no tiene acuerdos anteriores que revisar" in abierta.texto
    assert "DEMOSTRACIÓN" not in abierta.texto
    assert lectura.mesa(registro_vigente(), SISTEMA, "la-laguna").municipios
    sin_municipios = abrir("sesion", oficial, mesa="veracruz-norte", parte="antes")
    assert "no tiene municipios registrados" in sin_municipios.texto
