"""Abrir, migrar, respaldar y restaurar: nada se pierde, ni del registro anterior, ni al pasar de un motor a otro."""

import hashlib
import json
import sqlite3
import zipfile

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from datos import acuerdos as publicos
from datos.acuerdos.__main__ import main
from datos.almacen import Almacen
from datos.plantilla.columnas import EJEMPLO
from datos.registro import acuerdos, borradores, evidencias, lectura, mesas, motor, respaldo, seguimientos
from datos.registro.apertura import donde_esta, registro_de
from datos.registro.errores import RegistroDanado, RegistroMasNuevo, RespaldoInvalido
from datos.registro.evidencias import Entrega
from datos.registro.modelo import Base
from tests.integracion.registro.conftest import ANA, BETO, HOY, IRMA, MESA, ROSA, VALORES

LISTA = Entrega("Lista", HOY, archivo="lista.txt", contenido=b"Asistencia")


@pytest.fixture
def con_todo(registro):
    """Un registro con acuerdos, evidencia verificada, retiros, reprogramaciones y borradores."""
    suyo = acuerdos.crear(registro, ANA, MESA, VALORES)
    otro = acuerdos.crear(registro, ANA, MESA, {**VALORES, "folio": "02/V/2026", "publico": "no"})
    acuerdos.reprogramar(registro, ANA, suyo.id, 1, VALORES_PLAZO, "Faltó equipo", dia=HOY)
    seguimientos.registrar(registro, ANA, suyo.id, 2, cumplimiento=4, nota="ñ 😀", dia=HOY, entregas=[LISTA])
    evidencia = lectura.expediente(registro, ANA, suyo.id).evidencias[0]
    evidencias.verificar(registro, BETO, evidencia.id, evidencia.version)
    acuerdos.retirar_acuerdo(registro, ANA, otro.id, otro.version, "Duplicado")
    borradores.guardar(registro, ANA, MESA, "acuerdo", {"texto": "a medias"})
    return registro


VALORES_PLAZO = HOY.replace(year=2028)


def _igual(uno, otro):
    for lado in (uno, otro):
        respaldo.comprobar(lado)
    with uno.leer() as a, otro.leer() as b:
        for modelo in respaldo.TABLAS:
            filas = [
                sorted(
                    json.dumps(dict(f._mapping), sort_keys=True, default=str)
                    for f in s.execute(modelo.__table__.select())
                )
                for s in (a, b)
            ]
            assert filas[0] == filas[1], modelo.__tablename__


def test_el_modelo_y_las_migraciones_dicen_lo_mismo(abierto):
    with motor.motor(abierto.url).connect() as conexion:
        contexto = MigrationContext.configure(conexion, opts={"compare_type": True})
        diferencias = [d for d in compare_metadata(contexto, Base.metadata) if "alembic_version" not in str(d)]
    assert diferencias == []


def test_un_respaldo_se_restaura_en_otra_maquina_con_todo(con_todo, tmp_path, monkeypatch):
    archivo = tmp_path / "respaldo.zip"
    hecho = respaldo.respaldar(con_todo, IRMA, archivo)
    assert (hecho.renglones["acuerdo"], hecho.renglones["borrador"], hecho.evidencias) == (2, 1, 1)
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    otro = donde_esta(Almacen(tmp_path / "otra"))
    assert respaldo.restaurar(otro, IRMA, archivo)[1] is None
    _igual(con_todo, otro)
    suya = next(e for x in lectura.expedientes(otro, ANA) for e in x.evidencias)
    assert evidencias.descargar(otro, ANA, suya.id)[0] == LISTA.contenido
    acuerdos.crear(otro, ANA, MESA, {**VALORES, "folio": "03/V/2026"})
    respaldo.comprobar(otro)


