"""Lo que entra y sale del registro: hojas con todos sus errores, reimportaciones, JSON con esquema, calendario y fórmulas."""

import json
import time
from datetime import date

import icalendar
import jsonschema
import pytest
from python_calamine import CalamineWorkbook

from datos.plantilla.columnas import NOMBRES
from datos.plantilla.escritura import a_bytes
from datos.plantilla.lectura import AcuerdosRechazados
from datos.registro import acuerdos, calendario, hitos, importacion, json_publico, lectura, respaldo, seguimientos
from datos.registro.actor import PUBLICO
from datos.registro.errores import Conflicto, SinPermiso
from datos.registro.evidencias import Entrega
from datos.registro.folios import romano
from tests.integracion.registro.conftest import ANA, HOY, IRMA, LEO, MESA, ROSA, VALORES

RENGLONES = 5_000


def renglon(n, **cambios):
    """Un acuerdo bueno de la Mesa propia: el número ``n``."""
    sesion = romano(1 + n // 90)
    base = {**VALORES, "mesa_clave": MESA, "mesa": "Mesa-Propia", "folio": f"{1 + n % 90:02d}/{sesion}/2026"}
    return {**base, "texto": f"Acuerdo número {n}", **cambios}


# un error de cada clase: columna esperada y lo que se cambia
ERRORES = (
    ("folio", {"folio": "1/I/2026"}),
    ("folio", {"folio": "01/IIII/2026"}),
    ("folio", {"folio": "01/V/2025"}),
    ("mesa_clave", {"mesa_clave": ""}),
    ("municipios", {"municipios": "99999"}),
    ("municipios", {"municipios": "01001;01001"}),
    ("tipo", {"tipo": "promesa"}),
    ("texto", {"texto": ""}),
    ("texto", {"texto": "x" * 2_001}),
    ("fecha", {"fecha": "2026-02-30"}),
    ("fecha", {"fecha": "10/02/2026"}),
    ("autoridad_responsable", {"autoridad_responsable": ""}),
    ("corresponsable_ciudadano", {"corresponsable_ciudadano": ""}),
    ("sin_responsable_porque", {"sin_responsable_porque": "sobra"}),
    ("delitos", {"delitos": "robo_de_todo"}),
    ("delitos", {"delitos": "robo_vehiculo;robo_vehiculo_con_violencia"}),
    ("delitos", {"delitos": "", "canasta": ""}),
    ("canasta", {"delitos": "", "canasta": "ninguna"}),
    ("signo_esperado", {"signo_esperado": "abajo"}),
    ("inicio_efecto", {"inicio_efecto": "2026-01-01"}),
    ("rezago_meses", {"rezago_meses": "9"}),
    ("meta_pct", {"meta_pct": "mucho"}),
    ("meta_pct", {"meta_pct": "20"}),
    ("meta_pct", {"meta_pct": ""}),
    ("meta_valor", {"meta_pct": "", "meta_valor": "-1"}),
    ("meta_fecha", {"meta_fecha": "2025-01-01"}),
    ("linea_base_periodo", {"linea_base_periodo": "2025-06 a 2025-01"}),
    ("plazo", {"plazo": ""}),
    ("plazo", {"plazo": "2025-01-01"}),
    ("plazo", {"sin_plazo_porque": "y además hay plazo"}),
    ("cumplimiento", {"cumplimiento": "6"}),
    ("publico", {"publico": "quizá"}),
    ("fuente", {"fuente": ""}),
)


def test_una_hoja_de_cinco_mil_renglones_con_errores_de_todas_clases(registro):
    filas = [renglon(n) for n in range(RENGLONES)]
    sembrados = {}
    for n, (columna, cambios) in enumerate(ERRORES):
        posicion = 100 + 140 * n
        filas[posicion] = {**filas[posicion], **cambios}
        sembrados[posicion + 2] = columna
    filas[4_990] = {**filas[4_990], "folio": filas[10]["folio"]}
    sembrados[4_992] = "folio"
    antes, inicio = registro.sello(), time.monotonic()
    with pytest.raises(AcuerdosRechazados) as rechazo:
        importacion.planear_bytes(registro, ANA, a_bytes(filas, "xlsx"))
    segundos = time.monotonic() - inicio
    hallados = {}
    for p in rechazo.value.problemas:
        hallados.setdefault(p.renglon, set()).add(p.columna)
    assert set(hallados) == set(sembrados)
    assert all(columna in hallados[r] for r, columna in sembrados.items())
    assert registro.sello() == antes
    buenas = [f for n, f in enumerate(filas) if n + 2 not in sembrados]
    inicio = time.monotonic()
    plan = importacion.planear_bytes(registro, ANA, a_bytes(buenas, "csv"))
    assert registro.sello() == antes
    importacion.importar(registro, ANA, plan, HOY)
    bueno = time.monotonic() - inicio
    print(f"{RENGLONES:,} renglones: {len(sembrados)} errores dichos en {segundos:.1f} s; lo bueno, en {bueno:.1f} s")
    assert len(lectura.expedientes(registro, ANA)) == len(buenas)
    despues = registro.sello()
    repetida = importacion.planear_bytes(registro, ANA, a_bytes(buenas, "xlsx"))
    assert (repetida.cuantos("igual"), repetida.cuantos("nuevo"), repetida.cuantos("cambia")) == (len(buenas), 0, 0)
    importacion.importar(registro, ANA, repetida, HOY)
    assert registro.sello() == despues


def test_la_vista_previa_dice_cada_cambio_y_nada_se_guarda_hasta_aceptar(registro):
    importacion.importar(registro, ANA, importacion.planear(registro, ANA, [renglon(0), renglon(1)]), HOY)
    antes = registro.sello()
    cambiado = renglon(0, texto="Otro", meta_pct="-25.50", plazo="2027-06-30", cumplimiento="4")
    plan = importacion.planear(registro, ANA, [cambiado, renglon(1, meta_pct="-20.0"), renglon(2)])
    assert [r.que for r in plan.renglones] == ["cambia", "igual", "nuevo"]
    assert plan.renglones[0].cambios == {
        "texto": ("Acuerdo número 0", "Otro"),
        "meta_pct": ("-20", "-25.50"),
        "plazo": ("2027-02-28", "2027-06-30"),
        "cumplimiento": ("3", "4"),
    }
    assert registro.sello() == antes
    importacion.importar(registro, ANA, plan, HOY)
    visto = next(e for e in lectura.expedientes(registro, ANA) if e.acuerdo.texto == "Otro")
    assert [(r.de, r.a) for r in visto.reprogramaciones] == [(date(2027, 2, 28), date(2027, 6, 30))]
    assert visto.acuerdo.plazo_original == date(2027, 2, 28)
    assert (visto.cumplimiento, visto.seguimientos[-1].importado, visto.respaldos) == (4, True, 0)
    respaldo.comprobar(registro)


def test_si_el_registro_cambio_despues_de_la_vista_previa_no_se_guarda(registro):
    importacion.importar(registro, ANA, importacion.planear(registro, ANA, [renglon(0)]), HOY)
    plan = importacion.planear(registro, ANA, [renglon(0, texto="De la hoja"), renglon(5)])
    (suyo,) = lectura.expedientes(registro, ANA)
    acuerdos.editar(registro, ANA, suyo.acuerdo.id, suyo.acuerdo.version, {"texto": "De la página"})
    antes = registro.sello()
    with pytest.raises(Conflicto):
        importacion.importar(registro, ANA, plan, HOY)
    assert registro.sello() == antes
    nuevo = importacion.planear(registro, ANA, [renglon(6)])
    acuerdos.crear(registro, ANA, MESA, {n: renglon(6)[n] for n in NOMBRES})
    with pytest.raises(Conflicto):
        importacion.importar(registro, ANA, nuevo, HOY)


def test_una_mesa_nueva_la_registra_quien_puede(registro):
    fila = renglon(0, mesa_clave="otra", mesa="Otra Mesa")
    with pytest.raises(SinPermiso):
        importacion.planear(registro, LEO, [fila])
    plan = importacion.planear(registro, ROSA, [fila])
    assert plan.mesas_nuevas == {"otra": "Otra Mesa"}
    importacion.importar(registro, ROSA, plan, HOY)
    assert lectura.mesa(registro, PUBLICO, "otra").municipios == ["01001", "01005"]
    with pytest.raises(AcuerdosRechazados, match="como está en el registro"):
        importacion.planear(registro, ROSA, [{**fila, "mesa": "Con otro nombre", "folio": "02/I/2026"}])


@pytest.mark.parametrize("formato", ["csv", "xlsx"])
def test_lo_exportado_vuelve_a_entrar_igual_y_sin_formulas(registro, formato):
    peligrosos = ("=1+1", "+1", "-1", "@SUMA(A1)", "'=ya traía apóstrofo", "normal", 'con, coma y "comillas"\ny salto')
    for n, texto in enumerate(peligrosos):
        acuerdos.crear(registro, ANA, MESA, {**VALORES, "folio": f"{n + 1:02d}/V/2026", "texto": texto, "nota": texto})
    cuerpo = a_bytes(importacion.exportar(registro, ANA), formato)
    plan = importacion.planear_bytes(registro, ANA, cuerpo)
    assert plan.cuantos("igual") == len(peligrosos)
    if formato == "xlsx":
        (carpeta := registro.evidencia.parent).mkdir(parents=True, exist_ok=True)
        (carpeta / "x.xlsx").write_bytes(cuerpo)
        libro = CalamineWorkbook.from_path(str(carpeta / "x.xlsx"))
        assert {"Acuerdos", "Ayuda", "Catálogos"} <= set(libro.sheet_names)
        celdas = [c for hoja in libro.sheet_names for fila in libro.get_sheet_by_name(hoja).to_python() for c in fila]
    else:
        celdas = [c for linea in cuerpo.decode("utf-8-sig").split("\r\n") for c in linea.split(",")]
    sospechosas = {c for c in celdas if isinstance(c, str) and c.startswith(("=", "+", "@"))}
    assert sospechosas == set()
    assert {c for c in celdas if isinstance(c, str) and c.startswith("-")} <= {"-20"}


def test_el_json_cumple_su_esquema(registro, acuerdo):
    hitos.agregar(registro, ANA, acuerdo.id, descripcion="P", lado="autoridad", inicio=HOY, fin=HOY, ponderador=1)
    seguimientos.registrar(
        registro, ANA, acuerdo.id, acuerdo.version, cumplimiento=3, nota="", dia=HOY,
        entregas=[Entrega("N", HOY, url="https://ejemplo.mx")],
    )  # fmt: skip
    esquema = json_publico.esquema()
    jsonschema.Draft202012Validator.check_schema(esquema)
    for actor in (PUBLICO, ANA, IRMA):
        salida = json.loads(json_publico.a_json(registro, actor))
        jsonschema.validate(salida, esquema)
    (suya,) = [m for m in salida["mesas"] if m["clave"] == MESA]
    assert suya["acuerdos"][0]["seguimientos"][0]["cumplimiento"] == 3
    assert "efecto" not in json.dumps(salida).replace("inicio_efecto", "")


def test_el_calendario_trae_plazos_y_pasos_pendientes_con_identidad_fija(registro, acuerdo):
    hito = hitos.agregar(
        registro, ANA, acuerdo.id, descripcion="Paso; con, signos", lado="autoridad", inicio=HOY, fin=HOY, ponderador=1
    )
    leidos = [icalendar.Calendar.from_ical(calendario.a_ical(lectura.expedientes(registro, ANA))) for _ in range(2)]
    sucesos = [{str(s["uid"]): s for s in leido.walk("VEVENT")} for leido in leidos]
    assert set(sucesos[0]) == set(sucesos[1])
    por_titulo = {str(s["summary"]): s for s in sucesos[0].values()}
    assert por_titulo["Plazo 01/V/2026 · Mesa-Propia"].decoded("dtstart") == date(2027, 2, 28)
    assert str(por_titulo["Paso de 01/V/2026 · Mesa-Propia"]["description"]) == "Paso; con, signos"
    hitos.editar(registro, ANA, hito.id, hito.version, cumplido_en=HOY)
    assert len(icalendar.Calendar.from_ical(calendario.a_ical(lectura.expedientes(registro, ANA))).walk("VEVENT")) == 1
