"""El paquete de una Mesa de la demostración: lo que dicen PPTX, PDF, XLSX y HTML es lo mismo, y es lo que da la base."""

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pypdfium2
import pytest
from pptx import Presentation
from python_calamine import CalamineWorkbook

from datos.almacen import Almacen, publicacion_vigente
from datos.registro import acuerdos as registro_de_acuerdos
from datos.registro import lectura, mesas
from datos.registro.actor import PUBLICO, SISTEMA, actor_local
from datos.registro.apertura import registro_vigente
from datos.registro.errores import NoEncontrado
from informes.__main__ import main
from informes.sesion.calculos import calcular
from informes.sesion.componer import componer
from informes.sesion.en_html import en_html
from informes.sesion.en_pdf import en_pdf
from informes.sesion.en_pptx import en_pptx
from informes.sesion.en_xlsx import en_xlsx
from informes.sesion.insumos import huella, reunir
from informes.sesion.lamina import Mapa, Serie, Tabla
from informes.sesion.lista import preparar
from informes.sesion.paquete import paquete
from informes.sesion.pedido import Pedido

RAIZ = Path(__file__).resolve().parent.parent.parent
MES, HOY = date(2026, 8, 1), date(2026, 11, 24)
ANA = actor_local("Ana Prueba")


@pytest.fixture(scope="module")
def practica(almacen_demostracion, tmp_path_factory):
    """La demostración con un registro de práctica sin estrenar, para todo el módulo."""
    raiz = tmp_path_factory.mktemp("sesion") / "almacen"
    raiz.mkdir()
    (raiz / "publicado").symlink_to(almacen_demostracion / "publicado")
    with pytest.MonkeyPatch.context() as m:
        m.setenv("TABLERO_ALMACEN", str(raiz))
        m.delenv("TABLERO_REGISTRO", raising=False)
        yield raiz


@pytest.fixture(scope="module")
def hecha(practica):
    """La sesión de la Mesa de dos municipios."""
    return componer(Pedido("demo-2", MES, HOY))


def sql(raiz, consulta, parametros=()):
    """Por fuera de ``datos``."""
    con = duckdb.connect(str(publicacion_vigente(Almacen(raiz)).ruta), read_only=True)
    try:
        return con.execute(consulta, list(parametros)).fetchall()
    finally:
        con.close()


def lamina(c, clave):
    """La lámina con esa clave."""
    return next(x for x in c.laminas if x.clave == clave)


def test_el_tablero_es_lo_que_da_la_base(practica, hecha):
    datos = lamina(hecha, "tablero-1").figura.datos
    assert len(datos) >= 9
    for f in datos.itertuples():
        ((mes, antes, doce, previos),) = sql(
            practica,
            "SELECT sum(conteo) FILTER (fecha = '2026-08-01'), sum(conteo) FILTER (fecha = '2025-08-01'), "
            "sum(conteo) FILTER (fecha BETWEEN '2025-09-01' AND '2026-08-01'), "
            "sum(conteo) FILTER (fecha BETWEEN '2024-09-01' AND '2025-08-01') "
            "FROM delitos_municipal WHERE cve_mun IN ('24028', '24035') AND delito = ?",
            [f.delito],
        )
        assert (f.mes, f.hace_un_anio, f.conteo, f.conteo_previo) == (mes, antes, doce, previos), f.delito
        assert f.cambio == doce - previos
        assert (f.cambio_pct != f.cambio_pct) == (previos < 20)


def test_las_etiquetas_son_las_publicadas(practica):
    c = componer(Pedido("demo-1", MES, HOY))
    publicadas = dict(
        sql(practica, "SELECT delito, etiqueta FROM tendencias WHERE nivel = 'municipal' AND clave = '01001'")
    )
    datos = lamina(c, "tablero-1").figura.datos
    assert {f.delito: f.etiqueta for f in datos.itertuples()} == {d: publicadas[d] for d in datos["delito"]}


def test_las_alertas_son_las_publicadas(practica):
    calculadas = calcular(reunir(Pedido("demo-1", MES, HOY))).alertas
    publicadas = sql(
        practica,
        "SELECT delito, conteo, bajo, alto, alerta FROM alertas WHERE nivel = 'municipal' AND clave = '01001' AND alerta <> '' "
        "AND delito <> 'total' AND NOT starts_with(delito, 'canasta:') AND fecha = '2026-08-01' ORDER BY delito",
    )
    propias = calculadas.sort_values("delito")[["delito", "conteo", "bajo", "alto", "alerta"]]
    assert [tuple(f) for f in propias.itertuples(index=False)] == publicadas


