"""Mapa: los colores, la tabla y la tarjeta dicen lo que una consulta; un clic elige y lo que falta se dice."""

import base64
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from datos.almacen import AGRUPAMIENTOS, Almacen, publicacion_vigente
from etl.__main__ import main
from tests.paginas.conftest import filas, uno

GUANAJUATO = {
    "delito": "homicidio_doloso",
    "nivel": "municipal",
    "entidad": "11",
    "medida": "tasa",
    "cierre": "2025-03",
}


def datos_del_mapa(abierta):
    (mapa,) = abierta.prueba.get("bidi_component")
    return json.loads(mapa.proto.json)


def numeros(datos, renglon):
    valores = datos["renglones"][renglon]["valores"]
    ancho = valores["bits"] // 8
    planos = np.frombuffer(base64.b64decode(valores["base64"]), dtype="u1").reshape(ancho, -1)
    return np.ascontiguousarray(planos.T).view(f"<i{ancho}").ravel()


def test_los_estados_traen_la_suma_de_sus_doce_meses(abrir, almacen_espejo):
    abierta = abrir("mapa", almacen_espejo, delito="homicidio_doloso", cierre="2024-11")
    esperado = dict(
        filas(
            almacen_espejo,
            "SELECT entidad, sum(conteo) FROM delitos_estatal JOIN (SELECT DISTINCT cve_ent, entidad FROM municipios) "
            "USING (cve_ent) WHERE delito = 'homicidio_doloso' AND fecha BETWEEN '2023-12-01' AND '2024-11-01' GROUP BY 1",
        )
    )
    assert abierta.tabla().set_index("nombre")["conteo"].to_dict() == esperado
    datos = datos_del_mapa(abierta)
    en_orden = [e for _, e in sorted(filas(almacen_espejo, "SELECT DISTINCT cve_ent, entidad FROM municipios"))]
    assert numeros(datos, 0).tolist() == [esperado[e] for e in en_orden]


def test_los_colores_son_las_etiquetas_publicadas(abrir, almacen_espejo):
    abierta = abrir("mapa", almacen_espejo, delito="homicidio_doloso", medida="etiqueta")
    datos = datos_del_mapa(abierta)
    clases = np.frombuffer(base64.b64decode(datos["clases"]), dtype="u1")
    etiquetas = ["a la baja", "al alza", "sin cambio distinguible", "datos insuficientes"]
    publicadas = filas(
        almacen_espejo,
        "SELECT etiqueta FROM tendencias WHERE nivel = 'estatal' AND delito = 'homicidio_doloso' ORDER BY clave",
    )
    assert [etiquetas[c] for c in clases] == [e for (e,) in publicadas]
    for etiqueta in etiquetas[:3]:
        assert f"{etiqueta}: {sum(e == etiqueta for (e,) in publicadas)}" in abierta.texto


def test_las_etiquetas_de_municipios_son_las_publicadas(abrir, almacen_espejo):
    abierta = abrir("mapa", almacen_espejo, delito="homicidio_doloso", nivel="municipal", entidad="00", abajo="tabla")
    publicadas = dict(
        filas(
            almacen_espejo,
            "SELECT etiqueta, count(*) FROM tendencias WHERE nivel = 'municipal' AND delito = 'homicidio_doloso' GROUP BY 1",
        )
    )
    sin_serie = 2478 - sum(publicadas.values())
    publicadas["datos insuficientes"] += sin_serie
    assert abierta.tabla()["etiqueta"].value_counts().to_dict() == publicadas


def test_un_enlace_abre_los_municipios_de_una_entidad(abrir, almacen_espejo):
    abierta = abrir("mapa", almacen_espejo, **GUANAJUATO)
    pedido = dict(abierta.prueba.query_params)
    assert {k: pedido[k] for k in GUANAJUATO} == GUANAJUATO
    tabla = abierta.tabla().set_index("nombre")
    assert len(tabla) == 46
    esperado = uno(
        almacen_espejo,
        "SELECT sum(conteo) FROM delitos_municipal WHERE delito = 'homicidio_doloso' AND cve_mun = '11020' "
        "AND fecha BETWEEN '2024-04-01' AND '2025-03-01'",
    )
    assert tabla.loc["León", "conteo"] == esperado
    assert datos_del_mapa(abierta)["cuantos"] == 46


def test_elegir_un_lugar_muestra_sus_dos_conteos(abrir, almacen_espejo):
    abierta = abrir("mapa", almacen_espejo, **GUANAJUATO | {"cierre": "2025-06"}, lugar="11020")
    suma = (
        "SELECT sum(conteo) FROM delitos_municipal WHERE delito = 'homicidio_doloso' AND cve_mun = '11020' "
        "AND fecha BETWEEN ? AND ?"
    )
    reciente = uno(almacen_espejo, suma, ["2024-07-01", "2025-06-01"])
    previo = uno(almacen_espejo, suma, ["2023-07-01", "2024-06-01"])
    assert (
        f"se abrieron {reciente:,} carpetas por homicidio doloso en León, Guanajuato, {previo - reciente} menos"
        in abierta.texto
    )
    assert datos_del_mapa(abierta)["elegido"] == "11020"


def test_un_estado_llena_el_mapa_y_se_vuelve_con_un_boton(abrir, almacen_espejo):
    abierta = abrir("mapa", almacen_espejo, delito="homicidio_doloso", lugar="11")
    boton = next(b for b in abierta.prueba.button if b.label == "Ver los municipios de Guanajuato")
    boton.click().run()
    assert abierta.prueba.query_params["entidad"] == "11"
    assert len(abierta.tabla()) == 46
    next(b for b in abierta.prueba.button if b.label == "Volver a los estados").click().run()
    assert len(abierta.tabla()) == 32
    assert not abierta.prueba.exception


