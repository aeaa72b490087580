"""Actualizar datos con AppTest: de solo lectura se explica; en modo local hay con qué, y todo dice en qué quedó."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from datos import sincronizacion
from datos.almacen import Almacen
from etl import trabajo as escritura
from etl.pantalla import Pantalla


@pytest.fixture
def copia(almacen_espejo, tmp_path):
    """Un almacén que apunta a lo publicado del espejo, para poder anotarle trabajos."""
    (tmp_path / "almacen").mkdir()
    (tmp_path / "almacen" / "publicado").symlink_to(almacen_espejo / "publicado")
    return tmp_path / "almacen"


@pytest.fixture
def local(monkeypatch):
    monkeypatch.setenv("TABLERO_MODO_LOCAL", "si")


def test_de_solo_lectura_dice_como_se_enciende_y_no_ofrece_nada(abrir, almacen_espejo):
    abierta = abrir("actualizar", almacen_espejo)
    assert "Esta instalación es de solo lectura" in abierta.texto
    assert [b.label for b in abierta.prueba.button] == []
    assert len(abierta.prueba.file_uploader) == 0
    assert "Modo local" not in abierta.texto


@pytest.mark.parametrize("pagina", ["inicio", "mapa", "tendencias", "datos_y_metodo", "revisiones", "actualizar"])
def test_el_modo_local_se_anuncia_en_todas(abrir, almacen_espejo, local, pagina):
    assert "Modo local: desde esta máquina se pueden cambiar los datos" in abrir(pagina, almacen_espejo).texto


def test_en_modo_local_se_puede_buscar_y_entregar(abrir, almacen_espejo, local):
    abierta = abrir("actualizar", almacen_espejo)
    assert [b.label for b in abierta.prueba.button] == ["Buscar en la fuente", "Revisar sin publicar"]
    assert abierta.prueba.button[1].disabled
    assert len(abierta.prueba.file_uploader) == 1


@pytest.mark.parametrize(
    ("hoy", "titular", "linea"),
    [
        ("2026-05-25", "Lo publicado está al día: corte de marzo de 2026", "El siguiente corte, abril de 2026"),
        ("2026-05-26", "Falta el corte de abril de 2026: lo publicado llega a marzo de 2026", "ya debería estar"),
    ],
)
def test_la_frescura_depende_de_la_fecha_que_se_le_da(abrir, almacen_espejo, monkeypatch, hoy, titular, linea):
    monkeypatch.setenv("TABLERO_HOY", hoy)
    abierta = abrir("actualizar", almacen_espejo)
    assert abierta.titular == titular
    assert linea in abierta.texto
    assert linea in abrir("inicio", almacen_espejo).texto


def test_sin_nada_publicado_dice_que_etiquetas_descargar(abrir, tmp_path, monkeypatch):
    monkeypatch.setenv("TABLERO_HOY", "2026-04-20")
    texto = abrir("actualizar", tmp_path).texto
    assert "«Enero - marzo 2026 (Fuero común - Delitos). Incidencia delictiva municipal»" in texto
    assert "«2015 - 2025 (Fuero Común - Víctimas). Incidencia delictiva estatal»" in texto


def anotar(raiz, verbo, codigo, mensaje, detalle=None):
    with escritura.abrir(Almacen(raiz), verbo, Pantalla(callada=True), con_turno=verbo != "revisar") as trabajo:
        trabajo.intento("cabeceras llanas", "página del SESNSP", "respondió 403", bien=False)
        trabajo.terminar(codigo, mensaje, detalle)
    return trabajo


def test_lo_que_acabo_mal_se_cuenta_con_lo_que_se_intento(abrir, copia):
    anotar(copia, "actualizar", 4, "La fuente no dio ningún archivo.\nPara seguir a mano: <b>x</b>")
    abierta = abrir("actualizar", copia)
    assert any("Para seguir a mano: <b>x</b>" in t.value for t in abierta.prueba.text)
    assert "respondió 403" in abierta.prueba.dataframe[0].value["En qué acabó"].tolist()
    assert "la fuente no contestó" in abierta.prueba.dataframe[-1].value["En qué acabó"].tolist()


def test_quien_solo_lee_no_ve_rutas_de_la_maquina(abrir, copia, monkeypatch):
    with escritura.abrir(Almacen(copia), "actualizar", Pantalla(callada=True)) as trabajo:
        trabajo.terminar(4, f"Déjelo en {copia / 'entrada'} y repita; el informe está en {copia}/trabajos/x/informe.md")
    (mensaje,) = [t.value for t in abrir("actualizar", copia).prueba.text]
    assert mensaje == "Déjelo en entrada y repita; el informe está en trabajos/x/informe.md"
    monkeypatch.setenv("TABLERO_MODO_LOCAL", "si")
    assert f"Déjelo en {copia / 'entrada'}" in abrir("actualizar", copia).prueba.text[0].value


def test_una_revision_rechazada_muestra_todo_y_no_deja_publicar(abrir, copia, local):
    problemas = [
        {"archivo": "a.csv", "linea": n, "columna": "Modalidad", "esperado": "una categoría del catálogo RNID",
         "encontrado": "«Nueva»"}
        for n in range(2, 40)
    ]  # fmt: skip
    archivos = [
        {"archivo": "a.csv", "sha256": "ab" * 32, "bytes": 1000, "que": "Carpetas, archivo estatal", "detalle": ""}
    ]
    detalle = {"rechazado": problemas, "archivos": archivos, "informe_texto": "# informe"}
    trabajo = anotar(copia, "revisar", 3, "No", detalle)
    (trabajo.carpeta / "recibidos").mkdir()
    abierta = abrir(
        "actualizar",
        copia,
    )
    assert "38 problemas" in abierta.texto
    assert len(abierta.prueba.dataframe[1].value) == 38
    etiquetas = [b.label for b in abierta.prueba.button]
    assert "Publicar" not in etiquetas
    assert "Revisar aceptando categorías sin equivalencia" in etiquetas
    assert [b.proto.label for b in abierta.prueba.get("download_button")] == ["Informe para reportar el cambio"]


def test_una_revision_buena_dice_que_cambiaria_y_deja_publicar(abrir, copia, local, monkeypatch):
    cambios = [
        {"metodologia": "RNID", "ambito": "estatal", "archivo": "a.csv", "corte_publicado": "2026-01-01",
         "corte_nuevo": "2026-03-01", "meses_nuevos": 2, "cifras_que_cambian": 50, "neto": 251},
        {"metodologia": "RNID", "ambito": "municipal", "archivo": "b.csv", "corte_publicado": None,
         "corte_nuevo": "2026-03-01", "meses_nuevos": None, "cifras_que_cambian": None, "neto": None},
    ]  # fmt: skip
    archivos = [
        {"archivo": "a.csv", "sha256": "ab" * 32, "bytes": 1000, "que": "Carpetas, archivo estatal", "detalle": ""}
    ]
    detalle = {
        "archivos": archivos,
        "cambios": cambios,
        "avisos": ["ojo"],
        "dejados": ["b.csv: otra cosa"],
        "limites": None,
    }
    trabajo = anotar(copia, "revisar", 0, "Bien", detalle)
    (trabajo.carpeta / "recibidos").mkdir()
    abierta = abrir("actualizar", copia)
    tabla = abierta.prueba.dataframe[1].value
    assert tabla["Corte nuevo"].tolist() == ["mar 2026", "mar 2026"]
    assert tabla["Corte publicado"].tolist() == ["ene 2026", "ninguno"]
    assert tabla["Cifras ya publicadas que cambian"].iloc[0] == 50
    pedidos = []
    monkeypatch.setattr("datos.trabajos.subprocess.Popen", lambda orden, **_: pedidos.append(orden))
    next(b for b in abierta.prueba.button if b.label == "Publicar").click().run()
    assert pedidos[0][3:5] == ["cargar", str(trabajo.carpeta / "recibidos")]
    assert (
        json.loads(next(iter(Almacen(copia).trabajos.glob("*-cargar-*/trabajo.json"))).read_text())["verbo"] == "cargar"
    )


def test_mientras_hay_un_trabajo_no_se_puede_empezar_otro(abrir, copia, local):
    with escritura.abrir(Almacen(copia), "cargar", Pantalla(callada=True), descripcion="2 archivos") as trabajo:
        trabajo.paso("Construyendo la base")
        abierta = abrir("actualizar", copia)
        assert abierta.prueba.button[0].disabled
        assert "Publicar archivos · Construyendo la base" in abierta.texto
        assert "Publicar archivos · Construyendo la base" in abrir("inicio", copia).texto
        trabajo.terminar(0, "Hecho")
    assert "Construyendo la base" not in abrir("inicio", copia).texto


def test_una_replica_dice_desde_cuando_no_confirma_lo_vigente_y_no_a_quien_sigue(abrir, copia, local, monkeypatch):
    assert "sigue" not in abrir("actualizar", copia).texto.lower()
    ahora = datetime.now(UTC)
    suya = sincronizacion.Sincronizacion(
        "https://sitio.interno/p/actual.json", ahora, ahora - timedelta(hours=5), 4, "Respondió 503.", 7, None, 60.0
    )  # fmt: skip
    (copia / sincronizacion.ARCHIVO).write_text(sincronizacion.como_json(suya), encoding="utf-8")
    dicho = abrir("actualizar", copia).texto
    assert (
        "Sigue la publicación de https://sitio.interno/p/actual.json y no la alcanza (confirmado hace 5 h; 7 fallas"
        in dicho
    )
    monkeypatch.delenv("TABLERO_MODO_LOCAL")
    publico = abrir("actualizar", copia).texto
    assert "Esta máquina sigue lo publicado en otra y no la alcanza (confirmado hace 5 h; 7 fallas seguidas)" in publico
    assert "sitio.interno" not in publico
