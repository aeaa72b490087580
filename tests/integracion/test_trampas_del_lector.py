"""Las doce trampas de los archivos oficiales, una por una, y lo que se rechaza completo."""

import random
import re
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from datos import catalogos
from datos.almacen import Almacen, publicacion_vigente
from datos.esquema import vista
from etl.lectura.categorias import Categorias
from etl.lectura.codificacion import ContenidoInesperado
from etl.lectura.columnas import LecturaRechazada
from etl.lectura.conteos import leer_conteos
from etl.lectura.corte import mes_en_nombre
from etl.lectura.recibido import recibir
from etl.problemas import FueraDeTema
from etl.publicacion.calidad import del_archivo
from etl.publicacion.cargar import cargar
from etl.validacion.archivo import comprobar
from tests import fabrica


@pytest.fixture
def categorias():
    return Categorias(list(catalogos.categorias().itertuples(index=False, name=None)))


def leer(ruta, categorias, **opciones):
    return leer_conteos(recibir(ruta), categorias, **opciones)


def publicar(carpeta, *rutas):
    almacen = Almacen(carpeta / "almacen")
    cargar(list(rutas), almacen)
    return duckdb.connect(str(publicacion_vigente(almacen).ruta), read_only=True)


def suma(lectura, mes=1):
    return sum(v or 0 for v in lectura.tabla[f"m{mes}"].to_pylist())


@pytest.mark.parametrize("codificacion", ["cp1252", "utf-8", "utf-8-sig"])
def test_trampa_1_codificaciones_y_marca_de_orden(tmp_path, categorias, codificacion):
    lectura = leer(fabrica.estatal(tmp_path, codificacion=codificacion), categorias)
    assert (lectura.metodologia, lectura.ambito, lectura.renglones) == ("CNSP/38/15", "estatal", 3136)
    assert suma(lectura) == 3136


def test_trampa_1_comillas_tipograficas_de_cp1252(tmp_path, categorias):
    ruta = fabrica.municipal(tmp_path)
    ruta.write_bytes(ruta.read_bytes().replace(b"Municipio 1001", b"\x93Municipio\x94 1001"))
    assert leer(ruta, categorias).renglones == 294


def test_trampa_1_mojibake_se_rechaza(tmp_path, categorias):
    ruta = fabrica.estatal(tmp_path, codificacion="utf-8")
    ruta.write_text(ruta.read_bytes().decode("cp1252", errors="replace"), encoding="utf-8")
    with pytest.raises(LecturaRechazada, match="mojibake"):
        leer(ruta, categorias)


@pytest.mark.parametrize("vacio", ["", 0])
def test_trampa_2_meses_futuros_vacios_o_en_cero_quedan_sin_dato(tmp_path, categorias, vacio):
    lectura = leer(fabrica.estatal(tmp_path, "RNID_mar2026.csv", anio=2026, meses=3, vacio=vacio), categorias)
    assert lectura.corte == date(2026, 3, 1)
    assert lectura.tabla["m4"].null_count == lectura.renglones == 3648
    assert lectura.tabla["m3"].null_count == 0
    assert [h.nivel for h in del_archivo(lectura) if h.regla == "corte_segun_el_nombre"] == ["correcto"]


def test_trampa_2_el_nombre_que_no_coincide_con_los_datos_avisa(tmp_path, categorias):
    lectura = leer(fabrica.estatal(tmp_path, "RNID_ago2026.csv", anio=2026, meses=3), categorias)
    (hallazgo,) = [h for h in del_archivo(lectura) if h.regla == "corte_segun_el_nombre"]
    assert hallazgo.nivel == "aviso"
    assert "agosto de 2026" in hallazgo.detalle
    assert "marzo de 2026" in hallazgo.detalle


def test_trampa_3_claves_con_y_sin_cero(tmp_path, categorias):
    ruta = fabrica.municipal(tmp_path)
    ruta.write_bytes(ruta.read_bytes().replace(b"2015,1,Aguascalientes,1001", b"2015,01,Aguascalientes,01001"))
    lectura = leer(ruta, categorias)
    assert set(lectura.tabla["cve_mun"].to_pylist()) == {1001, 1002, 1998}


