"""Direcciones hostiles en todas las páginas: ni excepción, ni reflejo como HTML, ni valor imposible que se quede en ellas."""

import shutil
from urllib.parse import parse_qs, quote

import pytest

from tests.corrutinas import correr
from tests.integracion.atacante import PAGINAS, Atacante
from tests.navegador.conftest import servir

# Los que alguna página lee además de los que ella misma escribe en la dirección.
TAMBIEN = (
    "mesa", "folio", "sesion", "momento", "acuerdo", "asunto", "lugar", "delito", "mes", "proyector", "embed", "publico",
    "lamina", "vista", "titular", "cifra", "corte", "municipio", "entidad", "nivel", "desde", "hasta",
)  # fmt: skip
# Texto libre: lo que se escribe se conserva, escapado y recortado.
LIBRES = {"titular", "dicho", "buscar", "texto", "cita"}
MARCA = "<inyectado"
CARGAS = {
    "sql": "' OR 1=1; DROP TABLE acuerdo;--",
    "union": "x') UNION SELECT * FROM persona --",
    "html": f"{MARCA}><script>alert(1)</script><img src=x onerror=alert(1)>",
    "atributo": f'" onmouseover="alert(1)" x="{MARCA}>',
    "marcado": f"[a](javascript:alert(1)) ![x](https://ajeno.example/x) $\\href{{javascript:1}}{{x}}$ {MARCA}>",
    "ruta": "../../../../etc/passwd",
    "largo": "A" * 10_000,
    "nulo": "a\0b",
    "controles": "a\r\nSet-Cookie: x=1\x1b[31m\u202e",
    "emoji": "👩🏽‍⚖️🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "negativo": "-1",
    "enorme": "9" * 400,
    "no es numero": "NaN",
    "lista": ",".join(["robo"] * 3_000),
    "objeto": '{"$ne": null}',
    "fecha": "9999-99-99",
    "vacio": "",
    "formato": "{0.__class__} %s %n ${7*7} {{7*7}}",
}


@pytest.fixture(scope="module")
def sitio(almacen_demostracion, tmp_path_factory):
    """La demostración, con un registro de práctica sin estrenar, en modo local: así se recorren también los formularios."""
    raiz = tmp_path_factory.mktemp("direcciones") / "almacen"
    shutil.copytree(almacen_demostracion, raiz, ignore=shutil.ignore_patterns("registro", "crudo"))
    with servir(raiz, TABLERO_HOY="2026-11-24", TABLERO_MODO_LOCAL="si") as direccion:
        yield direccion


@pytest.fixture(scope="module")
def propios(sitio):
    """Página → los parámetros que ella misma escribe en su dirección, y su titular sin parámetros."""

    async def preguntar():
        hallados = {}
        for pagina in PAGINAS:
            async with Atacante(sitio) as quien:
                await quien.visitar(pagina)
                hallados[pagina] = (sorted(parse_qs(quien.direccion_final)), _titular(quien))
        return hallados

    return correr(preguntar())


def _titular(quien):
    return next((m.split("</h1>")[0] for m in quien.marcas if m.startswith("<h1>")), None)


async def _atacar(direccion, propios, consulta_de):
    """Cada página con todos sus parámetros a la vez; devuelve lo que salió mal, página por página."""
    fallas = []
    for pagina, (suyos, _) in propios.items():
        consulta = consulta_de(sorted({*suyos, *TAMBIEN}))
        async with Atacante(direccion) as quien:
            await quien.visitar(pagina, consulta)
            if quien.excepciones:
                fallas.append((pagina, "excepción", quien.excepciones[0][:120]))
            if not quien.marcas or _titular(quien) is None:
                fallas.append((pagina, "sin titular", ""))
            for prohibido in (MARCA, "<script>alert", "onerror=alert(1)>", 'x="<'):
                if any(prohibido in m for m in quien.marcas):
                    fallas.append((pagina, "reflejo", prohibido))
    return fallas


def test_se_ataca_con_los_parametros_de_verdad(propios):
    todos = {p for suyos, _ in propios.values() for p in suyos}
    assert {"delito", "lugar", "mesa"} <= todos
    assert len(todos) > 15
    assert all(titular for _, titular in propios.values())


SOLAS = ("sql", "html", "nulo", "largo", "enorme")
JUNTAS = [c for c in CARGAS if c not in SOLAS]
VUELTAS = 4


@pytest.mark.parametrize("nombre", SOLAS)
def test_una_direccion_hostil_abre_la_misma_pagina(sitio, propios, nombre):
    carga = quote(CARGAS[nombre], safe="")
    assert correr(_atacar(sitio, propios, lambda ps: "&".join(f"{p}={carga}" for p in ps))) == []


@pytest.mark.parametrize("vuelta", range(VUELTAS))
def test_las_demas_cargas_revueltas_entre_los_parametros(sitio, propios, vuelta):
    """Cada parámetro con una carga distinta; en cada vuelta le toca otra."""

    def consulta(ps):
        toca = (JUNTAS[(n + vuelta * len(JUNTAS) // VUELTAS) % len(JUNTAS)] for n in range(len(ps)))
        return "&".join(f"{p}={quote(CARGAS[c], safe='')}" for p, c in zip(ps, toca, strict=True))

    assert correr(_atacar(sitio, propios, consulta)) == []


@pytest.mark.parametrize(
    ("nombre", "consulta"),
    [
        ("repetidas", lambda ps: "&".join(f"{p}=x&{p}=11020&{p}=%3Cinyectado%3E" for p in ps)),
        ("mal codificada", lambda ps: "&".join(f"{p}=%ff%fe%zz%ed%a0%80" for p in ps) + "&&&===&?&#&=x"),
        (
            "nombres hostiles",
            lambda ps: "&".join([*ps, "%3Cinyectado%3E=1&__proto__=1&%00=1", *(f"p{n}[]={n}" for n in range(2_000))]),
        ),
    ],
)
def test_una_consulta_mal_hecha_abre_la_misma_pagina(sitio, propios, nombre, consulta):
    assert correr(_atacar(sitio, propios, consulta)) == []


def test_lo_imposible_no_se_queda_en_la_direccion(sitio, propios):
    """La dirección vuelve a decir lo que se ve: copiarla no reparte la carga."""

    async def intentar():
        quedan = []
        for pagina, (suyos, _) in propios.items():
            async with Atacante(sitio) as quien:
                await quien.visitar(pagina, "&".join(f"{p}={quote(CARGAS['html'])}" for p in suyos if p not in LIBRES))
                final = parse_qs(quien.direccion_final)
                quedan += [(pagina, p) for p, v in final.items() if MARCA in "".join(v) and p in suyos]
        return quedan

    assert correr(intentar()) == []


def test_una_pagina_que_no_existe_no_dice_nada_de_mas(sitio):
    async def intentar():
        malas = []
        for pagina in (
            "nada",
            "../mesas",
            "administracion/../x",
            "<inyectado>",
            "a" * 5_000,
            "mesas\0",
            "paginas/mesas.py",
        ):
            async with Atacante(sitio) as quien:
                await quien.visitar(pagina)
                if quien.excepciones or any(MARCA in m for m in quien.marcas):
                    malas.append((pagina, quien.excepciones))
        return malas

    assert correr(intentar()) == []
