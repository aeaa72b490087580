"""La plantilla de acuerdos: ida y vuelta, cada error con su lugar, y un registro que no cambia si algo falla."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datos import acuerdos, catalogos
from datos.acuerdos import series
from datos.acuerdos.consultas import comparar
from datos.plantilla import columnas
from datos.registro.meses import primer_mes

MUNICIPIOS = sorted(catalogos.municipios()["cve_mun"])[:60]
_TEXTO = st.text("abcdefghñáéíóú ,;\"'123", min_size=1, max_size=60).map(lambda t: f"a{t}".strip())


@st.composite
def renglones(draw):
    salida = []
    for numero in range(draw(st.integers(1, 5))):
        fecha = draw(st.dates(date(2019, 1, 1), date(2025, 12, 31)))
        signo = draw(st.sampled_from(["baja", "alza"]))
        meta = draw(st.integers(0, 90))
        salida.append(
            columnas.EJEMPLO
            | {
                "folio": f"{numero + 1:02d}/XIV/{fecha.year}",
                "mesa_clave": f"m{numero}",
                "municipios": ";".join(
                    draw(st.lists(st.sampled_from(MUNICIPIOS), min_size=1, max_size=4, unique=True))
                ),
                "texto": draw(_TEXTO),
                "nota": draw(_TEXTO),
                "fecha": str(fecha),
                "inicio_efecto": str(fecha + timedelta(draw(st.integers(0, 90)))),
                "plazo": str(fecha + timedelta(draw(st.integers(0, 900)))),
                "signo_esperado": signo,
                "meta_pct": str(-meta if signo == "baja" else meta),
                "publico": draw(st.sampled_from(["sí", "no"])),
                "cumplimiento": draw(st.sampled_from(columnas.CUMPLIMIENTO)),
            }
        )
    return salida


@settings(max_examples=25, deadline=None)
@given(renglones(), st.sampled_from(["csv", "xlsx"]))
def test_exportar_e_importar_devuelve_lo_mismo(filas, formato):
    assert acuerdos.leer_bytes(acuerdos.a_bytes(filas, formato)) == filas


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_cualquier_archivo_se_lee_o_se_rechaza_con_motivo(contenido):
    with pytest.raises(acuerdos.AcuerdosRechazados) as rechazo:
        acuerdos.leer_bytes(contenido)
    assert rechazo.value.problemas


def test_tambien_se_lee_en_cp1252():
    texto = acuerdos.a_bytes([columnas.EJEMPLO], "csv").decode("utf-8-sig")
    assert acuerdos.leer_bytes(texto.encode("cp1252")) == [columnas.EJEMPLO]


@pytest.mark.parametrize(
    ("cambios", "columna", "encontrado"),
    [
        ({"folio": "3/XLIV/2024"}, "folio", "3/XLIV/2024"),
        ({"folio": "03/IIII/2024"}, "folio", "IIII"),
        ({"folio": "03/XLIV/2023"}, "folio", "2023"),
        ({"municipios": "01001;99999"}, "municipios", "99999"),
        ({"municipios": "01001;01001"}, "municipios", "01001"),
        ({"municipios": "01998"}, "municipios", "01998"),
        ({"delitos": "robo_de_todo"}, "delitos", "robo_de_todo"),
        ({"delitos": "robo_vehiculo;robo_vehiculo_con_violencia"}, "delitos", "comparten"),
        ({"delitos": ""}, "delitos", "ninguno"),
        ({"canasta": "mesas"}, "delitos", "los dos"),
        ({"delitos": "", "canasta": "inventada"}, "canasta", "inventada"),
        ({"signo_esperado": "abajo"}, "signo_esperado", "abajo"),
        ({"tipo": "promesa"}, "tipo", "promesa"),
        ({"fecha": "13/02/2024"}, "fecha", "13/02/2024"),
        ({"fecha": "2024-02-30"}, "fecha", "2024-02-30"),
        ({"inicio_efecto": "2024-02-12"}, "inicio_efecto", "2024-02-12"),
        ({"plazo": "2024-01-01"}, "plazo", "2024-01-01"),
        ({"rezago_meses": "4"}, "rezago_meses", "4"),
        ({"meta_pct": ""}, "meta_pct", "ninguna"),
        ({"meta_valor": "10"}, "meta_pct", "más de una"),
        ({"meta_pct": "20"}, "meta_pct", "20"),
        ({"meta_pct": "mucho"}, "meta_pct", "mucho"),
        ({"meta_pct": "", "meta_valor": "-3"}, "meta_valor", "-3"),
        ({"linea_base_periodo": "2024-02 a 2023-03"}, "linea_base_periodo", "2024-02"),
        ({"cumplimiento": "6"}, "cumplimiento", "6"),
        ({"autoridad_responsable": ""}, "autoridad_responsable", "vacía"),
        ({"corresponsable_ciudadano": ""}, "corresponsable_ciudadano", "vacía"),
        ({"nota": "x" * 2_001}, "nota", "2,001"),
        ({"publico": "tal vez"}, "publico", "tal vez"),
    ],
)
def test_cada_error_se_dice_con_su_renglon_y_columna(cambios, columna, encontrado):
    with pytest.raises(acuerdos.AcuerdosRechazados) as rechazo:
        acuerdos.leer_bytes(acuerdos.a_bytes([columnas.EJEMPLO | cambios], "csv"))
    assert any(p.columna == columna and encontrado in p.encontrado and p.renglon == 2 for p in rechazo.value.problemas)


@pytest.mark.parametrize("formula", ["=SUMA(A1)", "+1", "-2", "@x"])
def test_una_formula_escrita_en_la_hoja_se_rechaza_y_la_exportada_vuelve_como_texto(formula):
    fila = columnas.EJEMPLO | {"texto": formula}
    cruda = io.StringIO()
    csv.writer(cruda).writerows([list(fila), list(fila.values())])
    with pytest.raises(acuerdos.AcuerdosRechazados) as rechazo:
        acuerdos.leer_bytes(cruda.getvalue().encode())
    assert [(p.renglon, p.columna) for p in rechazo.value.problemas] == [(2, "texto")]
    assert acuerdos.leer_bytes(acuerdos.a_bytes([fila], "csv")) == [fila]


def test_una_plantilla_de_antes_de_las_columnas_nuevas_se_lee_igual():
    fila = {c: v for c, v in columnas.EJEMPLO.items() if c in columnas.INDISPENSABLES}
    vieja = io.StringIO()
    csv.writer(vieja).writerows([list(fila), list(fila.values())])
    assert len(fila) == 23
    assert acuerdos.leer_bytes(vieja.getvalue().encode()) == [columnas.EJEMPLO]


def test_todos_los_problemas_se_dicen_a_la_vez():
    filas = [columnas.EJEMPLO, columnas.EJEMPLO | {"fecha": "ayer", "tipo": "?", "mesa": "Otra"}]
    with pytest.raises(acuerdos.AcuerdosRechazados) as rechazo:
        acuerdos.leer_bytes(acuerdos.a_bytes(filas, "csv"))
    assert {p.columna for p in rechazo.value.problemas} == {"folio", "fecha", "tipo", "mesa"}
    assert {p.renglon for p in rechazo.value.problemas} == {3}


def test_encabezado_incompleto_o_ajeno_se_rechaza():
    salida = io.StringIO()
    csv.writer(salida).writerows([[*columnas.NOMBRES[1:], "otra"], ["x"] * len(columnas.NOMBRES)])
    with pytest.raises(acuerdos.AcuerdosRechazados, match=r"faltan folio; sobran otra"):
        acuerdos.leer_bytes(salida.getvalue().encode())


def test_una_meta_no_medible_dice_por_que():
    fila = columnas.EJEMPLO | {"meta_pct": "", "sin_meta_porque": "es una norma"}
    assert acuerdos.leer_bytes(acuerdos.a_bytes([fila], "csv")) == [fila]


def test_el_documento_de_la_plantilla_esta_al_dia():
    carpeta = Path(acuerdos.__file__)
    assert carpeta.with_name("PLANTILLA.md").read_text(encoding="utf-8") == columnas.documento()
    assert carpeta.with_name("SERIES.md").read_text(encoding="utf-8") == series.documento()


@pytest.mark.parametrize(
    ("inicio", "rezago", "mes"),
    [("2024-03-01", 0, "2024-03-01"), ("2024-03-02", 0, "2024-04-01"), ("2024-12-15", 2, "2025-03-01")],
)
def test_el_efecto_empieza_en_el_primer_mes_completo_mas_el_rezago(inicio, rezago, mes):
    assert primer_mes(date.fromisoformat(inicio), rezago) == date.fromisoformat(mes)


def _serie(desde, hasta, conteo=5, ultimo_cerrado="2099-01-01"):
    meses = pd.date_range(desde, hasta, freq="MS")
    return pd.DataFrame(
        {"mes": meses, "cve_mun": "01001", "delito": "fraude", "conteo": conteo, "provisional": meses > ultimo_cerrado}
    )


def test_cambio_observado_compara_los_mismos_meses_y_no_da_porcentaje_con_base_chica():
    serie = _serie("2022-01-01", "2024-12-01")
    serie.loc[serie["mes"] >= "2024-01-01", "conteo"] = 4
    cambio = comparar(serie, "f", date(2024, 1, 1), ["01001"], ["fraude"])
    assert (cambio.antes, cambio.despues, cambio.diferencia, cambio.meses) == (60, 48, -12, 12)
    assert cambio.cambio_pct == pytest.approx(-20)
    assert (
        comparar(_serie("2022-01-01", "2024-12-01", 1), "f", date(2024, 1, 1), ["01001"], ["fraude"]).cambio_pct is None
    )


def test_cambio_observado_no_usa_meses_provisionales():
    cambio = comparar(_serie("2022-01-01", "2024-12-01", 5, "2024-09-01"), "f", date(2024, 1, 1), ["01001"], ["fraude"])
    assert (cambio.meses, cambio.despues_hasta, cambio.antes_hasta) == (9, date(2024, 9, 1), date(2023, 9, 1))
    assert "9 meses" in cambio.avisos[0]


@pytest.mark.parametrize(
    ("serie", "inicio", "delito", "motivo"),
    [
        (_serie("2022-01-01", "2024-12-01").drop(index=30), date(2024, 1, 1), "fraude", "Faltan 1"),
        (_serie("2023-06-01", "2024-12-01"), date(2024, 1, 1), "fraude", "menos de doce"),
        (_serie("2022-01-01", "2024-12-01"), date(2025, 1, 1), "fraude", "Todavía no"),
        (_serie("2022-01-01", "2024-12-01").iloc[:0], date(2024, 1, 1), "fraude", "No hay meses"),
        (_serie("2022-01-01", "2026-08-01").assign(delito="total"), date(2025, 6, 1), "total", "no es comparable"),
    ],
)
def test_cuando_no_se_puede_comparar_se_dice_por_que(serie, inicio, delito, motivo):
    cambio = comparar(serie, "f", inicio, ["01001"], [delito])
    assert motivo in cambio.motivo
    assert cambio.antes is None
    assert cambio.cambio_pct is None
