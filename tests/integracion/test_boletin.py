"""El boletín, cifra por cifra contra la base: las del PDF, leídas del PDF, y las del XLSX; y el lote que no rehace lo hecho."""

import io
import json
import re
from datetime import date

import pandas as pd
import pypdfium2
import pytest

from datos.almacen import Almacen
from datos.catalogos import canastas
from informes import boletin
from informes.__main__ import main
from informes.boletin.pdf import a_pdf
from informes.boletin.texto import a_texto
from tests.integracion.base import consulta

DELITOS = list(canastas().query("canasta == 'mesas'")["delito"])
CASOS = [("00", "2026-03"), ("11", "2026-03"), ("00", "2024-11"), ("11", "2024-11"), ("11020", "2025-06")]


@pytest.fixture
def almacen(almacen_espejo, monkeypatch, tmp_path):
    """Los archivos oficiales con su propio registro."""
    (tmp_path / "oficial").mkdir()
    (tmp_path / "oficial" / "publicado").symlink_to(almacen_espejo / "publicado")
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path / "oficial"))
    return Almacen(tmp_path / "oficial")


@pytest.fixture
def demostracion(almacen_demostracion, monkeypatch, tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "publicado").symlink_to(almacen_demostracion / "publicado")
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path / "demo"))
    return Almacen(tmp_path / "demo")


def por_mes(almacen, lugares):
    """{(delito, mes): carpetas}, solo los meses que publican todos los lugares; consultado por fuera."""
    if lugares == ("00",):
        vista, donde, cuantos = "delitos_estatal", "true", 32
    else:
        columna = "cve_ent" if len(lugares[0]) == 2 else "cve_mun"
        vista = "delitos_estatal" if columna == "cve_ent" else "delitos_municipal"
        donde, cuantos = f"{columna} IN ({', '.join(map(repr, lugares))})", len(lugares)
    filas = consulta(
        almacen,
        f"SELECT delito, fecha, sum(conteo) FROM {vista} WHERE {donde} GROUP BY ALL HAVING count(*) = {cuantos}",
    )
    return {(d, pd.Timestamp(f)): int(n) for d, f, n in filas if d in DELITOS}


def suma(cifras, delito, desde, hasta):
    """La suma del tramo; ``None`` si falta algún mes."""
    hallados = [cifras.get((delito, m)) for m in pd.date_range(desde, hasta, freq="MS")]
    return None if None in hallados else sum(hallados)


def esperadas(cifras, delito, mes):
    """Mes, uno antes, dos antes, un año antes, lo que va del año y lo mismo del año anterior."""
    mes = pd.Timestamp(mes)
    enero = mes.replace(month=1)
    anio = pd.DateOffset(years=1)
    sueltos = [mes, mes - pd.DateOffset(months=1), mes - pd.DateOffset(months=2), mes - anio]
    acumulados = [(enero, mes), (enero - anio, mes - anio)]
    return [cifras.get((delito, m)) for m in sueltos] + [suma(cifras, delito, *t) for t in acumulados]


def texto_del_pdf(cuerpo):
    documento = pypdfium2.PdfDocument(cuerpo)
    paginas = [documento[n].get_textpage().get_text_bounded() for n in range(len(documento))]
    return len(paginas), re.sub(r"\s+", " ", " ".join(paginas).replace("\u00a0", " "))


def numeros(texto):
    return [n.replace(",", "") for n in re.findall(r"\d[\d,]*(?:\.\d+)?", re.sub(r"(?<=\d),(?!\d)", " ", texto))]


def porcentaje(antes, despues):
    return f"{abs(100 * (despues - antes) / antes):.1f}"


