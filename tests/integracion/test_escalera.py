"""La escalera contra una fuente que falla de todas las maneras vistas: o versión nueva, o la vieja intacta y la causa dicha."""

import gzip
import io
import json
import shutil
import zipfile

import pytest

from datos.almacen import Almacen, publicacion_vigente
from tests import servidor_de_fuente as sf
from tests.certificados import FALTA_OPENSSL, HAY_OPENSSL, certificado
from tests.integracion.fuente_de_prueba import NUEVO, PRODUCTOS, RNID_MUNICIPAL, VIEJO, cifra, correr, en_zip

# --- Fallas: cada una prepara la fuente. ``todas`` la pone en los cuatro archivos.


def _todas(fuente, archivos, hacer):
    for token, (nombre, contenido) in archivos.items():
        fuente.guion(sf.descarga(token), *hacer(token, nombre, contenido))


def _en_la_pagina(*respuestas):
    def preparar(fuente, archivos):
        fuente.guion("/pagina", *respuestas)

    return preparar


def _en_todas(hacer):
    def preparar(fuente, archivos):
        _todas(fuente, archivos, hacer)

    return preparar


def _bien(token, nombre, contenido):
    return sf.archivo(contenido, f'"{token}"', nombre)


def _redirecciones(fuente, archivos):
    fuente.guion("/pagina", sf.redirige("/a"))
    fuente.guion("/a", sf.redirige("/b"))
    fuente.guion("/b", sf.redirige("/a"))


def _otro(token, nombre, transformar):
    """Cambia el contenido de un solo archivo."""

    def preparar(fuente, archivos):
        fuente.guion(
            sf.descarga(token), sf.archivo(transformar(archivos[token][1]), None, nombre or archivos[token][0])
        )

    return preparar


def _descomprimir(contenido):
    with zipfile.ZipFile(io.BytesIO(contenido)) as comprimido:
        return comprimido.read(comprimido.namelist()[0])


def _deflate64(contenido):
    """Marca un zip como Deflate64: un bloque sin comprimir es válido en los dos métodos."""
    crudo = bytearray(en_zip("Incidencia.csv", _descomprimir(contenido), compresslevel=0))
    for marca, lugar in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        posicion = crudo.index(marca) + lugar
        crudo[posicion : posicion + 2] = b"\x09\x00"
    return bytes(crudo)


def _bomba(contenido):
    salida = io.BytesIO()
    with (
        zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as comprimido,
        comprimido.open("municipal.csv", "w", force_zip64=True) as miembro,
    ):
        miembro.write(_descomprimir(contenido)[:4096])
        for _ in range(40):
            miembro.write(b"0," * (1 << 19))
    return salida.getvalue()


def _encabezado_de_otra_forma(contenido):
    return contenido.replace("Año,Clave_Ent".encode("cp1252"), "AÑO,Clave.Ent".encode("cp1252"))


def _columna_renombrada(contenido):
    return contenido.replace(b"Modalidad", b"Medio", 1)


def _categoria_nueva(contenido):
    return contenido.replace(b"Feminicidio,Feminicidio", b"Feminicidio,Nuevo subtipo")


def _otra_metodologia(contenido):
    return contenido.replace(b"\n2015,", b"\n2014,")


def _comprimido_por_la_red(token, nombre, contenido):
    return [sf.cuerpo(gzip.compress(contenido), 200, {"Content-Encoding": "gzip"})]


def _intercambiadas(fuente, archivos):
    estatal, municipal = archivos["rnid_estatal"], archivos["rnid_municipal"]
    sf.publicar(fuente, archivos | {"rnid_estatal": municipal, "rnid_municipal": estatal})


def _por_los_espejos(fuente, archivos):
    fuente.guion("/pagina", sf.html(sf.DESAFIO))
    for nivel in ("estatal", "municipal"):
        fuente.guion(f"/espejo/{nivel}.csv", sf.archivo(archivos[f"cnsp_{nivel}"][1], '"e"'))


