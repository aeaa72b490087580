"""El logotipo de una Mesa: chico, sin más datos que la imagen, y nada que no lo sea."""

import io

import pytest
from PIL import Image

from datos.registro.auditoria import ALTA, reconstruir
from datos.registro.errores import DatoInvalido
from datos.registro.logos import MAXIMO_GUARDADO, TAMANO, como_imagen, como_texto
from datos.registro.modelo import Bitacora
from graficas.impresas import FORMAS
from informes import prensa
from tests.unidad.test_prensa import COMUNES, cruda


def _imagen(formato="PNG", tamano=(1200, 300), **mas):
    memoria = io.BytesIO()
    Image.effect_noise(tamano, 90).convert("RGB").save(memoria, formato, **mas)
    return memoria.getvalue()


@pytest.mark.parametrize("formato", ["PNG", "JPEG"])
def test_queda_chico_y_con_su_proporcion(formato):
    texto = como_texto(_imagen(formato))
    assert len(texto) <= MAXIMO_GUARDADO
    with Image.open(io.BytesIO(como_imagen(texto))) as guardada:
        assert guardada.format == "PNG"
        assert guardada.size == (TAMANO[0], TAMANO[0] // 4)


def test_se_le_quita_lo_que_no_es_imagen():
    exif = Image.Exif()
    exif[0x010E] = "calle y número de alguien"
    guardada = como_imagen(como_texto(_imagen("JPEG", exif=exif)))
    assert b"calle" not in guardada
    assert not Image.open(io.BytesIO(guardada)).getexif()


@pytest.mark.parametrize(
    ("contenido", "dice"),
    [
        (b"", "no se puede abrir"),
        (b"<svg onload='alert(1)'/>", "PNG o JPG"),
        (b"%PDF-1.4 ... %%EOF", "PNG o JPG"),
        (_imagen()[:200], "no se puede abrir"),
        (b"x" * 2_000_001, "2 MB"),
    ],
)
def test_lo_que_no_es_un_logotipo_se_rechaza(contenido, dice):
    with pytest.raises(DatoInvalido, match=dice):
        como_texto(contenido)


def test_sin_logotipo_no_hay_imagen():
    assert como_imagen("") is None


def test_va_en_la_figura_y_no_tapa_el_titulo():
    hecha = prensa.evolucion(cruda([5] * 30), "Guanajuato", "Homicidio doloso", comparable=True, **COMUNES)
    con = hecha.con_logo(como_imagen(como_texto(_imagen())))
    sin_logo, con_logo = (h.en(FORMAS["horizontal"]) for h in (hecha, con))
    assert len(con_logo.figura.axes) == len(sin_logo.figura.axes) + 1
    izquierda_del_logo = con_logo.figura.axes[0].get_position().x0 * con_logo.forma.ancho
    con_logo.figura.draw_without_rendering()
    (titulo, *_) = con_logo.textos
    assert titulo.get_window_extent().x1 / con_logo.figura.dpi <= izquierda_del_logo


def test_una_bitacora_de_antes_del_logotipo_se_reconstruye():
    alta = Bitacora(
        id=1, accion=ALTA, objeto="mesa", objeto_id="una", antes=None, despues={"clave": "una", "nombre": "Una"}
    )
    cambio = Bitacora(
        id=2, accion="cambio", objeto="mesa", objeto_id="una", antes={"logo": ""},
        despues={"clave": "una", "nombre": "Una", "logo": "abc"},
    )  # fmt: skip
    assert reconstruir([alta])["mesa"]["una"]["logo"] == ""
    assert reconstruir([alta, cambio])["mesa"]["una"]["logo"] == "abc"
