"""Las canastas como series: iguales a una suma aparte, en las tres escalas, editables y usables por un acuerdo."""

import csv
import json
import re

import duckdb
import pandas as pd
import pytest

from datos import acuerdos, catalogos
from datos.acuerdos.__main__ import main as ordenar
from datos.almacen import Almacen, publicacion_vigente
from datos.esquema import DELITOS
from datos.plantilla import columnas
from etl.__main__ import main
from tests import fabrica

CANASTAS = ["alto_impacto_federal", "mesas", "once_delitos"]
ROBOS_2015 = (
    "casa habitación|vehículo automotor|autopartes|transportista|transeúnte en|transporte público|transporte individual|"
    "institución bancaria|a negocio|ganado|maquinaria"
)


def abrir(almacen):
    return duckdb.connect(str(publicacion_vigente(almacen).ruta), read_only=True)


@pytest.fixture(scope="module")
def espejo_publicado(almacen_espejo):
    con = abrir(Almacen(almacen_espejo))
    yield con
    con.close()


@pytest.fixture(scope="module")
def demostracion(almacen_demostracion):
    con = abrir(Almacen(almacen_demostracion))
    yield con
    con.close()


def _federal_a_mano(tabla):
    """La canasta federal, escrita aparte y sin usar los catálogos."""
    subtipo, modalidad = tabla["Subtipo de delito"], tabla["Modalidad"]
    completos = subtipo.isin(
        ["Homicidio doloso", "Feminicidio", "Extorsión", "Extorsión presencial", "Extorsión por otros medios"]
    )
    por_modalidad = ((subtipo == "Lesiones dolosas") & (modalidad == "Con arma de fuego")) | (
        modalidad == "Secuestro extorsivo"
    )
    robos = (tabla["Tipo de delito"] == "Robo") & subtipo.str.contains(ROBOS_2015)
    con_violencia = modalidad.str.lower().str.endswith("con violencia")
    return completos | por_modalidad | (robos & con_violencia)


@pytest.mark.parametrize(
    ("archivo", "codificacion"),
    [
        ("Estatal-Delitos-2015-2025_nov2024.csv", "cp1252"),
        ("RNID-Delitos_Estatal-2026-mar2026.csv", "utf-8-sig"),
    ],
)
def test_la_federal_es_la_suma_aparte_en_cada_entidad_y_anio(espejo, espejo_publicado, archivo, codificacion):
    ruta = espejo / "sesnsp" / archivo
    codificacion = codificacion if ruta.read_bytes()[:3] == b"\xef\xbb\xbf" else "cp1252"
    tabla = pd.read_csv(ruta, encoding=codificacion, thousands=",")
    meses = [m for m in fabrica.MESES if tabla[m].notna().any()]
    suma = tabla[_federal_a_mano(tabla)].groupby(["Año", "Clave_Ent"])[meses].sum().sum(axis=1)
    metodologia = "RNID" if "RNID" in archivo else "CNSP/38/15"
    publicada = espejo_publicado.execute(
        "SELECT year(fecha) AS anio, cve_ent::INTEGER AS ent, sum(conteo) AS conteo FROM canastas_estatal "
        "WHERE canasta = 'alto_impacto_federal' AND metodologia = ? GROUP BY ALL",
        [metodologia],
    ).df()
    publicada = publicada.set_index(["anio", "ent"])["conteo"].sort_index()
    assert len(publicada) == len(suma) > 0
    assert (publicada.to_numpy() == suma.sort_index().to_numpy()).all()


def test_los_once_delitos_son_la_suma_de_sus_series(espejo_publicado):
    miembros = list(catalogos.canastas().query("canasta == 'once_delitos'")["delito"])
    distintos = espejo_publicado.execute(
        "SELECT count(*) FROM (SELECT fecha, cve_ent, sum(conteo) AS suma FROM delitos_estatal "
        "WHERE delito IN (SELECT unnest(?::VARCHAR[])) GROUP BY ALL) FULL JOIN "
        "(SELECT * FROM canastas_estatal WHERE canasta = 'once_delitos') USING (fecha, cve_ent) "
        "WHERE suma IS DISTINCT FROM conteo",
        [miembros],
    ).fetchone()
    assert distintos == (0,)


@pytest.mark.parametrize("ambito", ["estatal", "municipal"])
def test_los_delitos_y_las_canastas_no_se_mezclan(demostracion, ambito):
    delitos = demostracion.execute(f"SELECT DISTINCT delito FROM delitos_{ambito}").fetchall()
    assert {d for (d,) in delitos} == set(DELITOS)
    canastas = demostracion.execute(f"SELECT DISTINCT canasta FROM canastas_{ambito} ORDER BY 1").fetchall()
    assert [c for (c,) in canastas] == CANASTAS


def test_lo_municipal_suma_lo_estatal_y_cruza_2026(demostracion):
    distintos, meses = demostracion.execute(
        "SELECT count(*) FILTER (e.conteo IS DISTINCT FROM m.conteo), count(DISTINCT fecha) FROM canastas_estatal AS e "
        "FULL JOIN (SELECT fecha, cve_ent, canasta, sum(conteo) AS conteo FROM canastas_municipal GROUP BY ALL) AS m "
        "USING (fecha, cve_ent, canasta)"
    ).fetchone()
    assert (distintos, meses) == (0, 11 * 12 + 8)