TRANSITORIA_Y_BIEN = {
    "500 y luego bien": lambda t, n, c: [sf.codigo(500), _bien(t, n, c)],
    "503 con Retry-After y luego bien": lambda t, n, c: [sf.codigo(503, {"Retry-After": "0"}), _bien(t, n, c)],
    "429 con Retry-After y luego bien": lambda t, n, c: [sf.codigo(429, {"Retry-After": "1"}), _bien(t, n, c)],
    "corte y reanuda con rango": lambda t, n, c: [sf.cortado(c, len(c) // 2, f'"{t}"'), _bien(t, n, c)],
    "corte y empieza de nuevo": lambda t, n, c: [sf.cortado(c, len(c) // 2), sf.archivo(c, None, n, rangos=False)],
    "gzip truncado y luego bien": lambda t, n, c: [sf.gzip_cortado(c), _bien(t, n, c)],
    "sin longitud, cortado y luego bien": lambda t, n, c: [sf.sin_longitud(c[: len(c) // 2]), _bien(t, n, c)],
    "silencio y luego bien": lambda t, n, c: [sf.mudo(0.5), _bien(t, n, c)],
}
SIN_REMEDIO = {
    "acceso con 200": ("página de acceso", lambda t, n, c: [sf.html(sf.ACCESO)]),
    "desafío con 200 en los archivos": ("página de verificación", lambda t, n, c: [sf.html(sf.DESAFIO)]),
    "enlace vencido": ("el enlace venció", lambda t, n, c: [sf.html(sf.VENCIDO)]),
    "403": ("respondió 403", lambda t, n, c: [sf.codigo(403)]),
    "404": ("respondió 404", lambda t, n, c: [sf.codigo(404)]),
    "429 que pide una hora": ("pide esperar 3,600 s", lambda t, n, c: [sf.codigo(429, {"Retry-After": "3600"})]),
    "500 siempre": ("respondió 500", lambda t, n, c: [sf.codigo(500)]),
    "corte siempre": ("la descarga se cortó", lambda t, n, c: [sf.cortado(c, len(c) // 3)]),
    "anuncia de más": ("la descarga se cortó", lambda t, n, c: [sf.cortado(c, len(c), anunciados=len(c) + 999)]),
    "anuncia de menos": ("zip truncado", lambda t, n, c: [sf.longitud_corta(c, len(c) * 2 // 3)]),
    "goteo": ("tan lento", lambda t, n, c: [sf.goteo(c)]),
    "gzip truncado siempre": ("el gzip que mandó no termina", lambda t, n, c: [sf.gzip_cortado(c)]),
    "silencio siempre": ("no mandó nada", lambda t, n, c: [sf.mudo(0.5)]),
    "vacío": ("un archivo vacío", lambda t, n, c: [sf.cuerpo(b"")]),
    "JSON de error": ("llegó JSON", lambda t, n, c: [sf.cuerpo(b'{"error": "accessDenied"}')]),
    "PDF": ("un documento", lambda t, n, c: [sf.cuerpo(b"%PDF-1.7 ...")]),
}
EN_LA_PAGINA = {
    "desafío con 200": ("página de verificación", _en_la_pagina(sf.html(sf.DESAFIO))),
    "acceso con 200 en la página": ("página de acceso", _en_la_pagina(sf.html(sf.ACCESO))),
    "403 en la página": ("respondió 403", _en_la_pagina(sf.codigo(403))),
    "403 con desafío": (
        "respondió 403 (acceso denegado a programas) con una página de verificación",
        _en_la_pagina(sf.html(sf.DESAFIO, 403)),
    ),
    "500 en la página": ("respondió 500", _en_la_pagina(sf.codigo(500))),
    "solo señuelos": ("ninguna de sus 4 ligas", _en_la_pagina(sf.html(sf.pagina({})))),
    "redirecciones en círculo": ("en círculo", _redirecciones),
}


@pytest.mark.parametrize("falla", TRANSITORIA_Y_BIEN)
def test_lo_pasajero_se_repite_y_se_publica(almacen, fuente, archivos, capsys, falla, record_property):
    record_property("falla", falla)
    _todas(fuente, archivos, TRANSITORIA_Y_BIEN[falla])
    codigo, respuesta = correr(almacen, capsys, "--completo")
    assert codigo == 0, respuesta
    assert cifra(almacen) == NUEVO
    repetidas = fuente.pedidas(sf.descarga(RNID_MUNICIPAL))
    assert len(repetidas) == 2
    assert ("Range" in repetidas[1]) == (falla == "corte y reanuda con rango")


@pytest.mark.parametrize("falla", [*SIN_REMEDIO, *EN_LA_PAGINA])
def test_lo_que_no_tiene_remedio_no_toca_nada_y_dice_su_causa(
    almacen, fuente, archivos, capsys, monkeypatch, falla, record_property
):
    record_property("falla", falla)
    if falla == "goteo":
        monkeypatch.setenv("TABLERO_FUENTE_SEGUNDOS_POR_ARCHIVO", "0.4")
    antes = almacen.puntero.read_bytes()
    if falla in EN_LA_PAGINA:
        causa, preparar = EN_LA_PAGINA[falla]
    else:
        causa, hacer = SIN_REMEDIO[falla]
        preparar = _en_todas(hacer)
    preparar(fuente, archivos)
    codigo, respuesta = correr(almacen, capsys)
    assert codigo == 4
    assert causa in respuesta["error"]
    assert almacen.puntero.read_bytes() == antes
    assert cifra(almacen) == VIEJO
    # Lo que una persona necesita para seguir: la página, las etiquetas con su mes y dónde entregar.
    assert f"{fuente.direccion}/pagina" in respuesta["error"]
    assert "«Enero - marzo 2026 (Fuero común - Delitos). Incidencia delictiva municipal»" in respuesta["error"]
    assert "«2015 - 2025 (Fuero Común - Delitos). Incidencia delictiva estatal»" in respuesta["error"]
    assert "python tareas.py cargar CARPETA" in respuesta["error"]
    assert "/actualizar" in respuesta["error"]
    assert str(almacen.entrada) in respuesta["error"]


@pytest.mark.parametrize(
    ("falla", "preparar"),
    [
        ("orden cambiado", _en_la_pagina(sf.html(sf.pagina(al_reves=True)))),
        ("etiquetas intercambiadas", _intercambiadas),
        ("desafío solo a cabeceras llanas", _en_la_pagina(sf.html(sf.DESAFIO), sf.html(sf.pagina()))),
        ("la descarga directa pide acceso", None),
        ("miembros con acentos", _otro(RNID_MUNICIPAL, None, lambda c: en_zip("Año 2026/ñandú·é.csv", _descomprimir(c)))),
        ("rutas que escapan", _otro(RNID_MUNICIPAL, None, lambda c: en_zip("../../../fuera/escapado.csv", _descomprimir(c)))),
        ("nombre que escapa", _otro(RNID_MUNICIPAL, "../../fuera.zip", lambda c: c)),
        ("encabezado con otra escritura", _otro("cnsp_estatal", None, _encabezado_de_otra_forma)),
        ("comprimido por la red", _en_todas(_comprimido_por_la_red)),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_lo_raro_pero_bueno_se_publica(almacen, fuente, archivos, capsys, falla, preparar, record_property):
    record_property("falla", falla)
    if preparar is None:
        for token, (nombre, contenido) in archivos.items():
            fuente.guion(sf.descarga(token), sf.html(sf.ACCESO))
            fuente.guion(sf.compartida(token), sf.archivo(contenido, None, nombre))
    else:
        preparar(fuente, archivos)
    codigo, respuesta = correr(almacen, capsys, "--completo")
    assert codigo == 0, respuesta
    assert cifra(almacen) == NUEVO
    assert not list(almacen.raiz.parent.glob("**/escapado.csv"))
    assert not (almacen.raiz / "fuera.zip").exists()


@pytest.mark.skipif(not (shutil.which("unzip") or shutil.which("7z")), reason="no hay con qué abrir Deflate64")
def test_deflate64_se_publica(almacen, fuente, archivos, capsys, record_property):
    record_property("falla", "Deflate64")
    _otro(RNID_MUNICIPAL, None, _deflate64)(fuente, archivos)
    codigo, respuesta = correr(almacen, capsys, "--completo")
    assert codigo == 0, respuesta
    assert cifra(almacen) == NUEVO


@pytest.mark.parametrize(
    ("falla", "preparar", "causa"),
    [
        ("columnas renombradas", _otro("cnsp_estatal", None, _columna_renombrada), "encabezados oficiales"),
        ("categoría nueva", _otro("cnsp_estatal", None, _categoria_nueva), "una categoría del catálogo"),
        ("otra metodología", _otro("cnsp_estatal", None, _otra_metodologia), "una sola metodología"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_si_la_fuente_cambio_se_detiene_con_un_informe(
    almacen, fuente, archivos, capsys, falla, preparar, causa, record_property
):
    record_property("falla", falla)
    antes = almacen.puntero.read_bytes()
    preparar(fuente, archivos)
    codigo, respuesta = correr(almacen, capsys)
    assert codigo == 3
    assert causa in respuesta["error"]
    assert almacen.puntero.read_bytes() == antes
    with open(respuesta["informe"], encoding="utf-8") as informe:
        texto = informe.read()
    assert causa in texto
    assert "Estatal-2015-2025.csv" in texto
    assert "SHA-256 `" in texto
    assert "Modalidad" in texto or "Medio" in texto


def test_una_categoria_nueva_se_puede_cargar_sin_equivalencia(almacen, fuente, archivos, capsys):
    _otro("cnsp_estatal", None, _categoria_nueva)(fuente, archivos)
    assert (
        correr(almacen, capsys, "--como-sin-equivalencia")[0] == 3
    )  # faltan las categorías de antes: eso sí es un hueco
    nueva = b'2015,1,Aguascalientes,"Otros","Nuevo tipo","Nuevo subtipo","Nueva"' + b",2" * 12 + b"\r\n"
    _otro("cnsp_estatal", None, lambda c: c + nueva)(fuente, archivos)
    assert correr(almacen, capsys)[0] == 3
    codigo, respuesta = correr(almacen, capsys, "--como-sin-equivalencia")
    assert codigo == 0, respuesta
    assert cifra(almacen) == NUEVO


def test_una_bomba_se_rechaza_por_su_tamano(almacen, fuente, archivos, capsys, record_property):
    record_property("falla", "zip que es bomba")
    _otro(RNID_MUNICIPAL, None, _bomba)(fuente, archivos)
    codigo, respuesta = correr(almacen, capsys)
    assert codigo == 3
    assert "tamaño razonable" in respuesta["error"]
    assert cifra(almacen) == VIEJO


@pytest.mark.skipif(not HAY_OPENSSL, reason=FALTA_OPENSSL)
def test_un_certificado_que_no_es_de_confianza(almacen, monkeypatch, tmp_path, capsys, record_property):
    record_property("falla", "certificado que no es de confianza")
    llave, cadena = certificado(tmp_path, "otro.invalid")
    pem = tmp_path / "malo.pem"
    pem.write_bytes(llave.read_bytes() + cadena.read_bytes())
    with sf.servir(certificado=pem) as servida:
        for variable, valor in servida.entorno().items():
            monkeypatch.setenv(variable, valor)
        codigo, respuesta = correr(almacen, capsys)
    assert codigo == 4
    assert "certificado de seguridad" in respuesta["error"]
    assert cifra(almacen) == VIEJO


def test_sin_red(almacen, monkeypatch, capsys, record_property):
    record_property("falla", "sin red")
    with sf.servir() as apagada:
        entorno = apagada.entorno()
    for variable, valor in entorno.items():
        monkeypatch.setenv(variable, valor)
    codigo, respuesta = correr(almacen, capsys)
    assert codigo == 4
    assert "rechazó la conexión" in respuesta["error"]
    assert cifra(almacen) == VIEJO


def test_el_espejo_da_2015_2025_y_el_resto_se_pide_a_mano(almacen, fuente, archivos, capsys):
    _por_los_espejos(fuente, archivos)
    codigo, respuesta = correr(almacen, capsys)
    assert codigo == 0, respuesta
    assert cifra(almacen) == [(*p, 2, 2) if p[0] != "RNID" else (*p, 1, 1) for p in PRODUCTOS]
    assert fuente.pedidas("/espejo/municipal.csv")[0]["Accept-Encoding"] == "identity"


def test_con_completo_lo_parcial_espera_y_lo_dice(tmp_path, fuente, archivos, capsys):
    _por_los_espejos(fuente, archivos)
    vacio = Almacen(tmp_path / "vacio")
    codigo, respuesta = correr(vacio, capsys, "--completo")
    assert codigo == 4
    assert respuesta["parcial"] == ["falta carpetas, estatal, 2026", "falta carpetas, municipal, 2026"]
    assert publicacion_vigente(vacio) is None


def test_con_completo_los_dos_archivos_de_2026_llegan_al_mismo_mes(almacen, fuente, archivos, textos, capsys):
    atrasado = en_zip("municipal.csv", textos["viejo"]["rnid_municipal"].encode("cp1252"))
    sf.publicar(fuente, archivos | {"rnid_municipal": ("RNID_municipal.zip", atrasado)})
    codigo, respuesta = correr(almacen, capsys, "--completo")
    assert codigo == 4
    assert "el estatal llega a marzo de 2026 y el municipal llega a febrero de 2026" in respuesta["error"]
    assert cifra(almacen) == VIEJO


def test_la_carpeta_de_entrada_es_el_ultimo_peldano(almacen, fuente, archivos, capsys, monkeypatch, tmp_path):
    fuente.guion("/pagina", sf.html(sf.DESAFIO))
    entrada = tmp_path / "a_mano"
    entrada.mkdir()
    monkeypatch.setenv("TABLERO_ENTRADA", str(entrada))
    for nombre, contenido in archivos.values():
        (entrada / nombre).write_bytes(contenido)
    (entrada / "otra.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (entrada / "notas.txt").write_text("no es de aquí", encoding="utf-8")
    codigo, respuesta = correr(almacen, capsys, "--completo")
    assert codigo == 0, respuesta
    assert cifra(almacen) == NUEVO
    assert sorted(p.name for p in entrada.iterdir())[0] == "Estatal-2015-2025.csv"


def test_lo_que_no_cambio_no_se_vuelve_a_bajar_ni_a_publicar(almacen, fuente, capsys):
    assert correr(almacen, capsys, "--completo")[0] == 0
    antes = almacen.puntero.read_bytes()
    fuente.peticiones.clear()
    codigo, respuesta = correr(almacen, capsys, "--completo")
    assert (codigo, respuesta["sin_novedad"]) == (0, True)
    assert almacen.puntero.read_bytes() == antes
    assert all("If-None-Match" in cabeceras for cabeceras in fuente.pedidas("download.aspx"))
    codigo, respuesta = correr(almacen, capsys, "--forzar")
    assert codigo == 0
    assert not respuesta.get("sin_novedad")
    assert cifra(almacen) == NUEVO


def test_cada_archivo_queda_conservado_con_su_ficha_completa(almacen, fuente, archivos, capsys):
    assert correr(almacen, capsys)[0] == 0
    fichas = [json.loads(f.read_text(encoding="utf-8")) for f in almacen.crudo.glob("*.json")]
    por_nombre = {f["archivo"]: f for f in fichas}
    assert len(fichas) == 8  # los cuatro de antes siguen
    for nombre, contenido in archivos.values():
        ficha = por_nombre[nombre]
        assert (almacen.crudo / ficha["sha256"]).read_bytes() == contenido
        assert ficha["bytes"] == len(contenido)
        assert ficha["pagina"] == f"{fuente.direccion}/pagina"
        assert "Incidencia delictiva" in ficha["etiqueta"]
        assert ficha["enlace"].startswith(fuente.direccion)
        assert ficha["escalon"] == "cabeceras llanas"
        for campo in ("recibido_en", "licencia", "fuente", "producto", "corte", "edicion"):
            assert ficha[campo], campo
    assert por_nombre["RNID_estatal.zip"]["corte"] == "2026-03-01"
    assert not [p for p in almacen.descargas.rglob("*") if p.is_file() and p.name != "memoria.json"]
