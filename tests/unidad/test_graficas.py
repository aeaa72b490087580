"""Figuras: lo que falta corta la línea, lo provisional se ve distinto, los rótulos no se enciman y los colores son las clases."""

import base64
import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analisis.calendario import calendario
from analisis.contribuciones import contribuciones, curva_de_lorenz
from analisis.medidas import MEDIDAS, medir
from analisis.tasas import embudo
from graficas import barras, mapas, rotulos
from graficas import calendario as dibujo_de_calendario
from graficas import embudo as dibujo_de_embudo
from graficas.chispas import ALTO, ANCHO, chispa, cuadro, direccion
from graficas.lineas import Marca, lineas


def series(lugares=("11", "32"), delitos=("fraude",), meses=40, hueco=()):
    filas = [
        (lugar, delito, fecha, 10 * (i + 1) + j, 1e6, "CNSP/38/15" if fecha.year < 2026 else "RNID", j >= meses - 3)
        for i, lugar in enumerate(lugares)
        for delito in delitos
        for j, fecha in enumerate(pd.date_range("2023-01-01", periods=meses, freq="MS"))
        if j not in hueco
    ]
    columnas = ["lugar", "delito", "fecha", "conteo", "poblacion", "metodologia", "provisional"]
    return medir(pd.DataFrame(filas, columns=columnas), "conteo")


def dibujar(tabla, lugares=("11", "32"), delitos=("fraude",), **mas):
    nombres = {"11": "Guanajuato", "32": "Zacatecas"}
    return lineas(
        tabla, {x: nombres[x] for x in lugares}, {d: d.capitalize() for d in delitos}, MEDIDAS["conteo"], **mas
    )


def test_el_eje_arranca_en_cero_y_hay_una_linea_por_lugar():
    figura = dibujar(series())
    assert figura.layout.yaxis.range[0] == 0
    assert [t.name for t in figura.data if t.name] == ["Guanajuato", "Zacatecas"]
    rotulos_directos = [a.text for a in figura.layout.annotations]
    assert "Guanajuato" in rotulos_directos
    assert "Zacatecas" in rotulos_directos


def test_lo_que_falta_corta_la_linea_y_se_rotula():
    figura = dibujar(series(hueco=range(10, 15)))
    firme = figura.data[0]
    assert firme.connectgaps is False
    assert np.isnan(np.asarray(firme.y, dtype=float)[10:15]).all()
    assert "sin datos" in [a.text for a in figura.layout.annotations]
    assert "sin datos" not in [a.text for a in dibujar(series(hueco=[10, 11])).layout.annotations]


def test_lo_provisional_va_punteado_desde_el_ultimo_mes_firme():
    firme, provisional, _ = dibujar(series(lugares=("11",)), lugares=("11",)).data
    assert (firme.line.dash, provisional.line.dash) == ("solid", "dot")
    assert np.isnan(np.asarray(firme.y, dtype=float)[-3:]).all()
    assert np.isfinite(np.asarray(provisional.y, dtype=float)).sum() == 4


def test_el_quiebre_se_dibuja_solo_si_esta_en_el_periodo():
    assert "nueva metodología" in [a.text for a in dibujar(series()).layout.annotations]
    assert "nueva metodología" not in [a.text for a in dibujar(series(meses=20)).layout.annotations]


def test_un_panel_por_delito_con_su_nombre():
    figura = dibujar(series(delitos=("fraude", "amenazas")), delitos=("fraude", "amenazas"))
    titulos = [a.text for a in figura.layout.annotations if a.text.startswith("<b>")]
    assert titulos == ["<b>Fraude</b><br>carpetas por mes", "<b>Amenazas</b><br>carpetas por mes"]


def test_la_demostracion_lleva_su_palabra_dentro_y_las_marcas_su_folio():
    marca = Marca(pd.Timestamp("2024-01-01").date(), "01/I/2024", "algo")
    figura = dibujar(series(), demostracion=True, marcas=[marca])
    assert "DEMOSTRACIÓN" in [a.text for a in figura.layout.annotations]
    assert figura.data[-1].customdata[0] == "01/I/2024: algo"
    assert "DEMOSTRACIÓN" not in [a.text for a in dibujar(series()).layout.annotations]


def test_todo_en_cero_tiene_un_eje_que_se_puede_leer():
    tabla = series(lugares=("11",))
    figura = dibujar(tabla.assign(conteo=0.0, valor=0.0), lugares=("11",))
    assert figura.layout.yaxis.range == (0, 1)