def test_de_sqlite_a_postgres_y_solo_en_una_base_vacia(tmp_path, monkeypatch, base_nueva):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    de_aqui = registro_de(Almacen(tmp_path))
    mesas.crear(de_aqui, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    acuerdos.crear(de_aqui, ANA, MESA, VALORES)
    respaldo.respaldar(de_aqui, IRMA, tmp_path / "r.zip")
    monkeypatch.setenv("TABLERO_REGISTRO", base_nueva())
    alla = donde_esta(Almacen(tmp_path / "alla"))
    respaldo.restaurar(alla, IRMA, tmp_path / "r.zip")
    _igual(de_aqui, alla)
    acuerdos.crear(alla, ANA, MESA, {**VALORES, "folio": "02/V/2026"})
    with pytest.raises(RespaldoInvalido, match="base vacía"):
        respaldo.restaurar(alla, IRMA, tmp_path / "r.zip")
    assert len(lectura.expedientes(alla, ANA)) == 2


def test_restaurar_conserva_el_registro_que_habia(tmp_path, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    registro = registro_de(Almacen(tmp_path))
    mesas.crear(registro, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    respaldo.respaldar(registro, IRMA, tmp_path / "r.zip")
    acuerdos.crear(registro, ANA, MESA, VALORES)
    _, anterior = respaldo.restaurar(registro, IRMA, tmp_path / "r.zip")
    assert lectura.expedientes(registro, ANA) == []
    with sqlite3.connect(anterior) as conexion:
        assert conexion.execute("SELECT folio FROM acuerdo").fetchall() == [(VALORES["folio"],)]
    conexion.close()
    acuerdos.crear(registro, ANA, MESA, {**VALORES, "folio": "04/V/2026"})
    assert [e.acuerdo.folio for e in lectura.expedientes(registro, ANA)] == ["04/V/2026"]


def _alterar(archivo, destino, miembro, cambiar):
    with zipfile.ZipFile(archivo) as viejo, zipfile.ZipFile(destino, "w") as nuevo:
        for nombre in viejo.namelist():
            cuerpo = viejo.read(nombre)
            if nombre.startswith(miembro):
                cuerpo = cambiar(cuerpo)
            if cuerpo is not None:
                nuevo.writestr(nombre, cuerpo)
    return destino


def _otra_revision(cuerpo):
    return json.dumps({**json.loads(cuerpo), "revision": "9999"}).encode()


def _sin_un_cambio(cuerpo):
    """Quita de la bitácora su último renglón y rehace la huella: el archivo «cuadra» y la historia no."""
    return b"\n".join(cuerpo.splitlines()[:-1]) + b"\n"


@pytest.mark.parametrize(
    ("miembro", "cambiar", "dice"),
    [
        ("tablas/acuerdo", lambda c: c.replace(b"baja", b"alza"), "cambió"),
        ("tablas/bitacora", lambda c: None, "falta"),
        ("evidencia/", lambda c: c + b"x", "cambió"),
        ("manifiesto", lambda c: b"{}", "no es un respaldo"),
        ("manifiesto", _otra_revision, "revisión 9999"),
    ],
)
def test_un_respaldo_alterado_no_cambia_nada(con_todo, tmp_path, miembro, cambiar, dice):
    respaldo.respaldar(con_todo, IRMA, tmp_path / "r.zip")
    malo = _alterar(tmp_path / "r.zip", tmp_path / "malo.zip", miembro, cambiar)
    antes = con_todo.sello()
    with pytest.raises(RespaldoInvalido, match=dice):
        respaldo.restaurar(con_todo, IRMA, malo)
    assert con_todo.sello() == antes
    (tmp_path / "no.zip").write_text("<html>")
    with pytest.raises(RespaldoInvalido):
        respaldo.revisar(tmp_path / "no.zip")


def test_una_historia_que_no_sostiene_las_tablas_no_se_restaura(con_todo, tmp_path, monkeypatch):
    respaldo.respaldar(con_todo, IRMA, tmp_path / "r.zip")
    cortado = _alterar(tmp_path / "r.zip", tmp_path / "c.zip", "tablas/bitacora", _sin_un_cambio)
    with zipfile.ZipFile(cortado) as paquete:
        bitacora = paquete.read("tablas/bitacora.jsonl")

    def rehacer(cuerpo):
        manifiesto = json.loads(cuerpo)
        manifiesto["miembros"]["tablas/bitacora.jsonl"] = hashlib.sha256(bitacora).hexdigest()
        manifiesto["renglones"]["bitacora"] -= 1
        return json.dumps(manifiesto).encode()

    malo = _alterar(cortado, tmp_path / "m.zip", "manifiesto", rehacer)
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    otro = donde_esta(Almacen(tmp_path / "otra"))
    with pytest.raises(RespaldoInvalido, match="bitácora"):
        respaldo.restaurar(otro, IRMA, malo)
    assert not (tmp_path / "otra" / "registro" / "registro.sqlite").exists()


def _registro_anterior(almacen, filas):
    """Lo que dejaba la versión que guardaba en JSON."""
    cuerpo = json.dumps({"columnas": list(EJEMPLO), "acuerdos": filas}, ensure_ascii=False).encode()
    huella = hashlib.sha256(cuerpo).hexdigest()
    almacen.registro.mkdir(parents=True)
    (almacen.registro / f"acuerdos-{huella[:16]}.json").write_bytes(cuerpo)
    (almacen.registro / "acuerdos.json").write_text(
        json.dumps({"archivo": f"acuerdos-{huella[:16]}.json", "sha256": huella, "historia": []})
    )


def test_el_registro_anterior_se_pasa_entero_al_abrir_y_una_sola_vez(tmp_path, monkeypatch, request):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    almacen = Almacen(tmp_path)
    viejas = ("comision", "sin_responsable_porque", "meta_fecha", "plazo_original", "sin_plazo_porque")
    base = {c: v for c, v in EJEMPLO.items() if c not in viejas}
    filas = [
        base,
        {**base, "folio": "04/XLIV/2024", "publico": "no", "nota": "interna"},
        {**base, "folio": "01/II/2024", "mesa_clave": "leon", "mesa": "Mesa de León", "municipios": "11020;11037"},
        {**base, "folio": "02/II/2024", "delitos": "", "canasta": "mesas", "meta_pct": "", "sin_meta_porque": "norma"},
    ]
    _registro_anterior(almacen, filas)
    antes = {r.name: r.read_bytes() for r in almacen.registro.iterdir()}
    registro = registro_de(almacen)
    todos = lectura.expedientes(registro, IRMA)
    assert sorted(e.acuerdo.folio for e in todos) == sorted(f["folio"] for f in filas)
    assert {e.acuerdo.folio for e in todos if e.acuerdo.publico} == set(publicos.acuerdos()["folio"])
    assert all(e.cumplimiento == 3 and e.seguimientos[0].importado for e in todos)
    assert lectura.mesa(registro, IRMA, "leon").municipios == ["11020", "11037"]
    assert {n: (almacen.registro / n).read_bytes() for n in antes} == antes
    respaldo.comprobar(registro)
    motor._motores.clear()
    sello = registro.sello()
    assert registro_de(almacen).sello() == sello


def test_un_registro_anterior_danado_se_dice_y_no_se_pierde(tmp_path, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    almacen = Almacen(tmp_path)
    _registro_anterior(almacen, [EJEMPLO])
    (archivo,) = almacen.registro.glob("acuerdos-*.json")
    archivo.write_text(archivo.read_text(encoding="utf-8").replace("baja", "alza"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RegistroDanado, match="huella"):
            registro_de(almacen)
    assert main(["estado"]) == 3


def test_una_base_mas_nueva_no_se_toca(abierto, tmp_path):
    with abierto.escribir(IRMA) as sesion:
        sesion.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    motor._motores.clear()
    with pytest.raises(RegistroMasNuevo, match="9999"):
        registro_de(Almacen(tmp_path))


def test_un_archivo_que_no_es_registro_se_dice(tmp_path, monkeypatch):
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    almacen = Almacen(tmp_path)
    almacen.registro.mkdir(parents=True)
    (almacen.registro / "registro.sqlite").write_bytes(b"esto no es una base de datos" * 100)
    with pytest.raises(RegistroDanado, match="dañado"):
        registro_de(almacen)
    for mala in ("mysql://x/y", "no es una dirección"):
        monkeypatch.setenv("TABLERO_REGISTRO", mala)
        with pytest.raises(RegistroDanado, match="postgresql"):
            registro_de(almacen)


def test_linea_de_ordenes_de_punta_a_punta(abierto, tmp_path, capsys):
    ruta = tmp_path / "plantilla.csv"
    assert main(["plantilla", str(ruta)]) == 0
    assert main(["importar", str(ruta)]) == 0
    assert "No se guardó nada" in capsys.readouterr().out
    assert main(["importar", str(ruta), "--aceptar"]) == 0
    assert main(["persona", "ana@ejemplo.mx", "mesa", "--mesas", "mesa-ejemplo"]) == 0
    assert main(["persona", "ana@ejemplo.mx", "mesa"]) == 3
    for salida in ("s.csv", "s.xlsx", "s.json", "s.ics"):
        assert main(["exportar", str(tmp_path / salida)]) == 0
        assert (tmp_path / salida).stat().st_size > 0
    assert main(["exportar", str(tmp_path / "s.pdf")]) == 2
    assert main(["respaldar", str(tmp_path / "r.zip")]) == 0
    for verbo in ("comprobar", "migrar", "estado"):
        assert main([verbo]) == 0
    assert "1 acuerdo(s)" in capsys.readouterr().out
    assert main(["restaurar", str(tmp_path / "no.zip")]) == 3
    assert main(["inventado"]) == 2
