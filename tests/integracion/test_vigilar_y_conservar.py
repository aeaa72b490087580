"""Vigilar con la fecha dada, el estado, la retención, las fichas y traer una versión ya construida."""

import hashlib
import json
import shutil
from datetime import date

import duckdb
import pytest

from datos.almacen import Almacen, publicacion_vigente
from etl.__main__ import main
from etl.fuente.ajustes import VARIABLES, AjusteInvalido, Ajustes, desde_entorno
from etl.vigilancia import decidir
from tests import fabrica
from tests import servidor_de_fuente as sf
from tests.integracion.fuente_de_prueba import NUEVO, VIEJO, cifra, en_zip


def orden(capsys, *argumentos):
    """Corre un verbo y devuelve su código y su respuesta."""
    capsys.readouterr()
    codigo = main([*map(str, argumentos), "--json"])
    return codigo, json.loads(capsys.readouterr().out)


def vigilar(capsys, almacen, hoy):
    return orden(capsys, "vigilar", "--una-vez", "--hoy", hoy, "--almacen", almacen.raiz)


def bitacora(almacen):
    return [json.loads(r) for r in (almacen.raiz / "vigilancia.jsonl").read_text(encoding="utf-8").splitlines()]


def publicados(estatal, municipal):
    return {
        ("RNID", "estatal"): ("a", date.fromisoformat(estatal)),
        ("RNID", "municipal"): ("b", date.fromisoformat(municipal)),
    }


@pytest.mark.parametrize(
    ("hoy", "cortes", "toca", "motivo"),
    [
        ("2026-04-14", publicados("2026-02-01", "2026-02-01"), False, "ya está publicado el corte de febrero de 2026"),
        ("2026-04-15", publicados("2026-02-01", "2026-02-01"), True, "falta el corte de marzo de 2026"),
        ("2026-04-20", publicados("2026-03-01", "2026-02-01"), True, "falta el corte de marzo de 2026"),
        ("2026-04-30", publicados("2026-02-01", "2026-02-01"), True, "marzo de 2026 (atrasado)"),
        ("2026-05-02", publicados("2026-02-01", "2026-02-01"), True, "marzo de 2026 (atrasado)"),
        ("2026-04-20", publicados("2026-03-01", "2026-03-01"), False, "desde el día 15"),
        ("2026-04-02", {}, True, "no están publicados los dos archivos de 2026"),
    ],
)
def test_cuando_toca_buscar(hoy, cortes, toca, motivo):
    decision = decidir(date.fromisoformat(hoy), cortes)
    assert decision.toca is toca
    assert motivo in decision.motivo


def test_vigilar_espera_lo_parcial_publica_lo_completo_y_lo_anota(almacen, fuente, archivos, textos, capsys):
    assert vigilar(capsys, almacen, "2026-04-14")[0] == 0
    assert fuente.peticiones == []
    # El 16 la fuente solo ha puesto el estatal: el municipal sigue en febrero.
    atrasado = en_zip("municipal.csv", textos["viejo"]["rnid_municipal"].encode("cp1252"))
    sf.publicar(fuente, archivos | {"rnid_municipal": ("RNID_municipal.zip", atrasado)})
    codigo, respuesta = vigilar(capsys, almacen, "2026-04-16")
    assert codigo == 4
    assert "se espera y no se cambió nada" in respuesta["error"]
    assert cifra(almacen) == VIEJO
    # El 17 no contesta; el 18 ya está completo; después ya no toca.
    fuente.guion("/pagina", sf.html(sf.DESAFIO))
    assert vigilar(capsys, almacen, "2026-04-17")[0] == 4
    sf.publicar(fuente, archivos)
    assert vigilar(capsys, almacen, "2026-04-18")[0] == 0
    assert cifra(almacen) == NUEVO
    assert vigilar(capsys, almacen, "2026-04-19")[0] == 0
    assert [(r["hoy"][-2:], r["que"]) for r in bitacora(almacen)] == [
        ("14", "no toca"),
        ("16", "parcial"),
        ("17", "sin fuente"),
        ("18", "publicado"),
        ("19", "no toca"),
    ]
    assert bitacora(almacen)[3]["version"] == publicacion_vigente(almacen).version


def test_vigilar_no_publica_lo_que_no_pasa(almacen, fuente, archivos, capsys):
    nombre, contenido = archivos["cnsp_estatal"]
    sf.publicar(fuente, archivos | {"cnsp_estatal": (nombre, contenido.replace(b"Modalidad", b"Medio", 1))})
    assert vigilar(capsys, almacen, "2026-04-18")[0] == 3
    assert cifra(almacen) == VIEJO
    assert bitacora(almacen)[0]["que"] == "rechazado"