@pytest.mark.parametrize(("clave", "mes"), CASOS)
def test_cada_cifra_del_pdf_sale_de_la_base(almacen, clave, mes):
    hecho = boletin.componer(clave, date.fromisoformat(f"{mes}-01"))
    paginas, texto = texto_del_pdf(boletin.archivos(hecho)[f"boletin_{clave}_{mes}.pdf"])
    assert paginas <= 2
    cifras = por_mes(almacen, (clave,))
    tabla, _, resto = texto.partition("Delito por delito")
    oraciones, _, _ = resto.partition("Lo inusual del mes")
    suyas = dict(re.findall(r"· ([^:·]+): (.*?)(?= · |$)", oraciones))
    rachas = {n for d in DELITOS for n in _rachas(cifras, d, mes)}
    for d in hecho.delitos:
        conteo, uno, dos, antes, acumulado, previo = esperadas(cifras, d.clave, f"{mes}-01")
        celdas = re.search(rf"{d.nombre} ((?:(?:[+−]?[\d,]+|n\. d\.)(?: \([+−][\d.]+ %\))? ?){{7}})", tabla)
        en_tabla = [
            None if x == "n. d." else int(x.replace(",", ""))
            for x in re.findall(r"(?<![+−(\d,])\d[\d,]*(?![\d.,]* %)|n\. d\.", celdas[1])
        ]
        # la última celda es el cambio: con signo, o «n. d.» si no hay con qué
        assert en_tabla[:6] == [conteo, uno, dos, antes, acumulado, previo], d.nombre
        if acumulado is not None and previo is not None:
            cambio = acumulado - previo
            escrito = f"+{cambio:,}" if cambio > 0 else f"−{-cambio:,}" if cambio < 0 else "0"
            assert celdas[1].split()[6] == escrito
            assert ("%" in celdas[1]) == (previo >= 20)
            if previo >= 20:
                assert porcentaje(previo, acumulado) in celdas[1]
        if conteo is None:
            assert d.nombre not in suyas
            assert d.nombre.lower() in next(
                c for c in hecho.cautelas if "lo no publicado no es cero" in c and "Nada de" in c
            )
            continue
        permitidos = {str(n) for n in (conteo, uno, dos, antes, acumulado, previo) if n is not None}
        permitidos |= {mes[:4], str(int(mes[:4]) - 1), str(int(mes[:4]) - 2)} | rachas
        if acumulado is not None and previo is not None:
            permitidos |= {str(abs(acumulado - previo)), *([porcentaje(previo, acumulado)] if previo >= 20 else [])}
        permitidos |= {str(n) for n in _rango(almacen, clave, d.clave, mes)}
        assert set(numeros(suyas[d.nombre])) <= permitidos, (d.nombre, suyas[d.nombre])
        if conteo:
            assert suyas[d.nombre].startswith(f"{conteo:,} carpeta")


def _rachas(cifras, delito, mes):
    """Los largos que pueden decirse como racha: meses en cero y meses del mismo lado de un año antes."""
    mes, cero, lado = pd.Timestamp(f"{mes}-01"), 0, 0
    while cifras.get((delito, mes - pd.DateOffset(months=cero))) == 0:
        cero += 1
    signos = []
    while True:
        uno, otro = (cifras.get((delito, mes - pd.DateOffset(months=lado + n))) for n in (0, 12))
        if uno is None or otro is None or uno == otro or (signos and (uno > otro) != signos[-1]):
            break
        signos.append(uno > otro)
        lado += 1
    return {str(cero), str(lado)}


def _rango(almacen, clave, delito, mes):
    nivel = "nacional" if clave == "00" else "estatal" if len(clave) == 2 else "municipal"
    filas = consulta(
        almacen,
        f"SELECT bajo, alto FROM alertas WHERE nivel = '{nivel}' AND clave = '{clave}' AND delito = '{delito}' "
        f"AND fecha = '{mes}-01'",
    )
    return filas[0] if filas else ()


@pytest.mark.parametrize(("clave", "mes"), CASOS)
def test_cada_cifra_del_xlsx_sale_de_la_base_y_lo_que_falta_lo_dice(almacen, clave, mes):
    hecho = boletin.componer(clave, date.fromisoformat(f"{mes}-01"))
    comprobar_xlsx(almacen, hecho, (clave,), mes)


