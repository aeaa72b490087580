"""La sesión mensual completa de una Mesa ficticia, de la asistencia a la minuta, en escritorio y en teléfono."""

import io
from pathlib import Path

import pytest
from docx import Document

from tests.navegador.conftest import ESCRITORIO, TELEFONO, esperar_lista, sin_desborde, texto_de
from tests.navegador.escritorio_del_registro import elegir_de_lista, escribir, fecha, leer, picar, registro

PANTALLAS = pytest.mark.parametrize("pantalla", [ESCRITORIO, TELEFONO], ids=["escritorio", "telefono"])


@PANTALLAS
def test_de_la_asistencia_a_la_minuta(sitio_de_practica, pagina, almacen_de_practica, pantalla):
    abierta = pagina(f"{sitio_de_practica}/mesas?mesa=demo-1", pantalla)
    esperar_lista(abierta)
    abierta.get_by_role("link", name="Abrir o seguir una sesión").click()
    esperar_lista(abierta)
    escribir(abierta, "Dónde", "Sala de la cámara de comercio")
    picar(abierta, "Abrir la sesión")
    leer(abierta, "Sesión LXXII (72), 24 nov 2026 de Mesa de demostración 1, en curso")
    sin_desborde(abierta)

    # Asistencia: todos, y después uno que faltó.
    picar(abierta, "Anotar como presentes a los que faltan")
    leer(abierta, "6 presentes; 6 de 6 en la lista")
    falto = abierta.get_by_role("radiogroup", name="Asistencia de Universidad (ficticia)")
    falto.get_by_role("radio", name="Ausente").click()
    leer(abierta, "5 presentes; 6 de 6 en la lista")
    sin_desborde(abierta)

    # Acuerdos anteriores, uno por uno: al primero se le da seguimiento con evidencia; al segundo se le mueve el plazo.
    picar(abierta, "2 Acuerdos anteriores", "radio")
    leer(abierta, "Acuerdo 1 de 4 · revisados hoy: 0")
    sin_desborde(abierta)
    picar(abierta, "5 completo", "radio")
    escribir(abierta, "Qué pasó desde la última vez", "Quedaron los botones en los 40 comercios.")
    picar(abierta, "Guardar el seguimiento")
    leer(abierta, "se esperaba un archivo o una liga que respalde subir de «sustancial» a «completo»")
    escribir(abierta, "Qué es la evidencia", "Acta de entrega")
    escribir(abierta, "Liga de la evidencia", "https://ejemplo.invalid/acta")
    picar(abierta, "Guardar el seguimiento")
    leer(abierta, "revisados hoy: 1")
    picar(abierta, "Acuerdo siguiente")
    abierta.get_by_text("Mover el plazo").click()
    fecha(abierta, "Plazo nuevo", "15/04/2027")
    escribir(abierta, "Por qué se mueve", "Faltó capacitar a dos centros.")
    picar(abierta, "Reprogramar")
    leer(abierta, "revisados hoy: 2")

    # Acuerdo nuevo, una pregunta a la vez.
    picar(abierta, "3 Acuerdos nuevos", "radio")
    escribir(abierta, "El acuerdo, como quedó dicho", "Revisar cada lunes los puntos de robo y mover ahí los rondines.")
    picar(abierta, "Siguiente")
    elegir_de_lista(abierta, "Delitos", "Robo a negocio", "Robo a negocio")
    sin_desborde(abierta)
    picar(abierta, "Siguiente")
    escribir(abierta, "Por la autoridad", "Policía municipal (ficticia)")
    picar(abierta, "Siguiente")
    fecha(abierta, "Primer día en que debería notarse", "01/12/2026")
    leer(abierta, "Línea base con el corte de hoy")
    picar(abierta, "Siguiente")
    campo = abierta.get_by_role("spinbutton", name="Cambio en por ciento")
    campo.fill("-15")
    campo.press("Enter")
    abierta.wait_for_timeout(300)
    esperar_lista(abierta)
    leer(abierta, "−15 % de")
    for _ in range(3):
        picar(abierta, "Siguiente")
    # Falta quien responda por la ciudadanía y el plazo: no se guarda, y lo dice.
    leer(abierta, "Todavía no se puede guardar. Lo escrito está a salvo; falta:")
    texto = texto_de(abierta)
    assert "Quién responde por la ciudadanía" in texto
    assert abierta.get_by_role("button", name="Guardar el acuerdo").count() == 0
    sin_desborde(abierta)
    picar(abierta, "¿Quién responde de cada lado?")
    escribir(abierta, "Por la ciudadanía", "Cámara de comercio (ficticia)")
    for _ in range(3):
        picar(abierta, "Siguiente")
    fecha(abierta, "Día límite", "30/11/2027", soltar=False)  # el clic en «Siguiente» también la guarda
    for _ in range(2):
        picar(abierta, "Siguiente")
    picar(abierta, "Guardar el acuerdo")
    leer(abierta, "Tomados en esta sesión")
    leer(abierta, "01/LXXII/2026")

    # La minuta: notas, cierre y documento.
    picar(abierta, "4 Minuta", "radio")
    escribir(abierta, "Notas de la sesión", "La próxima será el 15 de diciembre.")
    sin_desborde(abierta)
    picar(abierta, "Cerrar la sesión y fijar la minuta")
    leer(abierta, "Reabrir la sesión")
    sin_desborde(abierta)
    with abierta.expect_download() as bajada:
        abierta.get_by_role("button", name="Minuta en Word").click()
    documento = Document(io.BytesIO(Path(bajada.value.path()).read_bytes()))
    escrito = "\n".join(p.text for p in documento.paragraphs)
    for esperado in (
        "Minuta de la sesión LXXII (72) · Mesa de demostración 1",
        "Ciudadanía: 2 de 3 presentes.",
        "Universidad (ficticia) (Persona ficticia 69): ausente",
        "Cumplimiento: 5 de 5: completo. Quedaron los botones en los 40 comercios",
        "15 abr 2027: Faltó capacitar a dos centros",
        "01/LXXII/2026. Revisar cada lunes los puntos de robo y mover ahí los rondines.",
        "La próxima será el 15 de diciembre.",
        "DEMOSTRACIÓN: Mesa, personas y acuerdos ficticios",
    ):
        assert esperado in escrito
    assert bajada.value.suggested_filename == "minuta-demo-1-72-2026-11-24-DEMOSTRACION.docx"

    # Y en la base, por fuera: quedó todo, con quien lo hizo, y no queda ningún borrador.
    ((minuta, estado),) = registro(almacen_de_practica, "SELECT minuta, estado FROM sesion WHERE numero = 72")
    assert estado == "cerrada"
    assert [r for r in escrito.splitlines() if r] == [
        r.removeprefix("## ").removeprefix("# ").removeprefix("- ").strip() for r in minuta.splitlines()
    ]
    ((delitos, meta, valor, cortes),) = registro(
        almacen_de_practica,
        "SELECT delitos, meta_pct, base_valor, base_cortes FROM acuerdo WHERE folio = '01/LXXII/2026'",
    )
    assert (delitos, meta) == ('["robo_negocio"]', -15.0)
    assert valor > 0
    assert "sha256" in cortes
    firmas = registro(almacen_de_practica, "SELECT DISTINCT nombre FROM bitacora WHERE quien <> 'sistema'")
    assert firmas == [("Ana Prueba",)]
    assert registro(almacen_de_practica, "SELECT asunto, contenido FROM borrador") == []
