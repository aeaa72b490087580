"""La aplicación: configuración y navegación. ``streamlit run app.py`` basta; ``servidor.py`` le agrega rutas.

Cada página es un archivo de ``paginas/`` y aparece en la navegación cuando existe.
"""

from pathlib import Path

import streamlit as st

from observacion.corrida import corrida
from paginas.componentes.caidas import explicar_caidas
from paginas.componentes.identificadores import identificadores
from paginas.componentes.limite import frenar_descargas
from paginas.componentes.recien_hechas import conservar_recien_hechas

CARPETA = Path(__file__).resolve().parent / "paginas"
GRUPOS = {
    "Explorar": (
        ("inicio.py", "Inicio", "inicio"),
        ("mapa.py", "Mapa", "mapa"),
        ("tendencias.py", "Tendencias", "tendencias"),
        ("ficha.py", "Ficha", "ficha"),
        ("alertas.py", "Alertas", "alertas"),
    ),
    "Mesas": (
        ("mesas.py", "Mesas", "mesas"),
        ("acuerdos.py", "Acuerdos", "acuerdos"),
        ("capturar.py", "Capturar", "capturar"),
        ("sesion.py", "Sesión", "sesion"),
        ("eficacia.py", "Eficacia", "eficacia"),
        ("portafolio.py", "Todos los acuerdos, evaluados", "portafolio"),
        ("disenador.py", "Diseñador de metas", "disenador"),
        ("red.py", "Red Nacional", "red"),
    ),
    "Publicar": (
        ("prensa.py", "Prensa", "prensa"),
        ("contrastar.py", "Contrastar una declaración", "contrastar"),
    ),
    "Datos": (
        ("datos_y_metodo.py", "Datos y método", "datos"),
        ("revisiones.py", "Revisiones", "revisiones"),
        ("actualizar.py", "Actualizar datos", "actualizar"),
        ("administracion.py", "Administración", "administracion"),
    ),
}

conservar_recien_hechas()
frenar_descargas()
paginas = {
    grupo: [
        st.Page(CARPETA / archivo, title=titulo, url_path=direccion, default=direccion == "inicio")
        for archivo, titulo, direccion in candidatas
        if (CARPETA / archivo).is_file()
    ]
    for grupo, candidatas in GRUPOS.items()
}
pagina = st.navigation(
    {grupo: lista for grupo, lista in paginas.items() if lista}, position="hidden" if st.context.is_embedded else "top"
)
st.set_page_config(page_title=f"{pagina.title} · Delitos a la baja", page_icon="📉", layout="wide")
with explicar_caidas(), corrida(pagina.url_path or "inicio", identificadores):
    pagina.run()
