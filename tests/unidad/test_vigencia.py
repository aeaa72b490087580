"""Qué archivo se publica: el corte más nuevo de los completos; un extracto nunca reemplaza a uno más completo."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from etl.lectura.conteos import Lectura
from etl.publicacion.vigencia import FALTANTE_TOLERADO, Publicado, escoger, ternas_de

ENTIDADES, CATEGORIAS, ANIOS = range(1, 33), range(1, 99), range(2015, 2025)


def lectura(nombre, corte, entidades=ENTIDADES, categorias=CATEGORIAS, anios=ANIOS, sin=()):
    ternas = [(a, e, c) for a in anios for e in entidades for c in categorias if (a, e, c) not in sin]
    anio, entidad, categoria = (np.array(v, dtype=np.int16) for v in zip(*ternas, strict=True))
    tabla = pa.table({"anio": anio, "cve_ent": entidad.astype(np.int8), "categoria": categoria})
    recibido = SimpleNamespace(nombre=nombre, sha256=nombre)
    return Lectura(recibido, "municipal", "CNSP/38/15", corte, tabla)


def publicado(otra):
    return {otra.producto: Publicado(otra.recibido.nombre, otra.recibido.sha256, otra.corte, ternas_de(otra))}


COMPLETO = lectura("completo.csv", date(2024, 6, 1))


def nombres(lecturas):
    return [suya.recibido.nombre for suya in lecturas]


@pytest.mark.parametrize(
    ("extracto", "falta"),
    [
        (lectura("x.csv", date(2024, 9, 1), anios=[2024]), "9 año(s) (2015, 2016, 2017, 2018, 2019, 2020 y 3 más)"),
        (lectura("x.csv", date(2024, 9, 1), categorias=[5]), "97 categoría(s)"),
        (lectura("x.csv", date(2024, 9, 1), categorias=range(1, 98)), "1 categoría(s)"),
        (lectura("x.csv", date(2024, 9, 1), entidades=[e for e in ENTIDADES if e != 11]), "1 entidad(es) (11)"),
        (lectura("x.csv", date(2024, 9, 1), entidades=[11], anios=[2024]), "31 entidad(es)"),
        (
            lectura("x.csv", date(2024, 9, 1), sin={(a, a % 32 + 1, c) for a in ANIOS for c in range(1, 30)}),
            "290 de 31,360 combinaciones de entidad, categoría y año",
        ),
    ],
)
def test_un_extracto_mas_nuevo_no_reemplaza_ni_al_del_conjunto_ni_al_publicado(extracto, falta):
    for vigencia, esperados in (
        (escoger([extracto, COMPLETO], {}), ["completo.csv"]),
        (escoger([extracto], publicado(COMPLETO)), []),
    ):
        assert nombres(vigencia.vigentes) == esperados
        assert vigencia.anteriores == []
        ((regla, texto),) = vigencia.avisos
        assert regla == "extracto_sin_publicar"
        assert texto.startswith("x.csv: es un extracto y no se publica; respecto de completo.csv")
        assert falta in texto


def test_lo_que_falta_apenas_no_hace_extracto():
    pocas = {(2024, 5, c) for c in range(1, 99)}
    assert len(pocas) < FALTANTE_TOLERADO * 31_360
    nuevo = lectura("nuevo.csv", date(2024, 9, 1), sin=pocas)
    vigencia = escoger([nuevo, COMPLETO], {})
    assert (nombres(vigencia.vigentes), nombres(vigencia.anteriores)) == (["nuevo.csv"], ["completo.csv"])
    assert vigencia.avisos == []


def test_un_corte_anterior_con_menos_anios_no_es_un_extracto():
    nuevo = lectura("nuevo.csv", date(2026, 3, 1), anios=range(2015, 2027))
    for base in ({}, publicado(COMPLETO)):
        vigencia = escoger([COMPLETO, nuevo] if not base else [nuevo], base)
        assert nombres(vigencia.vigentes) == ["nuevo.csv"]
        assert vigencia.avisos == []


def test_un_producto_parcial_se_publica_si_es_lo_mas_completo_que_hay():
    parcial = lectura("parcial.csv", date(2024, 6, 1), categorias=range(1, 40))
    otro = lectura("otro.csv", date(2024, 9, 1), categorias=range(90, 99), entidades=[11])
    vigencia = escoger([otro, parcial], {})
    assert nombres(vigencia.vigentes) == ["parcial.csv"]
    assert "respecto de parcial.csv le faltan 31 entidad(es)" in vigencia.avisos[0][1]


def test_un_corte_mas_completo_reemplaza_al_extracto_publicado():
    extracto = lectura("extracto.csv", date(2024, 9, 1), anios=[2024])
    assert nombres(escoger([lectura("todo.csv", date(2024, 9, 1))], publicado(extracto)).vigentes) == ["todo.csv"]


def test_lo_anterior_a_lo_publicado_se_guarda_y_lo_igual_se_dice():
    viejo = lectura("viejo.csv", date(2023, 6, 1), anios=range(2015, 2024))
    vigencia = escoger([viejo], publicado(COMPLETO))
    assert (vigencia.vigentes, nombres(vigencia.anteriores)) == ([], ["viejo.csv"])
    assert vigencia.avisos[0][0] == "corte_anterior_sin_publicar"
    igual = escoger([COMPLETO], publicado(COMPLETO))
    assert nombres(igual.vigentes) == ["completo.csv"]
    assert igual.avisos[0][0] == "ya_publicado"


def test_ternas_de_un_archivo():
    assert len(ternas_de(COMPLETO)) == 32 * 98 * 10
    assert len(ternas_de(lectura("x", date(2024, 1, 1), sin={(2015, 1, 1)}))) == 32 * 98 * 10 - 1