def test_el_contexto_es_el_del_estado_y_el_pais(practica, hecha):
    datos = lamina(hecha, "contexto-1").figura.datos
    fila = datos[datos["nombre"] == "Robo a negocio"].iloc[0]
    for columna, donde in (("24", "cve_ent = '24'"), ("00", "true")):
        ((doce, previos),) = sql(
            practica,
            "SELECT sum(conteo) FILTER (fecha > '2025-08-01'), sum(conteo) FILTER (fecha <= '2025-08-01') FROM delitos_estatal "
            f"WHERE delito = 'robo_negocio' AND {donde} AND fecha BETWEEN '2024-09-01' AND '2026-08-01'",
        )
        assert (fila[f"{columna}_12"], fila[f"{columna}_previos"]) == (doce, previos)


def test_los_cuatro_formatos_dicen_las_mismas_cifras(hecha):
    libro = CalamineWorkbook.from_filelike(io.BytesIO(en_xlsx(hecha)))
    html = en_html(hecha).decode()
    pdf = "\n".join(p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(en_pdf(hecha)))
    pdf = re.sub(r"\s+", " ", pdf)
    presentacion = Presentation(io.BytesIO(en_pptx(hecha)))
    celdas_pptx = [
        [c.text_frame.text for c in fila.cells]
        for d in presentacion.slides
        for f in d.shapes
        if f.has_table
        for fila in f.table.rows
    ]
    graficas = {f.name: f.chart for d in presentacion.slides for f in d.shapes if f.has_chart}
    vistas = 0
    for _, figura in hecha.figuras:
        filas = figura.celdas()
        if type(figura) is Tabla:
            for fila in filas:
                assert fila in celdas_pptx, fila
                for celda in fila:
                    # el PDF parte los renglones largos: se buscan las palabras
                    assert all(p in pdf for p in re.split(r"\s+", celda) if len(p) < 18), celda
        if isinstance(figura, Serie):
            clave = next(iter(figura.lineas))
            esperado = [None if v != v else float(v) for v in figura.datos[clave]]
            assert list(graficas[figura.nombre].plots[0].series[0].values) == esperado
        for celda in {c for fila in filas for c in fila if c}:
            assert f">{celda.replace('&', '&amp;')}<" in html, celda
            vistas += 1
    assert vistas > 400
    tablero = lamina(hecha, "tablero-1").figura
    renglones = libro.get_sheet_by_name("Tablero").to_python()
    assert renglones[0][:2] == ["Delito", "Ago 2026"]
    for leido, f in zip(renglones[1:], tablero.datos.itertuples(), strict=True):
        assert leido[:6] == [f.nombre, f.mes, f.hace_un_anio, f.conteo, f.conteo_previo, f.cambio]


def test_la_serie_de_un_delito_es_la_suma_de_sus_municipios(practica, hecha):
    serie = lamina(hecha, "delito-robo_vehiculo").figura
    de_la_base = dict(
        sql(practica, "SELECT fecha, sum(conteo) FROM delitos_municipal WHERE delito = 'robo_vehiculo' "
            "AND cve_mun IN ('24028', '24035') "
            "AND fecha <= '2026-08-01' GROUP BY fecha")
    )  # fmt: skip
    propia = {f.date(): v for f, v in zip(serie.datos["fecha"], serie.datos["conteo"], strict=True)}
    assert len(propia) == 72
    assert propia == {f: de_la_base[f] for f in propia}


def test_el_mapa_trae_a_la_mesa_y_a_los_demas_de_su_estado(practica, hecha):
    figura = lamina(hecha, "mapa").figura
    assert isinstance(figura, Mapa)
    assert figura.datos.loc[figura.datos["de_la_mesa"] == "sí", "lugar"].tolist() == ["24028", "24035"]
    assert len(figura.datos) == sql(practica, "SELECT count(*) FROM municipios WHERE cve_ent = '24'")[0][0]
    assert set(figura.fichas) == {"24028", "24035"}


def test_el_cumplimiento_y_el_efecto_van_aparte(hecha):
    de_acuerdos = [x for x in hecha.laminas if x.parte == "acuerdos"]
    de_efecto = [x for x in hecha.laminas if x.parte == "efecto"]
    assert de_acuerdos
    assert de_efecto
    for x in de_acuerdos:
        textos = " ".join(c for fila in x.figura.celdas() for c in fila)
        assert "carpetas" not in textos
        assert "evidencia)" not in textos
    for x in de_efecto:
        assert any("El cumplimiento del acuerdo es otra cosa" in t for t in x.cuerpo)
        if x.figura is not None and type(x.figura) is Tabla:
            assert not {"en_que_va", "nivel"} & {c.clave for c in x.figura.columnas}