def test_trampa_4_seudomunicipios_se_conservan(tmp_path, categorias):
    lectura = leer(fabrica.municipal(tmp_path, claves=(1001, 1998, 1999)), categorias)
    assert comprobar(lectura, categorias) == []
    assert suma(lectura) == 3 * 98


def test_trampa_5_comas_entre_comillas_miles_y_decimales(tmp_path, categorias):
    ruta = fabrica.estatal(tmp_path, valor=lambda e, c, m: "1,234" if m == 1 else ("2.0" if m == 2 else 3))
    lectura = leer(ruta, categorias)
    assert suma(lectura, 1) == 3136 * 1234
    assert suma(lectura, 2) == 3136 * 2


def test_trampa_5_variantes_de_encabezado(tmp_path, categorias):
    encabezado = [
        "AÑO",
        "INEGI",
        "ENTIDAD",
        "Bien.jurídico.afectado",
        "Tipo.de.delito",
        "Subtipo.de.delito",
        "MODALIDAD",
        *[m.upper() for m in fabrica.MESES],
    ]
    assert leer(fabrica.estatal(tmp_path, encabezado=encabezado), categorias).renglones == 3136


def test_trampa_6_correccion_negativa_se_conserva_y_se_avisa(tmp_path, categorias):
    lectura = leer(
        fabrica.municipal(tmp_path, valor=lambda k, c, m: -1 if (k, c, m) == (1001, 0, 9) else 1), categorias
    )
    assert lectura.negativos == 1
    assert comprobar(lectura, categorias) == []
    assert suma(lectura, 9) == 3 * 98 - 2


def test_trampa_6_otros_negativos_se_rechazan_con_su_lugar(tmp_path, categorias):
    lectura = leer(
        fabrica.municipal(tmp_path, valor=lambda k, c, m: -7 if (k, c, m) == (1001, 2, 5) else 1), categorias
    )
    (problema,) = comprobar(lectura, categorias)
    assert (problema.linea, problema.columna, problema.encontrado) == (4, "m5", "-7")


def test_trampa_7_un_municipio_y_anio_ausente_no_se_reporta_y_no_es_cero(tmp_path):
    renglones = [*fabrica.renglones_municipales((1001, 1002), 2023), *fabrica.renglones_municipales((1001,), 2024)]
    ruta = fabrica.escribir(tmp_path, "municipal.csv", fabrica.MUNICIPAL + fabrica.MESES, renglones)
    con = publicar(tmp_path, ruta)
    filas = con.execute(
        "SELECT cve_mun, year(fecha), count(*), min(conteo) FROM delitos_municipal WHERE delito = 'fraude' GROUP BY ALL "
        "ORDER BY ALL"
    ).fetchall()
    assert filas == [("01001", 2023, 12, 1), ("01001", 2024, 12, 1), ("01002", 2023, 12, 1)]
    detalle = con.execute(
        "SELECT DISTINCT cve_mun, year(fecha) FROM conteos_categoria WHERE cve_mun = '01002'"
    ).fetchall()
    assert detalle == [("01002", 2023)]
    cobertura = con.execute("SELECT DISTINCT year(fecha), municipios FROM cobertura ORDER BY 1").fetchall()
    assert cobertura == [(2023, 2), (2024, 1)]


def test_trampa_8_los_homonimos_no_chocan(tmp_path, categorias):
    lectura = leer(fabrica.municipal(tmp_path, claves=(20208, 20209)), categorias)
    assert comprobar(lectura, categorias) == []


def test_trampa_8_nombre_de_entidad_que_no_es_el_de_su_clave(tmp_path, categorias):
    ruta = fabrica.municipal(tmp_path)
    ruta.write_bytes(ruta.read_bytes().replace(b"2015,1,Aguascalientes", b"2015,1,Zacatecas"))
    with pytest.raises(LecturaRechazada, match="la clave de Zacatecas") as rechazo:
        leer(ruta, categorias)
    assert len(rechazo.value.problemas) == 294