def test_las_tendencias_traen_las_canastas_en_los_tres_niveles(demostracion):
    filas = demostracion.execute(
        "SELECT nivel, delito, count(*) FROM tendencias WHERE starts_with(delito, 'canasta:') GROUP BY ALL"
    ).fetchall()
    por_nivel = {nivel: cuantas for nivel, delito, cuantas in filas if delito == "canasta:mesas"}
    assert {(nivel, delito) for nivel, delito, _ in filas} == {
        (nivel, f"canasta:{c}") for nivel in ("nacional", "estatal", "municipal") for c in CANASTAS
    }
    assert (por_nivel["nacional"], por_nivel["estatal"]) == (1, 32)
    assert por_nivel["municipal"] > 2_400


def test_ni_victimas_ni_cobertura_ni_revisiones_ni_puente_traen_canastas(espejo_publicado):
    for vista in ("victimas_estatal", "cobertura", "revisiones", "puente"):
        hallados = {d for (d,) in espejo_publicado.execute(f"SELECT DISTINCT delito FROM {vista}").fetchall()}
        assert hallados
        assert hallados <= set(DELITOS)


def test_la_vista_canastas_dice_las_categorias_de_cada_una(espejo_publicado):
    publicadas = espejo_publicado.execute(
        "SELECT canasta, delito, violencia, metodologia, tipo, subtipo, modalidad FROM canastas"
    ).df()
    propias = catalogos.hojas_de_canastas()[list(publicadas.columns)]
    assert set(publicadas.itertuples(index=False)) == set(propias.itertuples(index=False))


@pytest.mark.parametrize(
    "consulta",
    [
        "SELECT sum(conteo) FROM delitos_municipal WHERE delito = 'homicidio_doloso' AND cve_mun = '11020'",
        "SELECT sum(conteo) FROM canastas_municipal",
    ],
)
def test_una_consulta_se_salta_los_bloques_que_no_le_tocan(demostracion, consulta):
    plan = demostracion.execute(f"EXPLAIN ANALYZE {consulta}").fetchone()[1]
    leidos, todos = map(int, re.search(r"Row Groups Scanned: (\d+) / (\d+)", plan).groups())
    assert todos >= 5
    assert leidos <= 2


def _cargar(almacen, *rutas):
    return main(["cargar", *map(str, rutas), "--almacen", str(almacen.raiz), "--json"])


def test_una_canasta_nueva_se_publica_con_solo_editar_el_archivo(monkeypatch, tmp_path):
    ruta = fabrica.editar_canastas(monkeypatch, tmp_path)
    with ruta.open("a", encoding="utf-8", newline="") as archivo:
        for orden, (delito, violencia) in enumerate([("robo_de_ganado", "con"), ("extorsion", "")], 1):
            csv.writer(archivo).writerow(["campo", "Campo", "Nadie", "Prueba", delito, violencia, orden])
    almacen = Almacen(tmp_path / "almacen")
    assert _cargar(almacen, fabrica.estatal(tmp_path, anio=2026, meses=2)) == 0
    con = abrir(almacen)
    filas = con.execute(
        "SELECT DISTINCT fecha::VARCHAR, conteo FROM canastas_estatal WHERE canasta = 'campo' ORDER BY 1"
    ).fetchall()
    assert filas == [("2026-01-01", 3), ("2026-02-01", 3)]  # ganado con violencia y las dos extorsiones, sin tentativas


def test_una_canasta_mal_escrita_rechaza_la_carga_con_su_linea(monkeypatch, tmp_path, capsys):
    ruta = fabrica.editar_canastas(monkeypatch, tmp_path)
    with ruta.open("a", encoding="utf-8", newline="") as archivo:
        csv.writer(archivo).writerow(["campo", "Campo", "Nadie", "Prueba", "robo_de_vacas", "", 1])
    linea = len(ruta.read_text("utf-8").splitlines())
    almacen = Almacen(tmp_path / "almacen")
    assert _cargar(almacen, fabrica.estatal(tmp_path)) == 3
    (problema,) = json.loads(capsys.readouterr().out)["rechazado"]
    assert (problema["archivo"], problema["linea"], problema["columna"]) == ("canastas.csv", linea, "delito")
    assert publicacion_vigente(almacen) is None


def test_un_acuerdo_sobre_una_canasta_se_une_a_su_serie(monkeypatch, tmp_path):
    almacen = Almacen(tmp_path / "almacen")
    monkeypatch.setenv("TABLERO_ALMACEN", str(almacen.raiz))
    rutas = [fabrica.municipal(tmp_path, f"municipal{a}.csv", anio=a) for a in (2022, 2023, 2024)]
    lineas = rutas[0].read_bytes() + b"".join(r.read_bytes().split(b"\r\n", 1)[1] for r in rutas[1:])
    rutas[0].write_bytes(lineas)
    assert _cargar(almacen, rutas[0]) == 0
    fila = columnas.EJEMPLO | {
        "municipios": "01001;01002",
        "delitos": "",
        "canasta": "alto_impacto_federal",
        "folio": "03/XLIV/2023",
        "fecha": "2023-06-13",
        "inicio_efecto": "2023-07-01",
        "linea_base_periodo": "",
    }
    acuerdos.escribir(tmp_path / "acuerdos.csv", [fila])
    assert ordenar(["importar", str(tmp_path / "acuerdos.csv"), "--aceptar"]) == 0
    assert list(acuerdos.acuerdo("03/XLIV/2023")["delitos"]) == ["canasta:alto_impacto_federal"]
    serie = acuerdos.acuerdos_series("03/XLIV/2023")
    assert set(serie["delito"]) == {"canasta:alto_impacto_federal"}
    assert set(serie["conteo"]) == {28}  # una carpeta por cada categoría de la canasta en 2015–2025
    cambio = acuerdos.cambio_observado("03/XLIV/2023")
    assert (cambio.antes, cambio.despues) == (28 * 12 * 2, 28 * 12 * 2)
