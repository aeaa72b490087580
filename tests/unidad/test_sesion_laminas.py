"""Las láminas con datos difíciles: sin acuerdos, sin cifras, nombres larguísimos, muchos delitos, todo cero."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from datos.consultas.claves import claves
from datos.registro.lectura import Expediente
from datos.registro.modelo import Acuerdo, Mesa, Seguimiento
from informes.sesion import indicadores
from informes.sesion.calculos import Calculos
from informes.sesion.lamina import Barras
from informes.sesion.laminas import acuerdos, alertas, contexto, propuestas, tablero
from informes.sesion.laminas.acuerdos import por_revisar, recortar
from informes.sesion.pedido import Pedido

COLUMNAS = [
    "delito", "lugar", "nombre", "mes", "hace_un_anio", "provisional", "conteo", "conteo_previo", "cambio", "cambio_pct",
    "etiqueta", "motivo", "racha",
]  # fmt: skip
LARGOS = ("20124", "30075")
SIN_CRUZAR = {"mes": date(2024, 8, 1), "fecha": date(2024, 11, 24)}
PROHIBIDAS = (
    "nan",
    "None",
    "NaT",
    "gracias a",
    "debido a",
    "logró",
    "eficaz",
    "fracas",
    "delincuencia",
    "causó",
    "provoc",
)


@pytest.fixture(autouse=True)
def sin_base(monkeypatch):
    """La línea de fuente sale de lo publicado, que aquí no hay."""
    for modulo in (tablero, alertas, contexto, propuestas):
        monkeypatch.setattr(modulo, "fuente", lambda i, *_: "Fuente: de prueba.")


def insumos(municipios=("01001",), expedientes=(), *, publico=False, **mas):
    """Lo que leen las láminas, sin registro ni base."""
    mesa = Mesa(clave="x", nombre="Mesa de prueba", municipios=list(municipios), entidades=["01"])
    return SimpleNamespace(
        pedido=Pedido("x", publico=publico, **SIN_CRUZAR), mesa=mesa, municipios=list(municipios), entidades=["01"],
        lugar="Lugar de prueba", expedientes=list(expedientes), registro=SimpleNamespace(practica=False), previa=None,
        sesion=None, **mas,
    )  # fmt: skip


def calculos(delitos, municipios=("01001",), *, conteo=0.0, previo=0.0, mes=0.0, etiqueta="sin cambio distinguible"):
    """Indicadores iguales para todos los delitos."""
    detalle = pd.DataFrame(
        [
            {
                "delito": d, "lugar": m, "nombre": f"Municipio {m}, Estado", "mes": mes, "hace_un_anio": mes,
                "provisional": False, "conteo": conteo, "conteo_previo": previo, "cambio": conteo - previo,
                "cambio_pct": np.nan, "etiqueta": etiqueta,
                "motivo": "", "racha": 0,
            }
            for d in delitos
            for m in municipios
        ],
        columns=COLUMNAS,
    )  # fmt: skip
    vacia = pd.DataFrame(
        columns=["clave", "delito", "conteo", "bajo", "alto", "sorpresa", "alerta", "nombre", "provisional"]
    )
    mesa = indicadores.de_la_mesa(detalle) if len(detalle) else detalle
    return Calculos(list(delitos), detalle, mesa, vacia, 0, 0.0, 0.0, (), {})


def textos(laminas):
    """Todo lo que dicen."""
    partes = []
    for x in laminas:
        partes += [x.titulo, *x.cuerpo, *x.notas, x.fuente]
        if x.figura is not None:
            partes += [x.figura.alternativo, *(c for fila in x.figura.celdas() for c in fila)]
    return " ".join(partes)


TODOS = [c for c in claves() if c != "total"]


@pytest.mark.parametrize("cuantos", [1, 13, 14, len(TODOS)])
def test_el_tablero_no_pierde_delitos_por_muchos_que_sean(cuantos):
    assert len(TODOS) >= 25
    hechas = tablero.tablero(insumos(), calculos(TODOS[:cuantos], conteo=30, previo=40, mes=2))
    tablas = [x.figura for x in hechas if x.figura is not None and not isinstance(x.figura, Barras)]
    barras = [x.figura for x in hechas if isinstance(x.figura, Barras)]
    for figuras in (tablas, barras):
        nombres = [f[0] for figura in figuras for f in figura.celdas()]
        assert sorted(nombres) == sorted(claves()[d].nombre for d in TODOS[:cuantos])
        assert max(len(figura.datos) for figura in figuras) <= 13


def test_todo_en_cero_se_dice_sin_porcentajes():
    hechas = tablero.tablero(insumos(), calculos(TODOS[:9]))
    texto = textos(hechas)
    assert "en ningún delito hubo menos carpetas que antes, en ninguno más, en 9 las mismas" in texto
    assert "\N{NO-BREAK SPACE}%" not in texto


def test_un_municipio_sin_dato_deja_la_suma_sin_dato_y_no_en_cero():
    c = calculos(["homicidio_doloso"], LARGOS, conteo=30, previo=40, mes=2)
    c.detalle.loc[0, ["mes", "conteo"]] = np.nan
    suma = indicadores.de_la_mesa(c.detalle).iloc[0]
    assert np.isnan(suma["mes"])
    assert np.isnan(suma["conteo"])
    assert suma["conteo_previo"] == 80


def test_las_etiquetas_de_varios_municipios_dicen_cual_se_distingue():
    suyos = pd.DataFrame(
        {
            "etiqueta": ["a la baja", "sin cambio distinguible", "sin cambio distinguible"],
            "nombre": ["León, Gto.", "B, C", "D, E"],
        }
    )
    assert indicadores.etiquetas_en_palabras(suyos) == "a la baja: León; sin cambio distinguible en 2"
    assert indicadores.etiquetas_en_palabras(suyos.tail(2)) == "sin cambio distinguible"


def test_sin_municipios_hay_motivo_y_no_tabla():
    (unica,) = tablero.tablero(insumos(()), calculos([]))
    assert unica.titulo == "No hay cifras municipales que mostrar: Mesa de prueba no tiene municipios registrados"
    assert unica.figura is None
    assert alertas.alertas(insumos(()), calculos([])) == []


def test_sin_trece_meses_no_se_dice_que_nada_salio_de_lo_esperado():
    (unica,) = alertas.alertas(insumos(), calculos(["extorsion"]))
    assert "no hay con qué comparar" in unica.titulo
    assert "ninguna de las" not in unica.titulo


@pytest.mark.parametrize(
    ("reciente", "previo", "motivo", "dicho"),
    [
        (np.nan, 5, "faltan 3 de 24 meses", "n. d. (faltan 3 de 24 meses)"), (9, 4, "", "9; antes 4"), (0, 0, "", "0; antes 0"),
        (30, 40, "", "30; 10 menos (−25.0\N{NO-BREAK SPACE}%)"), (30, np.nan, "x", "30; sin con qué comparar (x)"),
    ],
)  # fmt: skip
def test_una_celda_de_contexto_da_conteos_antes_que_porcentajes(reciente, previo, motivo, dicho):
    assert indicadores.en_palabras(reciente, previo, motivo) == dicho


def acuerdo(folio="01/I/2024", *, cumplimiento=1, plazo=date(2024, 10, 1), meta=None, **mas):
    """Un acuerdo con su seguimiento."""
    valores = {
        "id": folio, "mesa": "x", "folio": folio, "texto": "=Acuerdo <b>largo</b> " * 30, "fecha": date(2024, 1, 1),
        "delitos": [], "municipios": ["01001"], "canasta": "", "signo_esperado": "baja", "autoridad_responsable": "Policía",
        "corresponsable_ciudadano": "", "sin_responsable_porque": "se busca", "meta_pct": meta,
        "sin_meta_porque": "es de proceso", "plazo": plazo, "plazo_original": date(2024, 8, 1), "sin_plazo_porque": "",
        "publico": True, "sesion": None, **mas,
    }  # fmt: skip
    e = Expediente(Acuerdo(**valores), Mesa(clave="x", nombre="X", municipios=["01001"]))
    e.seguimientos.append(Seguimiento(fecha=date(2024, 9, 1), cumplimiento=cumplimiento, importado=False))
    return e


def test_los_acuerdos_van_por_plazo_con_lo_original_y_sin_su_efecto():
    suyos = [
        acuerdo("03/I/2024", plazo=None, sin_plazo_porque="permanente"), acuerdo("02/I/2024", plazo=date(2025, 1, 1)),
        acuerdo("01/I/2024"), acuerdo("04/I/2024", cumplimiento=5),
    ]  # fmt: skip
    i = insumos(expedientes=suyos)
    assert [e.acuerdo.folio for e in por_revisar(i)] == ["01/I/2024", "02/I/2024", "03/I/2024", "04/I/2024"]
    (unica,) = acuerdos.acuerdos(i)
    assert "1 vencido sin completar" in unica.titulo
    celdas = unica.figura.celdas()
    assert celdas[0][3] == "1 oct 2024 (venció hace 54 días); antes 1 ago 2024"
    assert celdas[2][3] == "sin plazo: permanente"
    assert celdas[0][2] == "Autoridad: Policía. Ciudadanía: nadie todavía: se busca."
    assert len(celdas[0][1]) <= 151
    assert unica.figura.datos["completo"].iloc[0] == suyos[0].acuerdo.texto
    assert "carpetas" not in textos([unica]).replace("qué pasó con las carpetas", "")


def test_muchos_acuerdos_se_reparten_en_laminas():
    hechas = acuerdos.acuerdos(insumos(expedientes=[acuerdo(f"{n:02d}/I/2024") for n in range(1, 31)]))
    assert len(hechas) == 8
    assert hechas[-1].titulo.endswith("(8 de 8)")
    assert sum(len(x.figura.datos) for x in hechas) == 30


def test_sin_acuerdos_se_dice_para_quien():
    assert acuerdos.acuerdos(insumos())[0].cuerpo == ("No hay ninguno registrado.",)
    assert acuerdos.acuerdos(insumos(publico=True))[0].cuerpo == ("No hay ninguno público registrado.",)


def test_las_propuestas_salen_de_hechos_y_ninguna_dice_por_que():
    suyos = [acuerdo(), acuerdo("02/I/2024", cumplimiento=4, plazo=date(2025, 1, 1), meta=-10.0)]
    i = insumos(expedientes=suyos)
    c = calculos([])
    c = Calculos(
        **{**vars(c), "avances": {e.acuerdo.id: SimpleNamespace(observado=None, motivo="Sin meses.") for e in suyos}}
    )
    hechas = propuestas.propuestas(i, c)
    asuntos = [f[0] for x in hechas for f in x.figura.celdas()]
    assert asuntos == [
        "Plazo vencido: 01/I/2024", "Avance sin evidencia: 02/I/2024", "Sin meta medible: 01/I/2024",
        "Meta por cumplirse: 02/I/2024",
    ]  # fmt: skip
    texto = textos(hechas)
    for palabra in PROHIBIDAS:
        assert palabra not in texto
    assert all(f[2].startswith("¿") for x in hechas for f in x.figura.celdas())


def test_sin_nada_que_discutir_no_se_inventa():
    (unica,) = propuestas.propuestas(insumos(), calculos([]))
    assert unica.titulo == "Ni el registro ni las cifras dejan un asunto pendiente que proponer"


def test_un_texto_se_recorta_en_palabra_entera():
    assert recortar("uno dos\n tres", 100) == "uno dos tres"
    assert recortar("uno dos tres", 9) == "uno dos…"