def comprobar_xlsx(almacen, hecho, lugares, mes):
    (cuerpo,) = [c for n, c in boletin.archivos(hecho).items() if n.endswith(".xlsx")]
    tabla = pd.read_excel(io.BytesIO(cuerpo), sheet_name="Datos", engine="calamine")
    cifras = por_mes(almacen, lugares)
    sumas = tabla[~tabla["cifra"].str.contains("rango|seguidos")]
    assert len(sumas) == 6 * len(DELITOS)
    for f in sumas.itertuples():
        esperado = suma(cifras, f.delito, f.desde, f.hasta)
        assert (None if pd.isna(f.valor) else int(f.valor)) == esperado, (f.delito, f.cifra)
        assert (f.de_donde == "no publicado") == (esperado is None)
    por_clase = sumas[sumas["delito"] == DELITOS[0]].set_index("cifra")["valor"]
    assert [None if pd.isna(v) else int(v) for v in por_clase] == esperadas(cifras, DELITOS[0], f"{mes}-01")


def test_el_boletin_de_una_mesa_suma_sus_municipios(demostracion):
    donde = boletin.de_mesa("demo-4")
    hecho = boletin.componer(donde)
    assert len(donde.lugares) == 4
    assert f"{hecho.mes:%Y-%m}" == "2026-08"
    comprobar_xlsx(demostracion, hecho, donde.lugares, "2026-08")
    pdf = next(c for n, c in boletin.archivos(hecho).items() if n.endswith(".pdf"))
    paginas, texto = texto_del_pdf(pdf)
    assert paginas <= 2
    assert "DEMOSTRACIÓN: cifras inventadas" in texto
    for municipio in ("Kanasín", "Mérida", "Progreso", "Umán"):
        assert municipio in texto


def test_lo_que_no_se_puede_decir_del_ultimo_mes_se_dice(almacen):
    hecho = boletin.componer("00")
    assert f"{hecho.mes:%Y-%m}" == "2026-03"
    dicho = " ".join(hecho.cautelas)
    for parte in (
        "Marzo de 2026 es provisional",
        "homicidio doloso, enero de 2026, de 1,369 a 1,392",
        "de marzo a diciembre de 2025: no está cargado",
        "de marzo de 2025 no hay cifra comparable de ninguno de estos delitos",
    ):
        assert parte in dicho
    assert "No se puede decir si el mes es inusual" in hecho.inusual[0]
    assert not any("%" in o for d in hecho.delitos for o in d.oraciones)


def test_lo_inusual_es_lo_de_la_vista_de_alertas(almacen):
    hecho = boletin.componer("00", date(2024, 11, 1))
    en_vista = {
        d
        for (d,) in consulta(
            almacen, "SELECT delito FROM alertas WHERE nivel = 'nacional' AND fecha = '2024-11-01' AND alerta <> ''"
        )
    } & set(DELITOS)
    assert {d.clave for d in hecho.delitos if d.renglon.alerta} == en_vista
    assert en_vista
    assert len(hecho.figuras) == 2


def test_el_pdf_tiene_idioma_titulo_estructura_y_su_letra(almacen):
    hecho = boletin.componer("11")
    cuerpo = boletin.archivos(hecho)["boletin_11_2026-03.pdf"]
    documento = pypdfium2.PdfDocument(cuerpo)
    assert documento.get_metadata_dict()["Title"] == hecho.titulo
    assert b"/Lang (es-MX)" in cuerpo
    assert b"/Marked true" in cuerpo
    assert b"/DisplayDocTitle true" in cuerpo
    for tipo in (b"/H1", b"/H2", b"/Table", b"/TR", b"/TH", b"/TD", b"/LI", b"/Figure"):
        assert tipo in cuerpo, tipo
    assert cuerpo.count(b"/Alt (") == len(hecho.figuras)
    assert b"Atkinson" in cuerpo
    assert all(d.nombre in a_texto(hecho) for d in hecho.delitos)


def test_el_mismo_boletin_da_los_mismos_bytes(almacen):
    uno, otro = (boletin.archivos(boletin.componer("11")) for _ in range(2))
    assert uno == otro
    assert boletin.paquete(boletin.componer("11")) == boletin.paquete(boletin.componer("11"))


