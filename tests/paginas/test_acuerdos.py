"""Acuerdos y Capturar: la lista y sus filtros, la historia de uno, lo que no se guarda sin meta ni responsables, y las hojas."""

from datetime import date

import pytest

from datos.plantilla.columnas import EJEMPLO
from datos.registro import acuerdos, borradores, evaluaciones, lectura
from datos.registro.actor import PUBLICO, actor_local
from datos.registro.apertura import registro_vigente
from tests.integracion.registro.conftest import VALORES
from tests.paginas.conftest import uno

ANA = actor_local("Ana Prueba")
CAPTURA = {
    "texto": "Revisar cada lunes los puntos de robo.",
    "delitos": "robo_negocio",
    "municipios": "01001",
    "inicio_efecto": "2026-12-01",
    "meta_pct": "-15",
    "autoridad_responsable": "Policía municipal (ficticia)",
    "corresponsable_ciudadano": "Cámara de comercio (ficticia)",
    "plazo": "2027-11-30",
    "fuente": "Oficio de la cámara",
}


def suma(almacen, lugares, delitos, desde, hasta):
    return uno(
        almacen,
        "SELECT sum(conteo) FROM delitos_municipal WHERE list_contains(?::VARCHAR[], cve_mun) "
        "AND list_contains(?::VARCHAR[], delito) AND fecha BETWEEN ? AND ?",
        [list(lugares), list(delitos), desde, hasta],
    )


def test_la_lista_se_lee_completa_y_lo_interno_no_sale(abrir, practica, local):
    propia = abrir("acuerdos", practica)
    assert propia.titular.startswith("25 acuerdos de 6 Mesas: 4 completos")
    assert "Reunión interna para revisar expedientes" in propia.texto
    local.setenv("TABLERO_MODO_LOCAL", "no")
    publica = abrir("acuerdos", practica)
    assert publica.titular.startswith("24 acuerdos de 6 Mesas")
    assert "Reunión interna" not in publica.texto
    adivinada = abrir("acuerdos", practica, mesa="demo-2", folio="01/LVI/2026")
    assert "Reunión interna" not in adivinada.texto


@pytest.mark.parametrize(
    ("filtros", "titular"),
    [
        ({"mesa": "demo-1"}, "5 acuerdos de 1 Mesa"),
        ({"cumplimiento": "5"}, "4 acuerdos de 4 Mesas: 4 completos; ninguno vencido"),
        ({"plazo": "sin"}, "1 acuerdo de 1 Mesa: 1 sin evidencia; ninguno vencido"),
        ({"plazo": "proximos"}, "1 acuerdo de 1 Mesa: 1 no iniciado; ninguno vencido"),
        ({"delito_de_acuerdos": "extorsion"}, "1 acuerdo de 1 Mesa: 1 limitado; 1 vencido sin completar"),
        ({"mesa": "demo-6", "cumplimiento": "5"}, "Ningún acuerdo de Mesa de demostración 6 cumple lo que pide"),
    ],
)
def test_los_filtros_viven_en_la_direccion(abrir, practica, filtros, titular):
    abierta = abrir("acuerdos", practica, **filtros)
    assert abierta.titular.startswith(titular)
    assert filtros.items() <= dict(abierta.prueba.query_params).items()


@pytest.mark.parametrize("vista", ["tablero", "calendario"])
def test_las_tres_vistas_son_los_mismos_renglones(abrir, practica, vista):
    abierta = abrir("acuerdos", practica, vista_de_acuerdos=vista, cumplimiento="abiertos")
    folios = {e.acuerdo.folio for e in lectura.expedientes(registro_vigente(), PUBLICO) if e.cumplimiento < 5}
    assert len(folios) == 20
    for folio in folios:
        assert folio in abierta.texto


def test_la_pagina_de_un_acuerdo_dice_sus_dos_sumas_y_su_historia(abrir, practica):
    abierta = abrir("acuerdos", practica, folio="02/XVII/2022")
    lugares, delitos = ["22006", "22008", "22011", "22014"], ["robo_negocio", "robo_transeunte"]
    antes = suma(practica, lugares, delitos, date(2021, 10, 1), date(2022, 9, 1))
    despues = suma(practica, lugares, delitos, date(2022, 10, 1), date(2023, 9, 1))
    assert f"{antes:,} carpetas de octubre de 2021 a septiembre de 2022; {despues:,} de octubre" in abierta.texto
    assert abierta.titular.startswith("Acuerdo 02/XVII/2022 de Mesa de demostración 5: cumplimiento 4 de 5: sustancial")
    for dato in ("Responde por la autoridad", "Responde por la ciudadanía", "Faltaba equipo por entregar", "SHA-256"):
        assert dato in abierta.texto
    assert abierta.prueba.query_params["mesa"] == "demo-5"