def test_estado_dice_lo_recibido_lo_ultimo_y_si_hay_atraso(almacen, fuente, capsys):
    assert vigilar(capsys, almacen, "2026-04-18")[0] == 0
    _, al_dia = orden(capsys, "estado", "--hoy", "2026-05-25", "--almacen", almacen.raiz)
    _, tarde = orden(capsys, "estado", "--hoy", "2026-05-26", "--almacen", almacen.raiz)
    assert (al_dia["atrasado"], tarde["atrasado"], al_dia["demostracion"]) == (False, True, False)
    assert len(al_dia["crudo"]) == 8
    assert {c["corte"] for c in al_dia["cortes"]} == {"2015-12-01", "2026-03-01"}
    assert al_dia["ultimo_intento"]["verbo"] == "vigilar"
    main(["estado", "--hoy", "2026-05-26", "--almacen", str(almacen.raiz)])
    texto = capsys.readouterr().out
    assert "RNID_estatal.zip" in texto
    assert "Atrasado: falta el corte de abril de 2026" in texto


def test_estado_sin_nada(tmp_path, capsys):
    codigo, respuesta = orden(capsys, "estado", "--almacen", tmp_path / "vacio")
    assert codigo == 0
    assert (respuesta["vigente"], respuesta["crudo"], respuesta["ultimo_intento"]) == (None, [], None)


@pytest.fixture
def con_tres_cortes(tmp_path):
    almacen = Almacen(tmp_path / "almacen")
    for mes in (1, 2, 3):
        archivo = fabrica.estatal(tmp_path, f"mes{mes}.csv", anio=2026, meses=mes)
        assert main(["cargar", str(archivo), "--almacen", str(almacen.raiz), "--json"]) == 0
    return almacen


def test_por_omision_se_conservan_todos_los_cortes(con_tres_cortes, capsys):
    _, respuesta = orden(capsys, "retencion", "--aplicar", "--almacen", con_tres_cortes.raiz)
    assert respuesta == {"cortes": None, "aplicado": True, "sobrantes": []}
    assert len([p for p in con_tres_cortes.crudo.iterdir() if not p.suffix]) == 3


def test_la_retencion_quita_lo_viejo_nunca_lo_vigente_y_deja_la_ficha(con_tres_cortes, capsys):
    almacen = con_tres_cortes
    _, ensayo = orden(capsys, "retencion", "--cortes", "2", "--almacen", almacen.raiz)
    assert [s["archivo"] for s in ensayo["sobrantes"]] == ["mes1.csv"]
    assert len([p for p in almacen.crudo.iterdir() if not p.suffix]) == 3
    orden(capsys, "retencion", "--cortes", "1", "--aplicar", "--almacen", almacen.raiz)
    quedan = [p.name for p in almacen.crudo.iterdir() if not p.suffix]
    assert len(quedan) == 1
    assert json.loads((almacen.crudo / f"{quedan[0]}.json").read_text(encoding="utf-8"))["archivo"] == "mes3.csv"
    assert len(list(almacen.crudo.glob("*.json"))) == 3
    assert orden(capsys, "retencion", "--cortes", "0", "--almacen", almacen.raiz)[0] == 2


