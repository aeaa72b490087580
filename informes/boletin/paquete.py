"""Los archivos de un boletín —PDF, texto, cifras y figuras— sueltos o en un zip; los mismos bytes para el mismo boletín."""

from __future__ import annotations

import io
import zipfile
from datetime import date

from datos.consultas.contexto import contexto
from graficas.impresas import FORMAS
from informes.boletin.cifras import COLUMNAS
from informes.boletin.componer import Boletin
from informes.boletin.donde import Donde
from informes.boletin.pdf import a_pdf
from informes.boletin.texto import a_texto
from informes.tablas import Ficha, exportar

TIPOS_DE_CIFRAS = ("xlsx", "csv", "parquet")
_FECHA_FIJA = (1980, 1, 1, 0, 0, 0)


def nombre_base(donde: Donde, mes: date) -> str:
    """Cómo se llaman los archivos de un boletín, sin extensión: «boletin_11_2026-03»."""
    return _ficha(donde, mes, {}).nombre("").rstrip(".")


def _ficha(donde: Donde, mes: date, notas: dict[str, str]) -> Ficha:
    origen = "DEMOSTRACIÓN" if contexto().demostracion else "SESNSP"
    return Ficha(("boletin", donde.clave, f"{mes:%Y-%m}"), origen, notas, COLUMNAS)


def ficha_de(boletin: Boletin) -> Ficha:
    """Cómo se llaman sus archivos y qué dicen sus notas."""
    publicacion = contexto().publicacion
    notas = {
        "Boletín": boletin.titulo,
        "Fuente": " ".join(boletin.fuentes),
        "Base": f"versión {publicacion.version}, SHA-256 {publicacion.sha256}",
        "Huella del boletín": boletin.huella,
        **{f"No se puede decir ({n})": c for n, c in enumerate(boletin.cautelas, 1)},
    }
    if boletin.donde.nota:
        notas["Lugar"] = boletin.donde.nota
    return _ficha(boletin.donde, boletin.mes, notas)


def archivos(boletin: Boletin) -> dict[str, bytes]:
    """Nombre → bytes: el PDF, el texto, las cifras en XLSX y la figura principal en PNG."""
    ficha = ficha_de(boletin)
    return {
        ficha.nombre("pdf"): a_pdf(boletin),
        ficha.nombre("md"): a_texto(boletin).encode("utf-8"),
        ficha.nombre("xlsx"): exportar(boletin.tabla, ficha, "xlsx"),
        ficha.nombre("png"): boletin.figuras[0].en(FORMAS["horizontal"]).guardar("png", 2),
    }


def paquete(boletin: Boletin) -> bytes:
    """Todo en un zip, con las cifras además en CSV y Parquet y cada figura en tres formas."""
    ficha = ficha_de(boletin)
    todos = archivos(boletin)
    todos |= {ficha.nombre(tipo): exportar(boletin.tabla, ficha, tipo) for tipo in TIPOS_DE_CIFRAS if tipo != "xlsx"}
    base = ficha.nombre("").rstrip(".")
    for numero, figura in enumerate(boletin.figuras, 1):
        for clave in ("horizontal", "cuadrada", "vertical"):
            todos[f"figuras/{base}_{numero}_{clave}.png"] = figura.en(FORMAS[clave]).guardar("png")
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w") as archivo:
        for nombre, cuerpo in todos.items():
            dato = zipfile.ZipInfo(nombre, _FECHA_FIJA)
            dato.compress_type = zipfile.ZIP_DEFLATED
            archivo.writestr(dato, cuerpo)
    return memoria.getvalue()