def test_el_efecto_tiene_su_lugar_y_no_cambia_el_cumplimiento(abrir, practica):
    registro = registro_vigente()
    (e,) = [x for x in lectura.expedientes(registro, PUBLICO) if x.acuerdo.folio == "02/XVII/2022"]
    antes = abrir("acuerdos", practica, folio="02/XVII/2022")
    assert "Sin evaluar todavía" in antes.texto
    salida = {"veredicto": "No se distingue de lo que pasó en municipios comparables"}
    evaluaciones.guardar(registro, ANA, e.acuerdo.id, date(2026, 8, 1), "1", salida)
    despues = abrir("acuerdos", practica, folio="02/XVII/2022")
    assert salida["veredicto"] in despues.texto
    assert despues.titular == antes.titular


def test_un_seguimiento_equivocado_se_retira_con_su_razon(abrir, practica, local):
    registro = registro_vigente()
    (e,) = [x for x in lectura.expedientes(registro, ANA) if x.acuerdo.folio == "02/XVII/2022"]
    borradores.guardar(registro, ANA, "demo-5", f"retirar-de:{e.acuerdo.id}", {"porque": "Era de otro acuerdo"})
    prueba = abrir("acuerdos", practica, folio="02/XVII/2022").prueba
    assert prueba.selectbox(key="retirar_que").value == e.seguimiento.id
    prueba.button(key="retirar_algo").click().run()
    assert not prueba.exception
    despues = abrir("acuerdos", practica, folio="02/XVII/2022")
    assert "cumplimiento 3 de 5: limitado" in despues.titular
    assert "Motivo: Era de otro acuerdo" in despues.texto


def test_hacer_publica_una_evidencia_la_muestra_a_cualquiera(abrir, practica, local):
    interna = next(
        (x.acuerdo, v) for x in lectura.expedientes(registro_vigente(), ANA) for v in x.evidencias
        if not v.publica and x.acuerdo.publico and len(x.evidencias) == 1
    )  # fmt: skip
    suyo, evidencia = interna
    local.setenv("TABLERO_MODO_LOCAL", "no")
    assert evidencia.titulo not in abrir("acuerdos", practica, mesa=suyo.mesa, folio=suyo.folio).texto
    local.setenv("TABLERO_MODO_LOCAL", "si")
    prueba = abrir("acuerdos", practica, mesa=suyo.mesa, folio=suyo.folio).prueba
    prueba.button(key="publicar_0").click().run()
    assert not prueba.exception
    local.setenv("TABLERO_MODO_LOCAL", "no")
    assert evidencia.titulo in abrir("acuerdos", practica, mesa=suyo.mesa, folio=suyo.folio).texto


def test_un_folio_de_dos_mesas_pregunta_de_cual(abrir, practica):
    valores = {**VALORES, **CAPTURA, "folio": "02/XX/2026", "fecha": "2026-11-24"}
    for mesa in ("demo-1", "demo-2"):
        acuerdos.crear(registro_vigente(), ANA, mesa, valores)
    abierta = abrir("acuerdos", practica, folio="02/XX/2026")
    assert abierta.titular == "2 Mesas tienen un acuerdo con el folio 02/XX/2026. ¿De cuál?"
    ajena = abrir("acuerdos", practica, mesa="demo-3", folio="02/XX/2026")
    assert ajena.titular == "Esta Mesa no tiene un acuerdo 02/XX/2026 que se pueda ver"


def test_lo_que_escriben_las_personas_va_escapado(abrir, practica, local):
    malo = '<img src=x onerror="alert(1)">'
    valores = {**VALORES, **CAPTURA, "folio": "01/LXXII/2026", "fecha": "2026-11-24", "nota": malo}
    hecho = acuerdos.crear(registro_vigente(), ANA, "demo-1", valores)
    acuerdos.editar(registro_vigente(), ANA, hecho.id, hecho.version, {"texto": malo})
    pedidos = (
        ("acuerdos", {"mesa": "demo-1"}),
        ("acuerdos", {"mesa": "demo-1", "vista_de_acuerdos": "tablero"}),
        ("acuerdos", {"mesa": "demo-1", "vista_de_acuerdos": "calendario"}),
        ("acuerdos", {"mesa": "demo-1", "folio": "01/LXXII/2026"}),
        ("mesas", {"mesa": "demo-1"}),
        ("administracion", {"asunto": "bitacora"}),
    )
    for pagina, direccion in pedidos:
        cuerpos = " ".join(e.proto.body for e in abrir(pagina, practica, **direccion).prueba.get("html"))
        assert "<img src=x" not in cuerpos
        assert "&lt;img src=x" in cuerpos, (pagina, direccion)


def test_sin_cuenta_no_se_captura(abrir, practica):
    abierta = abrir("capturar", practica)
    assert "hace falta una cuenta que escriba en una Mesa" in abierta.titular
    assert [b.label for b in abierta.prueba.button] == []


