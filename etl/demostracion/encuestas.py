"""La encuesta de la demostración: un libro con la disposición de la ENVIPE y cifras inventadas, siempre las mismas."""

from __future__ import annotations

import hashlib
from pathlib import Path

import xlsxwriter

from datos import catalogos

ANIO = 2025
NOMBRE = f"demostracion-ENVIPE-denuncia-{ANIO + 1}.xlsx"
_ENCUESTA = "Encuesta Nacional de Victimización y Percepción sobre Seguridad Pública"
_PORTADA = f"DEMOSTRACIÓN con la disposición de la {_ENCUESTA} {ANIO + 1}"


def escribir_encuesta(carpeta: Path) -> Path:
    """Escribe el libro en ``carpeta`` y devuelve su ruta."""
    ruta = carpeta / NOMBRE
    filas = _filas()
    with xlsxwriter.Workbook(ruta) as libro:
        for numero, titulo, parte in (
            ("3.1", "según condición de denuncia ante el Ministerio Público", 1),
            ("3.3", "según cifra negra", 2),
        ):
            hoja = libro.add_worksheet(numero)
            hoja.write_string(0, 0, _PORTADA)
            hoja.write_string(2, 0, f"Delitos ocurridos por entidad federativa, {titulo}")
            hoja.write_number(4, 0, ANIO)
            hoja.write_string(6, 0, "Entidad federativa")
            for renglon, (nombre, delitos, *partes) in enumerate(filas, 9):
                suya = partes[parte - 1]
                hoja.write_string(renglon, 0, nombre)
                for columna, valor in ((1, delitos), (3, suya), (4, 100 * suya / delitos)):
                    hoja.write_number(renglon, columna, valor)
    return ruta


def _filas() -> list[tuple[str, int, int, int]]:
    """Nombre, delitos, denunciados y cifra negra de cada entidad, y la suma del país al principio."""
    suyas = []
    for e in catalogos.entidades().itertuples():
        suerte = int(hashlib.sha256(f"envipe/{e.cve_ent}".encode()).hexdigest()[:8], 16)
        delitos = 200_000 + suerte % 700_000
        denunciados = delitos * (70 + suerte % 80) // 1000
        cifra_negra = delitos - denunciados * (55 + suerte % 30) // 100
        suyas.append((str(e.nombre), delitos, denunciados, cifra_negra))
    delitos, denunciados, cifra_negra = (sum(int(fila[i]) for fila in suyas) for i in (1, 2, 3))
    return [("Estados Unidos Mexicanos", delitos, denunciados, cifra_negra), *suyas]