def test_trampa_9_un_corte_reescribe_anios_cerrados_y_los_dos_quedan_guardados(tmp_path):
    def archivo(nombre, meses, carpetas):
        renglones = [
            *fabrica.renglones_estatales(2023, 12, lambda e, c, m: carpetas if (e, m) == (27, 4) else 1),
            *fabrica.renglones_estatales(2024, meses),
        ]
        return fabrica.escribir(tmp_path, nombre, fabrica.CLAVES + fabrica.MESES, renglones)

    con = publicar(tmp_path, archivo("feb2024.csv", 2, 1), archivo("mar2024.csv", 3, 3))
    en_abril = "FROM delitos_estatal WHERE delito = 'homicidio_doloso' AND cve_ent = '27' AND fecha = '2023-04-01'"
    assert con.execute(f"SELECT conteo {en_abril}").fetchall() == [(12,)]
    revisada = con.execute(
        "SELECT fecha::VARCHAR, cve_ent, antes, despues FROM revisiones WHERE delito = 'homicidio_doloso'"
    ).fetchall()
    assert revisada == [("2023-04-01", "27", 4, 12)]
    cortes = con.execute("SELECT archivo, sha256, vigente FROM cortes ORDER BY corte").fetchall()
    assert [(archivo, vigente) for archivo, _, vigente in cortes] == [("feb2024.csv", False), ("mar2024.csv", True)]
    for archivo, sha256, _ in cortes:
        assert (tmp_path / "almacen" / "crudo" / sha256).read_bytes() == (tmp_path / archivo).read_bytes()


def test_trampa_10_mayusculas_de_categorias(tmp_path, categorias):
    ruta = fabrica.estatal(tmp_path)
    ruta.write_bytes(ruta.read_bytes().replace(b"la Integridad corporal", b"la integridad corporal"))
    assert leer(ruta, categorias).renglones == 3136


def test_trampa_11_zip_con_csv_entre_libros_y_un_pdf(tmp_path, categorias):
    csv_dentro = fabrica.estatal(tmp_path)
    ruta = tmp_path / "todo.zip"
    with zipfile.ZipFile(ruta, "w", zipfile.ZIP_DEFLATED) as z:
        for numero in range(11):
            libro = tmp_path / f"libro{numero}.xlsx"
            xlsxwriter.Workbook(str(libro)).close()
            z.write(libro, f"Año {numero}.xlsx")
        z.writestr("diccionario.pdf", b"%PDF-1.7 nada, que, ver")
        z.write(csv_dentro, "Incidencia ñandú.dat")
    recibido = recibir(ruta)
    assert recibido.nombre_tabla == "Incidencia ñandú.dat"
    assert len(recibido.dejados) == 12
    assert leer_conteos(recibido, categorias).renglones == 3136


def test_trampa_11_zip_con_solo_un_libro(tmp_path, categorias):
    libro = tmp_path / "estatal.xlsx"
    hecho = xlsxwriter.Workbook(str(libro))
    hecho.add_worksheet("Notas").write(0, 0, "Nota metodológica")
    hoja = hecho.add_worksheet("Datos")
    for i, renglon in enumerate([fabrica.CLAVES + fabrica.MESES, *fabrica.renglones_estatales()]):
        hoja.write_row(i, 0, renglon)
    hecho.close()
    ruta = tmp_path / "libro.zip"
    with zipfile.ZipFile(ruta, "w") as z:
        z.write(libro, "estatal.xlsx")
    for origen in (libro, ruta):
        lectura = leer(origen, categorias)
        assert (lectura.renglones, suma(lectura, 12)) == (3136, 3136)


def test_trampa_12_el_mes_es_el_de_la_carpeta_y_esta_escrito(tmp_path):
    con = publicar(tmp_path, fabrica.estatal(tmp_path, valor=lambda e, c, m: m))
    filas = con.execute(
        "SELECT fecha::VARCHAR, conteo FROM delitos_estatal WHERE delito = 'amenazas' AND cve_ent = '09'"
    )
    assert sorted(filas.fetchall()) == [(f"2015-{m:02d}-01", m) for m in range(1, 13)]
    for nombre in (
        "delitos_municipal",
        "delitos_estatal",
        "canastas_municipal",
        "conteos_categoria",
        "victimas_estatal",
    ):
        (fecha,) = [c for c in vista(nombre).columnas if c.nombre == "fecha"]
        assert "mes en que se abrió la carpeta" in fecha.descripcion
        assert "no del mes en que ocurrió el hecho" in fecha.descripcion