def test_el_efecto_es_el_que_dice_la_evaluacion(practica, hecha):
    from datos.consultas.evaluables import acuerdos_evaluables
    from informes.eficacia.servicio import evaluar_acuerdo

    todos = acuerdos_evaluables()
    datos = lamina(hecha, "efecto-1").figura.datos.set_index("folio")
    for a in (a for a in todos if a.mesa_clave == "demo-2"):
        e = evaluar_acuerdo(a, todos, guardar=False).hecha.evaluacion
        if e.veredicto != "datos insuficientes":
            assert (datos.loc[a.folio, "observadas"], datos.loc[a.folio, "esperadas"]) == (e.obs_post, e.esperado_post)
    assert lectura.expedientes(registro_vigente(), SISTEMA, mesa_clave="demo-2")[0].evaluaciones == []


def test_la_version_publica_no_trae_lo_interno(practica, hecha):
    publica = componer(Pedido("demo-2", MES, HOY, publico=True))
    internos = [
        e.acuerdo
        for e in lectura.expedientes(registro_vigente(), SISTEMA, mesa_clave="demo-2")
        if not e.acuerdo.publico
    ]
    assert internos
    completo, recortado = paquete(hecha), paquete(publica)
    for a in internos:
        assert a.folio in _todo_el_texto(completo)
        assert a.folio not in _todo_el_texto(recortado)
        assert a.texto not in _todo_el_texto(recortado)
    assert "Versión pública" in _todo_el_texto(recortado)


def test_la_minuta_va_solo_para_quien_la_ve(practica):
    mes = date(2026, 7, 1)
    with zipfile.ZipFile(io.BytesIO(paquete(componer(Pedido("demo-2", mes, HOY))))) as z:
        assert [n for n in z.namelist() if n.endswith(".docx")] == ["minuta-56-2026-08-08.docx"]
    with zipfile.ZipFile(io.BytesIO(paquete(componer(Pedido("demo-2", mes, HOY, publico=True))))) as z:
        assert [n for n in z.namelist() if n.endswith(".docx")] == []


def _todo_el_texto(cuerpo):
    """Lo que se lee en todos los archivos de un paquete."""
    partes = []
    with zipfile.ZipFile(io.BytesIO(cuerpo)) as z:
        for n in z.namelist():
            if n.endswith((".txt", ".html")):
                partes.append(z.read(n).decode("utf-8"))
            elif n.endswith((".pptx", ".xlsx", ".docx")):
                with zipfile.ZipFile(io.BytesIO(z.read(n))) as dentro:
                    partes += [
                        dentro.read(m).decode("utf-8", "ignore") for m in dentro.namelist() if m.endswith(".xml")
                    ]
            elif n.endswith(".pdf"):
                partes += [p.get_textpage().get_text_bounded() for p in pypdfium2.PdfDocument(z.read(n))]
    return "\n".join(partes)


def test_una_mesa_que_no_existe_o_no_se_puede_ver_no_se_compone(practica):
    for clave in ("no-existe", "", "'; DROP TABLE mesa; --"):
        with pytest.raises(NoEncontrado):
            componer(Pedido(clave, MES, HOY, publico=True))


@pytest.fixture
def propia(practica, tmp_path, monkeypatch):
    """Un registro de práctica para escribir en él."""
    raiz = tmp_path / "almacen"
    raiz.mkdir()
    (raiz / "publicado").symlink_to(practica / "publicado")
    monkeypatch.setenv("TABLERO_ALMACEN", str(raiz))
    return raiz


def test_una_mesa_nueva_sin_municipios_ni_acuerdos_se_compone_con_sus_motivos(propia):
    registro = registro_vigente()
    mesas.crear(registro, ANA, clave="vacia", nombre="=Mesa <b>vacía</b>", municipios=[], fuente="Prueba")
    c = componer(Pedido("vacia", MES, HOY))
    partes = {x.parte for x in c.laminas}
    assert {"portada", "tablero", "acuerdos", "contexto", "propuestas", "método"} <= partes
    assert "no tiene municipios registrados" in lamina(c, "tablero").titulo
    assert lamina(c, "acuerdos").titulo.endswith("no tiene acuerdos anteriores que revisar")
    assert len(paquete(c)) > 10_000
    assert "<b>vacía" not in en_html(c).decode()


def test_cambiar_el_registro_cambia_la_huella_y_leerlo_no(propia):
    pedido = Pedido("demo-2", MES, HOY)
    antes = huella(reunir(pedido))
    componer(pedido)
    assert huella(reunir(pedido)) == antes
    registro = registro_vigente()
    e = lectura.expedientes(registro, ANA, mesa_clave="demo-2")[0]
    registro_de_acuerdos.editar(registro, ANA, e.acuerdo.id, e.acuerdo.version, {"nota": "Otra nota"})
    assert huella(reunir(pedido)) != antes
    assert huella(reunir(Pedido("demo-2", MES, date(2026, 11, 25)))) != antes


