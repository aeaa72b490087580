"""Sesión y Administración: abrir, pasar lista, cerrar con minuta fija, y que cada quien vea lo suyo."""

from datetime import date

import pytest

from datos.registro import lectura, personas, sesiones
from datos.registro.actor import PUBLICO, actor_local
from datos.registro.apertura import registro_vigente
from informes import minuta

ANA = actor_local("Ana Prueba")


def test_al_publico_le_dice_quien_fue_y_que_se_tomo_pero_no_la_minuta(abrir, practica):
    registro = registro_vigente()
    ultima = lectura.sesiones(registro, PUBLICO, "demo-1")[0]
    abierta = abrir("sesion", practica, mesa="demo-1", sesion=ultima.id)
    assert "01/LXXI/2026" in abierta.texto
    assert "La minuta y las notas las ven la Mesa y la Red Nacional" in abierta.texto
    assert "Minuta ficticia" not in abierta.texto
    assert [b.label for b in abierta.prueba.button] == []


def test_se_abre_se_pasa_lista_y_se_cierra_con_su_minuta(abrir, practica, local):
    registro = registro_vigente()
    prueba = abrir("sesion", practica, mesa="demo-1").prueba
    prueba.button(key="abrir_sesion").click().run()
    abierta = lectura.sesiones(registro, ANA, "demo-1")[0]
    assert (abierta.numero, abierta.fecha, abierta.estado) == (72, date(2026, 11, 24), "abierta")
    lista = abrir("sesion", practica, mesa="demo-1")
    assert lista.prueba.query_params["sesion"] == abierta.id
    lista.prueba.button(key="todos_presentes").click().run()
    assert not lista.prueba.exception
    en_lista = [a for a in lectura.asistencias(registro, ANA, "demo-1") if a.sesion == abierta.id]
    assert {a.estado for a in en_lista} == {"presente"}
    assert len(en_lista) == 6
    cierre = abrir("sesion", practica, mesa="demo-1", momento="minuta")
    assert "Quedaron sin revisar: " in cierre.texto
    cierre.prueba.button(key="cerrar_sesion").click().run()
    assert not cierre.prueba.exception
    cerrada = lectura.sesion_de(registro, ANA, abierta.id)
    assert cerrada.estado == "cerrada"
    assert cerrada.minuta.startswith("# Minuta de la sesión LXXII (72) · Mesa de demostración 1\n")
    assert "Reabrir la sesión" in [e.label for e in cierre.prueba.expander]


def test_lo_que_pasa_despues_no_cambia_la_minuta_fija(abrir, practica, local):
    registro = registro_vigente()
    nueva = sesiones.abrir(registro, ANA, "demo-1", fecha=date(2026, 11, 24))
    sesiones.cerrar(registro, ANA, nueva.id, nueva.version, "# Minuta fija\nUn párrafo <b>con marcas</b>.")
    abierta = abrir("sesion", practica, mesa="demo-1", sesion=nueva.id)
    cuerpos = " ".join(e.proto.body for e in abierta.prueba.get("html"))
    assert "<h2>Minuta fija</h2>" in cuerpos
    assert "Un párrafo &lt;b&gt;con marcas&lt;/b&gt;." in cuerpos


def test_administracion_es_de_quien_administra(abrir, practica):
    abierta = abrir("administracion", practica)
    assert abierta.titular == "Esta página es de quien administra el registro"
    assert len(abierta.prueba.button) == 0


@pytest.mark.parametrize("asunto", ["personas", "mesas", "respaldo", "bitacora", "servicio"])
def test_cada_asunto_de_administracion_abre(abrir, practica, local, asunto):
    personas.poner(registro_vigente(), ANA, correo="leo@ejemplo.mx", rol="mesa", mesas=["demo-2"], nombre="Leo")
    abierta = abrir("administracion", practica, asunto=asunto)
    dice = {
        "personas": "leo@ejemplo.mx Leo Mesa Mesa de demostración 2",
        "mesas": "Deja de verse con sus acuerdos",
        "respaldo": "Es el registro de práctica: aquí no se restaura.",
        "bitacora": "Ana Prueba · alta de una persona",
        "servicio": "Registro sqlite: contesta",
    }
    assert dice[asunto] in abierta.texto


def test_con_datos_oficiales_se_puede_restaurar(abrir, oficial, local):
    abierta = abrir("administracion", oficial, asunto="respaldo")
    assert "Restaurar un respaldo" in [e.label for e in abierta.prueba.expander]
    assert abierta.prueba.button(key="restaurar").disabled
    assert [a.value for a in abierta.prueba.warning if "nunca se ha hecho" in a.value]


def test_la_minuta_dice_todo_y_el_documento_lo_mismo():
    texto = minuta.componer(
        minuta.Minuta(
            "Mesa Ejemplo", 44, "XLIV", "comisión", date(2026, 2, 10), "Sala 2.", "Indicadores",
            [
                minuta.Asistente("Policía", "autoridad", "presente", "P. Ruiz"),
                minuta.Asistente("Cámara", "ciudadania", "justificada"),
            ],
            [minuta.Revisado("01/I/2026", "Iluminar\n# el parque", "3 de 5: limitado", "Va bien.", "Se movió.")],
            ["02/I/2026"],
            [minuta.Nuevo("01/XLIV/2026", "¿Quién patrulla?", "Policía.", "Cámara", "−10 %", "1 mar 2027")],
            "Primera nota.\n\n- Segunda.",
        )
    )  # fmt: skip
    assert texto == "\n".join(
        [
            "# Minuta de la sesión XLIV (44) · Mesa Ejemplo",
            "Sesión de comisión Indicadores, 10 de febrero de 2026, Sala 2.",
            "## Asistencia",
            "Autoridad: 1 de 1 presentes.",
            "- Policía (P. Ruiz): presente",
            "Ciudadanía: 0 de 1 presentes.",
            "- Cámara: justificada",
            "## Acuerdos anteriores",
            minuta.SIN_MEZCLAR,
            "- 01/I/2026. Iluminar # el parque. Cumplimiento: 3 de 5: limitado. Se movió. Va bien.",
            "Quedaron sin revisar: 02/I/2026.",
            "## Acuerdos nuevos",
            "- 01/XLIV/2026. ¿Quién patrulla? Responde por la autoridad: Policía. Responde por la ciudadanía: Cámara. "
            "Meta: −10 %. Plazo: 1 mar 2027.",
            "## Notas",
            "Primera nota.",
            "- Segunda.",
        ]
    )
    assert minuta.a_docx(texto, "Mesa Ejemplo").startswith(b"PK")