@given(
    st.lists(st.floats(0, 400), min_size=1, max_size=8),
    st.floats(14, 40),
)
def test_los_rotulos_no_se_enciman_ni_se_salen(alturas, alto):
    if len(alturas) * alto > 400:
        return
    puestas = rotulos.separar(alturas, [alto] * len(alturas), 400)
    ordenadas = sorted(puestas)
    assert all(b - a >= alto - 1e-6 for a, b in itertools.pairwise(ordenadas))
    assert max(puestas) <= 400
    posiciones = range(len(alturas))
    assert sorted(posiciones, key=lambda i: puestas[i]) == sorted(posiciones, key=lambda i: alturas[i])


def test_un_rotulo_largo_se_parte_sin_cortar_palabras():
    assert rotulos.partir("San Luis Potosí, San Luis Potosí") == ["San Luis", "Potosí"]
    assert rotulos.partir("Aguascalientes") == ["Aguascalientes"]


def test_la_miniatura_deja_hueco_y_aclara_lo_provisional():
    dibujo = chispa([1, 2, float("nan"), 4, 5], [False, False, False, True, True])
    assert dibujo.count("<path") == 3  # la base, el tramo firme y el provisional
    assert f'width="{ANCHO}" height="{ALTO}"' in dibujo
    assert base64.b64decode(direccion(dibujo).split(",")[1]).decode() == dibujo
    assert chispa([float("nan"), 3, float("nan")], [False] * 3).count("<circle") == 1
    assert "nan" not in chispa([0, 0], [False, False])


def leer(datos, clase):
    return np.frombuffer(base64.b64decode(datos), dtype=clase)


def numeros(renglon):
    """Los valores de un renglón como los lee el navegador."""
    bits = renglon["valores"]["bits"]
    planos = leer(renglon["valores"]["base64"], "u1").reshape(bits // 8, -1)
    crudos = np.ascontiguousarray(planos.T).view(f"<i{bits // 8}").ravel().tolist()
    return [None if n == -(2 ** (bits - 1)) else n / 10 ** renglon["decimales"] for n in crudos]


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=30), st.integers(0, 2))
def test_los_numeros_llegan_al_navegador_con_sus_decimales(valores, decimales):
    flotantes = [float("nan") if v is None else v for v in valores]
    for original, leido in zip(valores, numeros(mapas.Numero("", flotantes, decimales).datos()), strict=True):
        assert leido is None if original is None else leido == pytest.approx(original, abs=0.51 * 10**-decimales)


def test_el_color_se_apaga_con_la_duda_y_la_etiqueta_lleva_contorno():
    razones = [0.5, 0.5, 0.5, 0.5, 1.8, float("nan")]
    baja = [0.99, 0.9, 0.75, 0.6, 0.01, float("nan")]
    etiquetas = ["a la baja", *["sin cambio distinguible"] * 3, "al alza", "datos insuficientes"]
    pintura = mapas.por_estimado(razones, baja, etiquetas)
    filas = mapas.paleta_de_certeza()
    assert [len(f) for f in filas] == [1, 2, 4, 8]
    colores = [pintura.paleta[c] for c in pintura.clases]
    assert colores == [filas[3][0], filas[2][0], filas[1][0], filas[0][0], filas[3][7], mapas.SIN_DATO]
    assert pintura.clases[5] == pintura.rayada
    bits = np.unpackbits(leer(pintura.datos()["contornos"], "u1"), bitorder="little")[:6]
    assert bits.tolist() == [1, 0, 0, 0, 1, 0]


@given(st.floats(0.05, 20), st.floats(0.5, 1))
def test_bajar_y_subir_nunca_comparten_color_cuando_hay_certeza(razon, certeza):
    if certeza < mapas.CERTEZAS[0] or razon == 1:
        return
    baja = certeza if razon < 1 else 1 - certeza
    pintura = mapas.por_estimado([razon, 1 / razon], [baja, 1 - baja], ["", ""])
    assert pintura.clases[0] != pintura.clases[1]