def test_la_lista_se_llena_sola(practica):
    puntos = {p.que.split(":")[0]: p for p in preparar(Pedido("demo-2", MES, HOY)).puntos}
    assert puntos["Minuta de la sesión anterior"].estado == "listo"
    assert puntos["Cifras de agosto de 2026"].estado == "ojo"  # publicadas y provisionales
    assert puntos["Plazos vencidos sin completar"].detalle == "02/XV/2022, 03/XXX/2024 y 01/LI/2026"
    assert puntos["Acuerdos sin seguimiento desde el 8 ago 2026"].estado == "falta"
    futuro = preparar(Pedido("demo-2", date(2026, 9, 1), HOY)).puntos[1]
    assert (futuro.estado, futuro.detalle) == ("falta", "Lo municipal llega a agosto de 2026.")


def orden(*argumentos, capsys):
    """Código y respuesta para máquinas de una orden."""
    codigo = main(["paquete", *argumentos, "--json"])
    return codigo, json.loads(capsys.readouterr().out)


def test_la_orden_hace_salta_lo_hecho_y_rehace_lo_danado(practica, tmp_path, capsys):
    argumentos = ["--mesa", "demo-6", "--mes", "2026-08", "--fecha", "2026-11-24", "--salida", str(tmp_path)]
    codigo, dicho = orden(*argumentos, capsys=capsys)
    (uno,) = dicho["paquetes"]
    assert (codigo, uno["ya_estaba"]) == (0, False)
    zip_ = Path(uno["archivo"])
    bytes_ = zip_.read_bytes()
    assert orden(*argumentos, capsys=capsys)[1]["paquetes"][0]["ya_estaba"] is True
    zip_.write_bytes(bytes_[:1000])  # como si se hubiera cortado
    assert orden(*argumentos, capsys=capsys)[1]["paquetes"][0]["ya_estaba"] is False
    assert zip_.read_bytes() == bytes_  # los mismos bytes, otra vez
    assert [p.name for p in zip_.parent.iterdir() if p.name.endswith(".parcial")] == []


@pytest.mark.parametrize(
    ("argumentos", "codigo", "dice"),
    [
        (["--mesa", "no-existe", "--mes", "2026-08"], 3, "No hay una Mesa"),
        (["--mesa", "demo-1", "--mes", "2027-01"], 3, "llega a agosto de 2026"),
        (["--mesa", "demo-1", "--mes", "agosto"], 2, "se esperaba un mes"),
        (["--mesa", "demo-1", "--mes", "2026-08", "--sesion", "999"], 3, "número 999"),
        (["--todas", "--sesion", "1", "--mes", "2026-08"], 2, "de una sola Mesa"),
    ],
)
def test_la_orden_dice_por_que_no(practica, tmp_path, capsys, argumentos, codigo, dice):
    hecho, dicho = orden(*argumentos, "--salida", str(tmp_path), capsys=capsys)
    assert hecho == codigo
    assert dice in json.dumps(dicho, ensure_ascii=False)
    assert list(tmp_path.rglob("*.zip")) == []


def test_sin_nada_publicado_se_rechaza(tmp_path):
    hecho = subprocess.run(
        [sys.executable, "-m", "informes", "paquete", "--mesa", "x", "--almacen", str(tmp_path)], cwd=RAIZ, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert hecho.returncode == 3
    assert "Todavía no hay datos publicados" in hecho.stderr
    assert "Traceback" not in hecho.stderr


def test_todas_en_dos_procesos_dan_los_mismos_bytes_que_una_a_una(practica, tmp_path, capsys):
    comunes = ["--mes", "2026-05", "--fecha", "2026-11-24", "--publico"]
    assert main(["paquete", "--todas", *comunes, "--salida", str(tmp_path / "dos"), "--json"]) == 0
    dicho = json.loads(capsys.readouterr().out)["paquetes"]
    activas = {m.clave for m in lectura.mesas(registro_vigente(), PUBLICO)}
    assert {p["mesa"] for p in dicho} <= activas
    assert len(dicho) >= 5
    assert main(["paquete", "--mesa", "demo-1", *comunes, "--salida", str(tmp_path / "una"), "--json"]) == 0
    ((una,), (otra,)) = (list((tmp_path / x / "demo-1").glob("*.zip")) for x in ("una", "dos"))
    assert una.read_bytes() == otra.read_bytes()
    shutil.rmtree(tmp_path / "dos")