@pytest.mark.parametrize(
    ("sin", "falta"),
    [
        ("meta_pct", "Meta: se espera"),
        ("autoridad_responsable", "Quién responde por la autoridad: se espera"),
        ("corresponsable_ciudadano", "Quién responde por la ciudadanía: se espera"),
        ("plazo", "Plazo: se espera"),
        ("delitos", "Delitos: se espera"),
    ],
)
def test_no_ofrece_guardar_si_falta_lo_que_hace_medible_un_acuerdo(abrir, practica, local, sin, falta):
    campos = {c: v for c, v in CAPTURA.items() if c != sin}
    borradores.guardar(registro_vigente(), ANA, "demo-1", "acuerdo:demo-1:sin-sesion", campos)
    abierta = abrir("capturar", practica, mesa="demo-1", paso="revisar")
    assert "Todavía no se puede guardar. Lo escrito está a salvo" in abierta.texto
    assert falta in abierta.texto
    assert "Guardar el acuerdo" not in [b.label for b in abierta.prueba.button]


def test_el_borrador_sobrevive_y_al_guardar_congela_la_linea_base(abrir, practica, local):
    registro = registro_vigente()
    borradores.guardar(registro, ANA, "demo-1", "acuerdo:demo-1:sin-sesion", CAPTURA)
    base = suma(practica, ["01001"], ["robo_negocio"], date(2025, 9, 1), date(2026, 8, 1))
    meta = abrir("capturar", practica, mesa="demo-1", paso="meta")
    assert f"{base:,} carpetas de septiembre de 2025 a agosto de 2026" in meta.texto
    assert f"−15 % de {base:,} son {round(base * 0.85):,} carpetas en 12 meses" in meta.texto
    revisar = abrir("capturar", practica, mesa="demo-1", paso="revisar")
    revisar.prueba.button(key="captura_guardar").click().run()
    assert not revisar.prueba.exception
    assert "Se guardó el acuerdo, con su línea base congelada." in revisar.texto
    (hecho,) = [e.acuerdo for e in lectura.expedientes(registro, ANA) if e.acuerdo.texto == CAPTURA["texto"]]
    assert (hecho.base_valor, hecho.folio) == (base, "01/I/2026")
    assert hecho.base_cortes[-1]["corte"] == "2026-08"
    assert borradores.leer(registro, ANA, "acuerdo:demo-1:sin-sesion") is None


def hoja(*renglones):
    return "\r\n".join([",".join(renglones[0]), *(",".join(f'"{v}"' for v in r.values()) for r in renglones)]).encode()


def subir(abierta, contenido):
    clave = "plantilla_llena_0"
    return abierta.prueba.file_uploader(key=clave).set_value(("a.csv", contenido, "text/csv")).run()


def test_sin_acuerdos_ofrece_la_plantilla_y_solo_revisa(abrir, oficial):
    abierta = abrir("acuerdos", oficial)
    assert abierta.titular == "Todavía no hay acuerdos registrados en esta instalación"
    assert [b.proto.label for b in abierta.prueba.get("download_button")] == ["Plantilla en XLSX", "Plantilla en CSV"]
    prueba = subir(abierta, hoja({**EJEMPLO, "municipios": "99999", "fecha": "ayer"}))
    assert "No se guardó nada" in prueba.error[0].value
    assert {"municipios", "fecha"} <= set(prueba.dataframe[0].value["columna"])
    prueba = subir(abierta, hoja(EJEMPLO))
    assert "1 acuerdo sin problemas. Aquí solo se revisa" in prueba.success[0].value
    assert lectura.expedientes(registro_vigente(), ANA) == []


def test_importar_ensena_todo_y_guarda_al_aceptar(abrir, oficial, local):
    mesa = lectura.mesas(registro_vigente(), PUBLICO)[0]
    suyo = {**EJEMPLO, "mesa_clave": mesa.clave, "mesa": mesa.nombre, "texto": "'=1+1 se escribe así"}
    abierta = abrir("acuerdos", oficial)
    formula = subir(abierta, hoja({**suyo, "texto": "=1+1 se escribe así"}))
    assert "texto que no parezca fórmula" in set(formula.dataframe[0].value["esperado"])
    prueba = subir(abierta, hoja(suyo))
    assert [e.value for e in prueba.error] == []
    assert "1 acuerdo nuevo, 0 que cambian y 0 iguales. Todavía no se guarda nada." in prueba.info[0].value
    assert lectura.expedientes(registro_vigente(), ANA) == []
    prueba.button(key="importar_aceptar").click().run()
    assert not prueba.exception
    (hecho,) = lectura.expedientes(registro_vigente(), ANA)
    assert hecho.acuerdo.texto == "=1+1 se escribe así"
    otra = abrir("acuerdos", oficial)
    assert otra.titular.startswith("1 acuerdo de 1 Mesa")
    assert "Todo lo del archivo ya está así" in subir(otra, hoja(suyo)).success[0].value