def test_lo_que_no_se_reporta_por_municipio_se_dice(abrir, almacen_espejo):
    abierta = abrir("mapa", almacen_espejo, delito="extorsion", nivel="municipal")
    assert abierta.titular == "No hay 24 meses seguidos por extorsión por municipio en los archivos cargados"
    assert "no reportado no es cero" in abierta.texto


@pytest.mark.parametrize("medida", ["estimado", "etiqueta", "cambio", "cambio_pct", "tasa", "suavizada", "conteo"])
@pytest.mark.parametrize("nivel", ["estatal", "municipal"])
def test_cada_medida_se_dibuja(abrir, almacen_demostracion, medida, nivel):
    datos = datos_del_mapa(abrir("mapa", almacen_demostracion, delito="robo_vehiculo", medida=medida, nivel=nivel))
    clases = np.frombuffer(base64.b64decode(datos["clases"]), dtype="u1")
    assert len(clases) == datos["cuantos"] == (32 if nivel == "estatal" else 2478)
    assert clases.max() < len(datos["paleta"])
    assert len(set(clases.tolist())) > 1


def test_total_no_se_compara_a_traves_de_2026(abrir, almacen_demostracion):
    abierta = abrir("mapa", almacen_demostracion, delito="total", cierre="2026-05")
    tabla = abierta.tabla()
    assert set(tabla["etiqueta"]) == {"datos insuficientes"}
    assert tabla["cambio"].isna().all()
    assert "no es comparable a través de enero de 2026" in abierta.texto


@pytest.mark.parametrize("abajo", ["embudo", "concentracion", "cuadros"])
def test_lo_de_abajo_del_mapa_abre(abrir, almacen_espejo, abajo):
    assert len(abrir("mapa", almacen_espejo, delito="homicidio_doloso", nivel="estatal", abajo=abajo).titular) > 10


def test_la_concentracion_cuenta_los_estados_que_suman_la_mitad(abrir, almacen_espejo):
    conteos = [
        n
        for (n,) in filas(
            almacen_espejo,
            "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'secuestro' AND fecha BETWEEN '2023-12-01' AND '2024-11-01' "
            "GROUP BY cve_ent ORDER BY 1 DESC",
        )
    ]
    acumulado, mitad = 0, 0
    while acumulado < sum(conteos) / 2:
        acumulado, mitad = acumulado + conteos[mitad], mitad + 1
    texto = abrir(
        "mapa", almacen_espejo, delito="secuestro", nivel="estatal", cierre="2024-11", abajo="concentracion"
    ).texto
    assert f"{mitad} de 32 estados suman la mitad" in texto


def test_el_embudo_dice_cuantos_se_salen(abrir, almacen_demostracion):
    abierta = abrir("mapa", almacen_demostracion, delito="fraude", nivel="municipal", entidad="00", abajo="embudo")
    assert "se salen del embudo" in abierta.texto
    (figura,) = abierta.prueba.get("plotly_chart")
    assert len(json.loads(figura.proto.spec)["data"]) == 6


def test_los_cuadros_traen_la_cifra_de_cada_estado(abrir, almacen_espejo):
    abierta = abrir(
        "mapa", almacen_espejo, delito="secuestro", nivel="estatal", medida="conteo", cierre="2024-11", abajo="cuadros"
    )
    cuerpo = next(e.proto.body for e in abierta.prueba.get("html") if 'class="cuadros"' in e.proto.body)
    dibujo = base64.b64decode(cuerpo.split("base64,")[1].split('"')[0]).decode()
    for (conteo,) in filas(
        almacen_espejo,
        "SELECT sum(conteo) FROM delitos_estatal WHERE delito = 'secuestro' AND fecha BETWEEN '2023-12-01' AND '2024-11-01' "
        "GROUP BY cve_ent",
    ):
        assert f">{conteo}</text>" in dibujo


def test_los_agrupamientos_se_piden_y_dicen_sus_cuentas(abrir, almacen_demostracion, tmp_path):
    pedido = {"nivel": "municipal", "entidad": "00", "delito": "total", "medida": "agrupamientos"}
    antes = abrir("mapa", almacen_demostracion, **pedido)
    assert "python -m etl complementar" in antes.texto
    assert "Mientras, se ve la tasa suavizada" in antes.texto

    copia = tmp_path / "almacen"
    shutil.copytree(Path(almacen_demostracion) / "publicado", copia / "publicado")
    assert main(["complementar", "--almacen", str(copia), "--json"]) == 0
    vigente = publicacion_vigente(Almacen(copia))
    tabla = pd.read_parquet(Almacen(copia).complementos(vigente.version) / AGRUPAMIENTOS)
    cuentas = tabla.loc[tabla["delito"] == "total", "clase"].value_counts()
    texto = abrir("mapa", copia, **pedido).texto
    for clase, cuantos in cuentas.items():
        assert f"{clase}: {cuantos:,}" in texto
    assert "no dice que un delito pase de un lugar a otro" in texto


def test_por_estado_no_hay_agrupamientos(abrir, almacen_demostracion):
    abierta = abrir("mapa", almacen_demostracion, nivel="estatal", medida="agrupamientos")
    assert abierta.prueba.query_params["medida"] == "estimado"
