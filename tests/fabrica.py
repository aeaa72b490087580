"""Archivos de prueba con la disposición oficial, hechos en el momento: ninguna cifra es de la fuente."""

import csv
import io
import shutil
from pathlib import Path

from datos.catalogos import ARCHIVO_DE_CANASTAS, _archivos, categorias, entidades
from datos.esquema import MESES as _MESES

MESES = [mes.capitalize() for mes in _MESES]
CLAVES = ["Año", "Clave_Ent", "Entidad", "Bien jurídico afectado", "Tipo de delito", "Subtipo de delito", "Modalidad"]
MUNICIPAL = [*CLAVES[:3], "Cve. Municipio", "Municipio", *CLAVES[3:]]
VICTIMAS_MUNICIPAL = [*MUNICIPAL, "Sexo", "Rango de edad"]
EDADES_RNID = ("0 a 5", "6 a 11", "12 a 17", "18 a 29", "30 a 59", "60 y más")


def _catalogo_de(anio):
    catalogo = categorias()
    return catalogo[catalogo["metodologia"] == ("CNSP/38/15" if anio <= 2025 else "RNID")]


def renglones_estatales(anio=2015, meses=12, valor=lambda entidad, categoria, mes: 1, vacio=""):
    """Un año completo: 32 entidades por todas las categorías de la metodología de ese año."""
    catalogo = _catalogo_de(anio)
    for entidad in entidades().itertuples():
        for numero, c in enumerate(catalogo.itertuples()):
            celdas = [valor(int(entidad.cve_ent), numero, m) if m <= meses else vacio for m in range(1, 13)]
            yield [anio, int(entidad.cve_ent), entidad.nombre, c.bien_juridico, c.tipo, c.subtipo, c.modalidad, *celdas]


def renglones_municipales(claves, anio=2015, valor=lambda clave, categoria, mes: 1):
    """Un año de los municipios dados, con todas las categorías."""
    nombres = dict(zip(entidades()["cve_ent"], entidades()["nombre"], strict=True))
    catalogo = _catalogo_de(anio)
    for clave in claves:
        entidad = clave // 1000
        for numero, c in enumerate(catalogo.itertuples()):
            celdas = [valor(clave, numero, m) for m in range(1, 13)]
            yield [
                anio,
                entidad,
                nombres[f"{entidad:02d}"],
                clave,
                f"Municipio {clave}",
                c.bien_juridico,
                c.tipo,
                c.subtipo,
                c.modalidad,
                *celdas,
            ]


def renglones_de_victimas_municipales(claves, anio=2026, meses=3, valor=lambda clave, sexo, edad, mes: 1):
    """Un año de víctimas por municipio, con sexo y seis rangos de edad, de las categorías de homicidio y secuestro."""
    nombres = dict(zip(entidades()["cve_ent"], entidades()["nombre"], strict=True))
    catalogo = _catalogo_de(anio)
    catalogo = catalogo[catalogo["tipo"].isin(["Homicidio", "Secuestro"])]
    for clave in claves:
        for c in catalogo.itertuples():
            for sexo in ("Mujer", "Hombre", "No identificado"):
                for edad in EDADES_RNID:
                    celdas = [valor(clave, sexo, edad, m) if m <= meses else 0 for m in range(1, 13)]
                    categoria = [c.bien_juridico, c.tipo, c.subtipo, c.modalidad]
                    lugar = [
                        f"{clave // 1000:02d}",
                        nombres[f"{clave // 1000:02d}"],
                        f"{clave:05d}",
                        f"Municipio {clave}",
                    ]
                    yield [anio, *lugar, *categoria, sexo, edad, *celdas]


def texto_csv(encabezado, renglones, fin="\r\n"):
    """El CSV como texto, con comillas donde hacen falta."""
    salida = io.StringIO()
    escritor = csv.writer(salida, lineterminator=fin)
    escritor.writerow(encabezado)
    escritor.writerows(renglones)
    return salida.getvalue()


def escribir(carpeta: Path, nombre: str, encabezado, renglones, codificacion="cp1252") -> Path:
    """Escribe el CSV y devuelve su ruta."""
    ruta = carpeta / nombre
    ruta.write_bytes(texto_csv(encabezado, renglones).encode(codificacion))
    return ruta


def estatal(carpeta: Path, nombre="estatal.csv", codificacion="cp1252", encabezado=None, **opciones) -> Path:
    """Archivo estatal de un año."""
    return escribir(carpeta, nombre, encabezado or CLAVES + MESES, renglones_estatales(**opciones), codificacion)


def municipal(carpeta: Path, nombre="municipal.csv", claves=(1001, 1002, 1998), **opciones) -> Path:
    """Archivo municipal de un año."""
    return escribir(carpeta, nombre, MUNICIPAL + MESES, renglones_municipales(claves, **opciones))


def editar_canastas(monkeypatch, carpeta: Path) -> Path:
    """Hace que los catálogos se lean de una copia en ``carpeta``; devuelve su ``canastas.csv``, para editarlo."""
    copia = carpeta / "catalogos"
    shutil.copytree(_archivos.CARPETA, copia, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    monkeypatch.setattr(_archivos, "CARPETA", copia)
    return copia / ARCHIVO_DE_CANASTAS
