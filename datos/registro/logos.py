"""El logotipo de una Mesa: se comprueba que sea una imagen, se achica, se le quita todo lo demás y se guarda como texto."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageOps

from datos.registro.errores import DatoInvalido, EvidenciaRechazada
from datos.registro.tipos_de_archivo import reconocer

MAXIMO_DE_BYTES = 2_000_000  # de lo que se sube
MAXIMO_DE_PIXELES = 25_000_000
TAMANO = (480, 240)  # lo que cabe en el encabezado de una lámina, al doble
MAXIMO_GUARDADO = 90_000  # letras en base 64


def como_texto(contenido: bytes) -> str:
    """La imagen (PNG o JPG) como PNG de a lo más ``TAMANO``, en base 64. Lanza ``DatoInvalido`` si no se puede usar."""
    if len(contenido) > MAXIMO_DE_BYTES:
        raise DatoInvalido.de("logo", "una imagen de hasta 2 MB", f"una de {len(contenido) / 1e6:,.1f} MB")
    try:
        tipo = reconocer(contenido, "logo")
    except EvidenciaRechazada as causa:
        raise DatoInvalido.de("logo", "una imagen PNG o JPG completa", "un archivo que no se puede abrir") from causa
    if tipo not in ("png", "jpg"):
        raise DatoInvalido.de("logo", "una imagen PNG o JPG", f"un archivo {tipo}")
    with Image.open(io.BytesIO(contenido)) as imagen:
        if imagen.width * imagen.height > MAXIMO_DE_PIXELES:
            raise DatoInvalido.de(
                "logo", "una imagen de hasta 25 millones de pixeles", f"{imagen.width} × {imagen.height}"
            )
        try:
            chica = ImageOps.exif_transpose(imagen).convert("RGBA")
        except (OSError, SyntaxError, ValueError) as causa:  # el encabezado estaba bien y lo de adentro no
            raise DatoInvalido.de("logo", "una imagen PNG o JPG completa", "una dañada por dentro") from causa
    chica.thumbnail(TAMANO, Image.Resampling.LANCZOS)
    for colores in (None, 128, 32):
        guardada = _guardar(chica if colores is None else chica.quantize(colores))
        if len(guardada) <= MAXIMO_GUARDADO:
            return guardada
    raise DatoInvalido.de("logo", "una imagen más sencilla", "una que no se puede achicar lo suficiente")


def _guardar(imagen: Image.Image) -> str:
    memoria = io.BytesIO()
    imagen.save(memoria, "PNG", optimize=True)
    return base64.b64encode(memoria.getvalue()).decode("ascii")


def como_imagen(texto: str) -> bytes | None:
    """Los bytes del PNG; ``None`` si la Mesa no tiene logotipo."""
    return base64.b64decode(texto) if texto else None
