"""Las historias de prensa: ninguna cifra que no esté en los datos, las cautelas que tocan y un titular que no se tuerce."""

import io
import re
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graficas.impresas import FORMAS, FORMATOS
from graficas.impresas.lienzo import NoCabe
from informes import prensa
from informes.prensa import historias
from informes.tablas import Ficha

FICHA = Ficha(("evolucion", "guanajuato"), "SESNSP", {"Fuente": "SESNSP"})
COMUNES = {"pie": ["Fuente: SESNSP."], "demostracion": False}


def cruda(conteos, *, lugar="11", hasta="2025-12-01", provisionales=0, delito="homicidio_doloso"):
    fechas = pd.date_range(end=hasta, periods=len(conteos), freq="MS")
    return pd.DataFrame(
        {
            "lugar": lugar,
            "delito": delito,
            "fecha": fechas,
            "conteo": np.asarray(conteos, dtype=float),
            "poblacion": 100_000.0,
            "metodologia": np.where(fechas < "2026-01-01", "CNSP/38/15", "RNID"),
            "provisional": np.arange(len(fechas)) >= len(fechas) - provisionales,
            "entidades": 1,
        }
    )


def numeros(texto):
    return {int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", re.sub(r"\d+\.\d+", "", texto))}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 3000), min_size=24, max_size=40))
def test_el_titular_de_la_evolucion_solo_dice_cifras_de_los_datos(conteos):
    hecha = prensa.evolucion(cruda(conteos), "Guanajuato", "Homicidio doloso", comparable=True, **COMUNES)
    reciente, previo = sum(conteos[-12:]), sum(conteos[-24:-12])
    permitidas = {12, 2025, reciente, previo, abs(reciente - previo)}
    assert numeros(hecha.contenido.titulo) <= permitidas
    assert ("%" in hecha.contenido.titulo) <= (previo >= 20)
    assert (historias.BASE_CHICA in hecha.cautelas) == (min(reciente, previo) < 20)
    assert not hecha.tabla["valor"].isna().any()


def test_lo_provisional_y_el_cambio_de_metodologia_salen_como_cautela():
    con = cruda([50] * 30, hasta="2026-03-01", provisionales=3)
    comparable = prensa.evolucion(con, "Guanajuato", "Homicidio doloso", comparable=True, **COMUNES)
    assert historias.PROVISIONAL in comparable.cautelas
    assert historias.CRUZA_CON_PUENTE in comparable.cautelas
    otra = prensa.evolucion(con, "Guanajuato", "Total de delitos", comparable=False, **COMUNES)
    assert historias.CRUZA in otra.cautelas
    assert "12 meses" not in otra.contenido.titulo  # no se suman meses de dos metodologías que no se comparan


def test_sin_trece_meses_seguidos_no_se_anuncia_un_rango_que_no_se_dibuja():
    hecha = prensa.evolucion(cruda([5] * 8), "Guanajuato", "Homicidio doloso", comparable=True, **COMUNES)
    assert "en gris" not in hecha.contenido.unidad
    assert "en gris" in prensa.evolucion(cruda([5] * 14), "G", "H", comparable=True, **COMUNES).contenido.unidad


def test_la_comparacion_da_la_tasa_de_cada_lugar_y_avisa_del_chico():
    dos = pd.concat([cruda([10] * 24), cruda([1] * 24, lugar="06")])
    hecha = prensa.comparacion(
        dos, {"11": "Guanajuato", "06": "Colima"}, "Homicidio doloso", comparable=True, **COMUNES
    )
    assert "en Guanajuato, 120.0 y en Colima, 12.0" in hecha.contenido.titulo
    with pytest.raises(ValueError, match="doce meses"):
        prensa.comparacion(cruda([1] * 5), {"11": "Guanajuato"}, "Homicidio doloso", comparable=True, **COMUNES)


def test_antes_y_despues_compara_los_mismos_meses_y_busca_los_ultimos_completos():
    conteos = np.r_[np.full(12, 100.0), np.full(12, 80.0)]
    con_hueco = cruda([*conteos, 5.0], hasta="2026-06-01").drop(index=[22, 23])
    hecha = prensa.antes_y_despues(con_hueco, "Guanajuato", "Homicidio doloso", 3, comparable=True, **COMUNES)
    antes, despues = hecha.tabla.to_dict("records")
    assert (despues["desde"] - antes["desde"]).days == 365
    assert despues["conteo"] < antes["conteo"]
    with pytest.raises(ValueError, match="no reportado"):
        prensa.antes_y_despues(cruda([1] * 6), "Guanajuato", "Homicidio doloso", 3, comparable=True, **COMUNES)


def lugares(etiquetas, cambios):
    conteos = np.full(len(etiquetas), 100.0)
    return pd.DataFrame(
        {
            "lugar": [f"{i:02d}" for i in range(1, len(etiquetas) + 1)],
            "nombre": [f"Estado {i}" for i in range(1, len(etiquetas) + 1)],
            "conteo": conteos,
            "conteo_previo": conteos - cambios,
            "cambio": cambios,
            "etiqueta": etiquetas,
            "provisionales": 0,
        }
    )


def test_los_cambios_solo_traen_lo_distinguible_del_azar_y_lo_dicen():
    tabla = lugares(
        ["a la baja", "sin cambio distinguible", "al alza", "datos insuficientes"], np.array([-40.0, -90.0, 7.0, 300.0])
    )
    hecha = prensa.cambios(tabla, "México", "Extorsión", pd.Timestamp("2025-06-01"), plural="estados", **COMUNES)
    assert hecha.tabla["lugar"].tolist() == ["01", "03"]
    assert "1 a la baja y 1 al alza" in hecha.contenido.titulo
    assert historias.SIN_FILA in hecha.cautelas
    with pytest.raises(ValueError, match="azar"):
        prensa.cambios(tabla[1:2], "México", "Extorsión", pd.Timestamp("2025-06-01"), plural="estados", **COMUNES)


@pytest.mark.parametrize("forma", FORMAS.values(), ids=FORMAS)
def test_muchos_cambios_caben_en_toda_forma_con_los_dos_extremos(forma):
    tabla = lugares(["a la baja"] * 20 + ["al alza"] * 12, np.r_[np.arange(-200.0, 0, 10), np.arange(10.0, 130, 10)])
    hecha = prensa.cambios(tabla, "México", "Extorsión", pd.Timestamp("2025-06-01"), plural="estados", **COMUNES)
    textos = [t.get_text() for t in hecha.en(forma).textos]
    assert "Estado 1" in textos
    assert "Estado 32" in textos


PROPUESTO = (
    "En los 12 meses a junio de 2025 hubo 1,308 carpetas, 36 más (+2.8\N{NO-BREAK SPACE}%) que en los 12 anteriores"
)


@pytest.mark.parametrize(
    ("editado", "dice"),
    [
        ("", "vacío"),
        (PROPUESTO.replace("1,308", "1,038"), "no son las de los datos: 1,038"),
        (PROPUESTO.replace("(+2.8\N{NO-BREAK SPACE}%)", ""), "sin las que dice otra cosa: +2.8%"),
        (PROPUESTO.replace("+2.8", "−2.8"), "−2.8%"),
        (PROPUESTO + " gracias a la Mesa", "gracias a"),
        (PROPUESTO + ": los operativos provocaron la baja", "provoc"),
        (PROPUESTO + ", que logró la Mesa", "logr"),
        (PROPUESTO + " y fracasaron los operativos", "fracas"),
        (PROPUESTO + " y la DELINCUENCIA", "delincuencia"),
        (PROPUESTO + " x" * 200, "letras"),
    ],
)
def test_un_titular_que_cambia_cifras_o_afirma_causas_se_rechaza(editado, dice):
    assert any(dice in p for p in prensa.problemas_del_titular(PROPUESTO, editado))


def test_un_titular_con_otras_palabras_y_las_mismas_cifras_pasa():
    otro = "Carpetas: 1,308 en los 12 meses a junio de 2025, 36 más (+2.8 %) que en los 12 anteriores"
    assert prensa.problemas_del_titular(PROPUESTO, otro) == []


def _dibujadas(historia):
    """Cada forma con sus archivos, dibujados al pedirlos."""

    def de(forma):
        def dibujar():
            lienzo = historia.en(forma)
            return {par: lienzo.guardar(*par) for par in (*((f, 1) for f in FORMATOS), ("png", 2))}

        return dibujar

    return {clave: de(forma) for clave, forma in FORMAS.items()}


def test_el_paquete_trae_cada_forma_los_datos_y_la_cita_y_siempre_los_mismos_bytes():
    hecha = prensa.evolucion(cruda([5] * 30), "Guanajuato", "Homicidio doloso", comparable=True, **COMUNES)
    primero = prensa.paquete(hecha, FICHA, "http://ejemplo/prensa?x=1", _dibujadas(hecha))
    with zipfile.ZipFile(io.BytesIO(primero)) as archivo:
        nombres = archivo.namelist()
        cita = archivo.read("CITA.txt").decode("utf-8")
        figuras = [n for n in nombres if n.startswith("figuras/")]
        datos = pd.read_csv(io.BytesIO(archivo.read("datos/evolucion_guanajuato.csv")), encoding="utf-8-sig")
    assert len(figuras) == len(set(figuras)) == 4 * len(FORMAS)
    assert sorted(n.rsplit(".", 1)[1] for n in nombres if n.startswith("datos/")) == ["csv", "parquet", "xlsx"]
    assert datos["valor"].tolist() == [5.0] * 30
    assert "http://ejemplo/prensa?x=1" in cita
    assert hecha.contenido.titulo in cita
    assert prensa.paquete(hecha, FICHA, "http://ejemplo/prensa?x=1", _dibujadas(hecha)) == primero


def test_la_forma_en_que_no_cabe_se_omite_y_la_cita_lo_dice():
    hecha = prensa.evolucion(cruda([5] * 30), "Guanajuato", "Homicidio doloso", comparable=True, **COMUNES)

    def no_cabe():
        raise NoCabe("No deja lugar en «Media carta».")

    figuras = {"horizontal": lambda: {("png", 1): b"x"}, "media_carta": no_cabe}
    with zipfile.ZipFile(io.BytesIO(prensa.paquete(hecha, FICHA, "http://ejemplo/", figuras))) as archivo:
        assert [n for n in archivo.namelist() if n.startswith("figuras/")] == [
            "figuras/evolucion_guanajuato_horizontal.png"
        ]
        assert "No deja lugar en «Media carta»." in archivo.read("CITA.txt").decode("utf-8")
    with pytest.raises(NoCabe):
        prensa.paquete(hecha, FICHA, "http://ejemplo/", {"media_carta": no_cabe})