def test_un_mes_sin_cifras_se_rechaza_con_lo_que_si_hay(almacen):
    with pytest.raises(boletin.SinBoletin, match="llega a marzo de 2026"):
        boletin.componer("11", date(2025, 5, 1))
    with pytest.raises(boletin.SinBoletin, match="no está publicado ningún delito de enero de 2026"):
        boletin.componer("11020", date(2026, 1, 1))


def test_la_orden_escribe_no_rehace_y_repara(almacen, tmp_path, capsys):
    salida = tmp_path / "boletines"
    orden = ["boletin", "--lugar", "11", "--mes", "2026-03", "--almacen", str(almacen.raiz), "--salida", str(salida)]
    assert main(orden) == 0
    hechos = {r.name: r.read_bytes() for r in salida.iterdir()}
    assert sorted(n.rsplit(".", 1)[1] for n in hechos) == ["json", "md", "pdf", "png", "xlsx"]
    assert json.loads(hechos["boletin_11_2026-03.json"])["mes"] == "2026-03"
    tiempos = {r.name: r.stat().st_mtime_ns for r in salida.iterdir()}
    assert main(orden) == 0
    assert "Ya estaba" in capsys.readouterr().out
    assert {r.name: r.stat().st_mtime_ns for r in salida.iterdir()} == tiempos
    (salida / "boletin_11_2026-03.pdf").write_bytes(b"a medias")
    (salida / "boletin_11_2026-03.json").write_text("{", encoding="utf-8")
    assert main(orden) == 0
    assert {r.name: r.read_bytes() for r in salida.iterdir()} == hechos


def test_todas_las_mesas_en_dos_procesos_dan_lo_mismo_que_de_una_en_una(demostracion, tmp_path, capsys):
    juntas, sola = tmp_path / "juntas", tmp_path / "sola"
    almacen = ["--almacen", str(demostracion.raiz)]
    assert main(["boletin", "--todas", *almacen, "--salida", str(juntas)]) == 0
    assert capsys.readouterr().out.count("Hecho:") == 6
    assert main(["boletin", "--mesa", "demo-2", *almacen, "--salida", str(sola)]) == 0
    for ruta in sola.iterdir():
        assert (juntas / ruta.name).read_bytes() == ruta.read_bytes()


@pytest.mark.parametrize(
    ("mas", "codigo", "dice"),
    [
        (["--lugar", "99"], 3, "No hay un lugar"),
        (["--lugar", "11", "--mes", "2025-05"], 3, "No se hizo"),
        (["--mesa", "ninguna"], 3, "No hay una Mesa"),
        (["--lugar", "11", "--mes", "mayo"], 2, "no es un mes"),
        (["--lugar", "11", "--todas"], 2, "not allowed"),
        ([], 2, "required"),
    ],
)
def test_lo_que_no_se_puede_sale_con_su_codigo(almacen, tmp_path, capsys, mas, codigo, dice):
    orden = ["boletin", *mas, "--almacen", str(almacen.raiz), "--salida", str(tmp_path / "x")]
    try:
        salio = main(orden)
    except SystemExit as causa:
        salio = causa.code
    assert salio == codigo
    assert dice in capsys.readouterr().err


def test_una_mesa_sin_municipios_se_omite_y_se_dice(almacen, tmp_path, capsys):
    _, sin_municipios = boletin.mesas()
    salio = main(
        ["boletin", "--todas", "--mes", "2025-06", "--almacen", str(almacen.raiz), "--salida", str(tmp_path / "x")]
    )
    dicho = capsys.readouterr()
    for nombre in sin_municipios:
        assert f"Se omite {nombre}" in dicho.err
    assert (salio == 3) == ("No se hizo" in dicho.err)
    assert "Hecho:" in dicho.out


@pytest.mark.parametrize("nombre", ["Mesa " + "Larguísima del Nombre " * 10, "x" * 240])
def test_un_nombre_larguisimo_no_deja_sin_boletin(demostracion, nombre):
    donde = boletin.Donde("mesa-larga", nombre.strip(), ("31041", "31050"), "Nota.")
    documento = pypdfium2.PdfDocument(a_pdf(boletin.componer(donde, boletin.ultimo_mes(donde))))
    assert len(documento) <= 3
    assert nombre[:20] in documento[0].get_textpage().get_text_bounded()