def test_cada_trampa_tiene_su_prueba():
    carpeta = Path(__file__).parent
    texto = "".join(ruta.read_text("utf-8") for ruta in carpeta.glob("test_*.py"))
    assert {int(n) for n in re.findall(r"def test_trampa_(\d+)_", texto)} == set(range(1, 13))


def test_victimas_municipales_de_rnid_con_23_columnas(tmp_path, categorias):
    encabezado = fabrica.VICTIMAS_MUNICIPAL + fabrica.MESES
    assert len(encabezado) == 23
    renglones = fabrica.renglones_de_victimas_municipales(
        (9002, 9999), valor=lambda clave, sexo, edad, mes: 2 if (sexo, edad) == ("Mujer", "12 a 17") else 1
    )
    ruta = fabrica.escribir(tmp_path, "RNID-Victimas_Municipal_mar2026.csv", encabezado, renglones, "utf-8-sig")
    lectura = leer(ruta, categorias)
    assert (lectura.ambito, lectura.corte) == ("victimas_municipal", date(2026, 3, 1))
    assert comprobar(lectura, categorias) == []
    con = publicar(tmp_path, ruta)
    filas = con.execute(
        "SELECT cve_ent, cve_mun, sexo, edad, count(*), max(conteo) FROM victimas_municipal "
        "WHERE delito = 'homicidio_doloso' AND edad = '12 a 17' GROUP BY ALL ORDER BY cve_mun, sexo"
    ).fetchall()
    assert filas == [
        ("09", lugar, sexo, "12 a 17", 3, 8 if sexo == "Mujer" else 4)
        for lugar in ("09002", "09999")
        for sexo in ("Hombre", "Mujer", "No identificado")
    ]
    assert con.execute("SELECT count(*) FROM victimas_municipal WHERE delito = 'total'").fetchone() == (0,)


def test_victimas_municipales_con_un_renglon_repetido_se_rechazan(tmp_path, categorias):
    encabezado = fabrica.VICTIMAS_MUNICIPAL + fabrica.MESES
    renglones = list(fabrica.renglones_de_victimas_municipales((9002,)))
    ruta = fabrica.escribir(tmp_path, "victimas.csv", encabezado, [*renglones, renglones[5]], "utf-8-sig")
    assert [p.encontrado for p in comprobar(leer(ruta, categorias), categorias)] == ["2 renglones iguales"]


def test_un_zip_con_contrasena_se_rechaza(tmp_path):
    ruta = tmp_path / "cifrado.zip"
    with zipfile.ZipFile(ruta, "w") as z:
        z.writestr("a.csv", b"Ano,Enero\n1,2\n")
    contenido = bytearray(ruta.read_bytes())
    for marca, lugar in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        contenido[contenido.index(marca) + lugar] |= 1
    ruta.write_bytes(contenido)
    with pytest.raises(ContenidoInesperado, match="sin contraseña"):
        recibir(ruta)