def test_la_retencion_del_ajuste_se_aplica_al_publicar(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TABLERO_RETENCION", "1")
    almacen = Almacen(tmp_path / "almacen")
    for mes in (1, 2):
        archivo = fabrica.estatal(tmp_path, f"mes{mes}.csv", anio=2026, meses=mes)
        assert main(["cargar", str(archivo), "--almacen", str(almacen.raiz), "--json"]) == 0
    assert len([p for p in almacen.crudo.iterdir() if not p.suffix]) == 1
    monkeypatch.setenv("TABLERO_RETENCION", "varios")
    assert orden(capsys, "retencion", "--almacen", almacen.raiz)[0] == 2


def _servir_version(fuente, almacen, **cambios):
    vigente = publicacion_vigente(almacen)
    ficha = json.loads(almacen.puntero.read_text(encoding="utf-8")) | cambios
    fuente.guion("/v/actual.json", sf.cuerpo(json.dumps(ficha).encode("utf-8")))
    fuente.guion(f"/v/{vigente.ruta.name}", sf.archivo(vigente.ruta.read_bytes(), '"v"'))


def test_traer_una_version_ya_construida(sembrado, fuente, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("etl.remota.ESTATICOS", tmp_path / "static")
    monkeypatch.setenv("TABLERO_PUBLICACION_URL", f"{fuente.direccion}/v/actual.json")
    _servir_version(fuente, Almacen(sembrado))
    destino = Almacen(tmp_path / "nuevo")
    codigo, respuesta = orden(capsys, "traer", "--almacen", destino.raiz)
    assert codigo == 0, respuesta
    assert cifra(destino) == VIEJO
    assert main(["verificar", "--almacen", str(destino.raiz), "--json"]) == 0
    assert (destino.publicado / "geometria.json").is_file()
    codigo, respuesta = orden(capsys, "traer", "--almacen", destino.raiz)
    assert (codigo, respuesta["version"]) == (0, publicacion_vigente(destino).version)
    assert len(fuente.pedidas(".duckdb")) == 1


@pytest.mark.parametrize(
    ("cambios", "codigo", "causa"),
    [
        ({"sha256": "0" * 64}, 3, "la huella no coincide"),
        ({"archivo": "../../fuera.duckdb"}, 3, "no es una versión del tablero"),
        ({"demostracion": True}, 3, "es una demostración"),
        ({"bytes": None}, 3, "no se entiende"),
        (None, 4, "respondió 404"),
        ("html", 4, "página de acceso"),
        ("otra base", 3, "de otra versión del tablero"),
    ],
)
def test_una_version_que_no_sirve_no_se_trae(
    sembrado, fuente, tmp_path, capsys, cambios, codigo, causa, record_property
):
    record_property("falla", f"versión publicada: {causa}")
    destino = Almacen(tmp_path / "nuevo")
    if cambios == "html":
        fuente.guion("/v/actual.json", sf.html(sf.ACCESO))
    elif cambios == "otra base":
        con = duckdb.connect(str(tmp_path / "ajena.duckdb"))
        con.execute("CREATE TABLE x AS SELECT 1 AS a")
        con.close()
        contenido = (tmp_path / "ajena.duckdb").read_bytes()
        _servir_version(fuente, Almacen(sembrado), sha256=hashlib.sha256(contenido).hexdigest())
        fuente.guion(f"/v/{publicacion_vigente(Almacen(sembrado)).ruta.name}", sf.archivo(contenido))
    elif cambios is not None:
        _servir_version(fuente, Almacen(sembrado), **cambios)
    hallado, respuesta = orden(capsys, "traer", f"{fuente.direccion}/v/actual.json", "--almacen", destino.raiz)
    assert hallado == codigo, respuesta
    assert causa in respuesta["error"]
    assert publicacion_vigente(destino) is None
    assert not list(tmp_path.glob("fuera.duckdb"))


def test_traer_sin_direccion_es_un_uso_equivocado(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("TABLERO_PUBLICACION_URL", raising=False)
    assert orden(capsys, "traer", "--almacen", tmp_path / "a")[0] == 2


def test_los_datos_oficiales_reemplazan_limpio_a_la_demostracion(almacen_demostracion, fuente, tmp_path, capsys):
    copia = Almacen(tmp_path / "copia")
    shutil.copytree(almacen_demostracion, copia.raiz)
    codigo, respuesta = orden(
        capsys, "actualizar", "--solo", "sesnsp", "--completo", "--hoy", "2026-04-20", "--almacen", copia.raiz
    )
    assert codigo == 0, respuesta
    assert not publicacion_vigente(copia).demostracion
    assert cifra(copia) == NUEVO
    assert orden(capsys, "demostracion", "--almacen", copia.raiz)[0] == 2
    assert cifra(copia) == NUEVO


def test_los_ajustes_por_omision_son_los_de_verdad_y_cada_uno_se_cambia():
    omision = desde_entorno({})
    assert omision == Ajustes()
    assert omision.pagina.startswith("https://www.gob.mx/sesnsp/")
    assert {v.removeprefix("TABLERO_FUENTE_").lower() for v in VARIABLES.values()} == set(VARIABLES)
    assert desde_entorno({"TABLERO_FUENTE_INTENTOS": "7", "TABLERO_FUENTE_SEGUNDOS_DE_LECTURA": "0.5"}) == Ajustes(
        intentos=7, segundos_de_lectura=0.5
    )


@pytest.mark.parametrize(
    ("variable", "valor"),
    [
        ("TABLERO_FUENTE_INTENTOS", "muchos"),
        ("TABLERO_FUENTE_INTENTOS", "0"),
        ("TABLERO_FUENTE_ESPERA_MAXIMA", "-1"),
        ("TABLERO_FUENTE_ESPERA_MAXIMA", "inf"),
        ("TABLERO_FUENTE_POBLACION_RESPALDO", "otro"),
        ("TABLERO_FUENTE_LIMITES_MUNICIPIOS", "http://x/sin-clave"),
    ],
)
def test_un_ajuste_que_no_se_entiende_se_dice_y_no_toca_nada(almacen, capsys, monkeypatch, variable, valor):
    with pytest.raises(AjusteInvalido):
        desde_entorno({variable: valor})
    monkeypatch.setenv(variable, valor)
    codigo, respuesta = orden(capsys, "actualizar", "--almacen", almacen.raiz)
    assert codigo == 2
    assert "No se cambió nada" in respuesta["error"]