def test_las_etiquetas_son_clases_de_su_color():
    etiquetas = ["al alza", "datos insuficientes", "a la baja"]
    pintura = mapas.por_etiqueta(etiquetas, [mapas.Texto("", etiquetas), mapas.Numero("n: ", [1, float("nan"), 3.5])])
    datos = pintura.datos()
    assert [datos["paleta"][c] for c in leer(datos["clases"], "u1")] == [mapas.COLOR_DE_ETIQUETA[e] for e in etiquetas]
    assert datos["paleta"][datos["rayada"]] == mapas.COLOR_DE_ETIQUETA["datos insuficientes"]
    texto, numero = datos["renglones"]
    assert [texto["textos"][i] for i in leer(texto["valores"], "u1")] == etiquetas
    assert numeros(numero) == [1, None, 4]


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(-500, 500)), min_size=1, max_size=60))
def test_la_escala_divergente_deja_el_cero_al_centro_y_raya_lo_que_falta(valores):
    pintura = mapas.por_valor(valores, divergente=True)
    for valor, clase in zip(valores, pintura.clases, strict=True):
        if np.isnan(valor):
            assert clase == pintura.rayada
        elif valor == 0:
            assert clase in (mapas.TONOS // 2 - 1, mapas.TONOS // 2)
        else:
            assert 0 <= clase < mapas.TONOS
            assert (clase >= mapas.TONOS // 2 - 1) if valor > 0 else (clase <= mapas.TONOS // 2)


def test_demasiadas_frases_distintas_se_rechazan():
    with pytest.raises(ValueError, match="caben 256"):
        mapas.Texto("", [str(i) for i in range(300)]).datos()


def test_la_misma_pintura_tiene_la_misma_version():
    assert mapas.por_etiqueta(["al alza"]).datos() == mapas.por_etiqueta(["al alza"]).datos()
    assert mapas.por_etiqueta(["al alza"]).datos()["version"] != mapas.por_etiqueta(["a la baja"]).datos()["version"]


def test_el_cuadro_escribe_su_tope_y_dibuja_la_banda_y_el_quiebre():
    nan = float("nan")
    dibujo = cuadro([10, 20, nan, 1500], [False] * 4, banda=([nan, 5, 5, 5], [nan, 30, 30, 1600]), quiebre=3)
    assert ">1,600</text>" in dibujo
    assert dibujo.count('fill="#DCE3E8"') == 1
    assert "stroke-dasharray" in dibujo
    assert "nan" not in dibujo
    assert "stroke-dasharray" not in cuadro([1, 2], [False, False], tope=10)
    assert ">10</text>" in cuadro([1, 2], [False, False], tope=10)


def test_las_barras_de_contribucion_separan_lo_que_resta_de_lo_que_suma():
    tabla = contribuciones(pd.DataFrame({"nombre": ["a", "b"], "conteo": [5, 30], "conteo_previo": [25, 20]}))
    (trazo,) = barras.contribuciones(tabla, demostracion=False).data
    assert list(trazo.text) == ["−20", "+10"]
    assert trazo.marker.color[0] != trazo.marker.color[1]
    assert "de 25 a 5" in trazo.customdata[0]


def test_el_calendario_deja_en_blanco_lo_que_falta():
    serie = pd.DataFrame({"fecha": pd.date_range("2020-01-01", periods=20, freq="MS"), "conteo": range(20, 40)})
    figura = dibujo_de_calendario.calendario(calendario(serie), demostracion=True)
    textos = figura.data[0].text
    assert textos[0][0] == f"{20 / 31:.1f}"
    assert textos[1][11] == ""
    assert list(figura.data[0].y) == ["2020", "2021"]
    assert figura.layout.annotations[-1].text == "DEMOSTRACIÓN"


def test_el_embudo_senala_al_elegido_y_pinta_lo_que_se_sale():
    azar = np.random.default_rng(1)
    poblacion = np.exp(azar.normal(10, 1, 300))
    conteo = azar.poisson(poblacion * 2e-3).astype(float)
    conteo[0], poblacion[0] = 5000, 100_000
    tabla = pd.DataFrame(
        {
            "lugar": [str(i) for i in range(300)],
            "nombre": "x, y",
            "poblacion": poblacion,
            "conteo": conteo,
            "tasa": 1e5 * conteo / poblacion,
        }
    )
    figura = dibujo_de_embudo.embudo(tabla, embudo(conteo, poblacion), "tasa", elegido="0", demostracion=False)
    assert figura.layout.annotations[0].text == "x"
    colores = set(np.asarray(figura.data[0].marker.color)[[0, 1]])
    assert len(colores) == 2
    curva = curva_de_lorenz(pd.Series(conteo))
    assert dibujo_de_embudo.concentracion(curva, demostracion=False).data[1].y[-1] == pytest.approx(1)