def test_bomba_y_zip_roto_se_rechazan(tmp_path):
    bomba = tmp_path / "bomba.zip"
    with zipfile.ZipFile(bomba, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("a.csv", b"0," * 40_000_000)
    with pytest.raises(ContenidoInesperado, match="tamaño razonable"):
        recibir(bomba)
    roto = tmp_path / "roto.zip"
    roto.write_bytes(b"PK\x03\x04" + bytes(500))
    with pytest.raises(ContenidoInesperado, match="truncado o dañado"):
        recibir(roto)


def test_html_con_extension_de_csv_se_rechaza(tmp_path):
    ruta = tmp_path / "estatal.csv"
    ruta.write_text("<!DOCTYPE html><html><body>Sign in</body></html>")
    with pytest.raises(ContenidoInesperado, match="HTML"):
        recibir(ruta)


def test_truncado_a_media_linea_se_rechaza_con_la_linea(tmp_path, categorias):
    ruta = fabrica.estatal(tmp_path)
    ruta.write_bytes(ruta.read_bytes()[:-40])
    with pytest.raises(LecturaRechazada, match="19 columnas") as rechazo:
        leer(ruta, categorias)
    assert rechazo.value.problemas[0].linea == 3137


def test_truncado_en_fin_de_linea_se_rechaza_por_incompleto(tmp_path, categorias):
    ruta = fabrica.estatal(tmp_path)
    ruta.write_bytes(b"\r\n".join(ruta.read_bytes().split(b"\r\n")[:-30]))
    problemas = comprobar(leer(ruta, categorias), categorias)
    assert [p.encontrado for p in problemas] == ["69 (¿archivo truncado?)"]


def test_todas_las_celdas_ilegibles_se_listan_con_linea_y_columna(tmp_path, categorias):
    ruta = fabrica.estatal(tmp_path, valor=lambda e, c, m: "n/d" if (e, m) == (1, 3) and c < 3 else 1)
    with pytest.raises(LecturaRechazada) as rechazo:
        leer(ruta, categorias)
    assert [(p.linea, p.columna, p.encontrado) for p in rechazo.value.problemas] == [
        (linea, "Marzo", "«n/d»") for linea in (2, 3, 4)
    ]


def test_categoria_desconocida_detiene_o_entra_sin_equivalencia(tmp_path, categorias):
    ruta = fabrica.municipal(tmp_path)
    ruta.write_bytes(ruta.read_bytes().replace(b"Amenazas,Amenazas,Amenazas", b"Amenazas,Amenazas,Amenazas 2.0"))
    with pytest.raises(LecturaRechazada, match=r"Amenazas 2\.0"):
        leer(ruta, categorias)
    lectura = leer(ruta, categorias, sin_equivalencia=True)
    assert lectura.sin_equivalencia[0][3] == "Amenazas 2.0"


def test_renglon_repetido_se_rechaza(tmp_path, categorias):
    ruta = fabrica.municipal(tmp_path)
    contenido = ruta.read_bytes()
    ruta.write_bytes(contenido + contenido.split(b"\r\n")[1] + b"\r\n")
    problemas = comprobar(leer(ruta, categorias), categorias)
    assert [p.encontrado for p in problemas] == ["2 renglones iguales"]


def test_municipio_fuera_del_catalogo_se_rechaza(tmp_path, categorias):
    problemas = comprobar(leer(fabrica.municipal(tmp_path, claves=(1001, 1050)), categorias), categorias)
    assert [p.encontrado for p in problemas] == ["01050"]


def test_metodologias_mezcladas_se_rechazan(tmp_path, categorias):
    renglones = [*fabrica.renglones_estatales(2025), *fabrica.renglones_estatales(2026)]
    ruta = fabrica.escribir(tmp_path, "dos.csv", fabrica.CLAVES + fabrica.MESES, renglones)
    with pytest.raises(LecturaRechazada, match="una sola metodología"):
        leer(ruta, categorias)


def test_otro_csv_es_fuera_de_tema(tmp_path, categorias):
    ruta = tmp_path / "otro.csv"
    ruta.write_text("a,b\n1,2\n")
    with pytest.raises(FueraDeTema):
        leer(ruta, categorias)


def test_el_orden_de_los_renglones_no_importa(tmp_path, categorias):
    def valor(entidad, categoria, mes):
        return entidad * categoria + mes

    renglones = list(fabrica.renglones_estatales(valor=valor))
    random.Random(3).shuffle(renglones)
    revuelto = fabrica.escribir(tmp_path, "revuelto.csv", fabrica.CLAVES + fabrica.MESES, renglones)
    orden = [("cve_ent", "ascending"), ("categoria", "ascending")]
    tablas = [leer(r, categorias).tabla.sort_by(orden) for r in (fabrica.estatal(tmp_path, valor=valor), revuelto)]
    assert tablas[0].equals(tablas[1])


@pytest.mark.parametrize(
    ("nombre", "mes"),
    [
        ("Estatal-Delitos-2015-2025_nov2024.csv", date(2024, 11, 1)),
        ("IDEFC_NM_ago23.csv", date(2023, 8, 1)),
        ("IDVFC_NM_ene25.zip", date(2025, 1, 1)),
        ("Municipal-Guanajuato-homicidio-2020-2025.csv", None),
    ],
)
def test_mes_en_el_nombre(nombre, mes):
    assert mes_en_nombre(nombre) == mes
