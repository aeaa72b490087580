"""Respaldos cifrados y programados: solo los abre su llave, nada queda en claro, se rotan y se sabe de cuándo es el último."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlalchemy import text

from datos import salud, sondeo, ultimo_respaldo
from datos.acuerdos.__main__ import main
from datos.almacen import Almacen
from datos.registro import acuerdos, cifrado, lectura, respaldo, respaldo_programado, seguimientos, siembra
from datos.registro.apertura import donde_esta
from datos.registro.cifrado import Llaves, en_claro
from datos.registro.errores import RespaldoInvalido
from datos.registro.evidencias import Entrega
from observacion import metricas
from servicio import medidores
from tests.integracion.registro.conftest import ANA, HOY, IRMA, MESA, VALORES
from tests.integracion.registro.test_otra_version import RAIZ

SECRETO = "Lo que la Mesa no quiso hacer público"


@pytest.fixture
def lleno(registro, monkeypatch):
    """Un registro con un acuerdo interno y evidencia; nadie recuerda lo que se sondeó antes."""
    monkeypatch.delenv(cifrado.VARIABLE, raising=False)
    monkeypatch.delenv(ultimo_respaldo.VARIABLE_HORAS, raising=False)
    monkeypatch.setattr(sondeo, "_ultimos", {})
    monkeypatch.setattr(sondeo, "SEGUNDOS_QUE_VALE", 0.0)
    monkeypatch.setattr(medidores, "SEGUNDOS_QUE_VALE", 0.0)
    suyo = acuerdos.crear(registro, ANA, MESA, {**VALORES, "texto": SECRETO, "publico": "no"})
    lista = Entrega("Lista", HOY, archivo="lista.txt", contenido=SECRETO.encode())
    seguimientos.registrar(registro, ANA, suyo.id, suyo.version, cumplimiento=4, nota="x", dia=HOY, entregas=[lista])
    return registro


@pytest.fixture
def llave(tmp_path, capsys):
    """Una llave hecha con el verbo: (clave pública, archivo)."""
    archivo = tmp_path / "llave.txt"
    assert main(["claves", str(archivo)]) == 0
    return capsys.readouterr().out.splitlines()[0], archivo


def de_ssh(tmp_path):
    suya = Ed25519PrivateKey.generate()
    archivo = tmp_path / "id_ed25519"
    archivo.write_bytes(suya.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    return suya.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode(), archivo


def sin_restos(*carpetas):
    """Nada en claro: ni carpetas pasajeras ni archivos con lo que se escribió."""
    for carpeta in carpetas:
        for archivo in carpeta.rglob("*"):
            assert not archivo.name.startswith(cifrado.PREFIJO), archivo
            assert ".zip." not in archivo.name or archivo.name.endswith((".age", ".sha256")), archivo


def test_la_llave_la_escribe_el_verbo_y_nunca_reemplaza_otra(llave, capsys):
    publica, archivo = llave
    assert publica.startswith("age1")
    assert archivo.stat().st_mode & 0o777 == 0o600
    renglones = archivo.read_text().splitlines()
    assert renglones[1] == f"# public key: {publica}"
    assert str(pyrage.x25519.Identity.from_str(renglones[2]).to_public()) == publica
    antes = archivo.read_bytes()
    assert main(["claves", str(archivo)]) == 3
    assert archivo.read_bytes() == antes
    assert "AGE-SECRET-KEY" not in capsys.readouterr().out


def test_cifrado_a_dos_llaves_se_restaura_con_cualquiera_y_no_deja_nada_en_claro(
    lleno, llave, tmp_path, monkeypatch, capsys
):
    (publica, archivo), (de_otra, ssh) = llave, de_ssh(tmp_path)
    monkeypatch.setenv(cifrado.VARIABLE, f"{publica}, {de_otra}")
    destino = tmp_path / "fuera"
    assert main(["respaldar", "--carpeta", str(destino)]) == 0
    assert "Cifrado para" in capsys.readouterr().out
    (hecho,) = destino.glob("*.age")
    assert hecho.stat().st_mode & 0o777 == 0o600
    for suyo in destino.iterdir():
        assert SECRETO.encode() not in suyo.read_bytes()
        assert b"PK\x03\x04" not in suyo.read_bytes()
    subprocess.run(["sha256sum", "-c", f"{hecho.name}.sha256"], cwd=destino, check=True, capture_output=True)
    sin_restos(tmp_path)
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    for numero, identidad in enumerate((archivo, ssh)):
        otra = tmp_path / f"otra-{numero}"
        assert main(["restaurar", str(hecho), "--identidad", str(identidad), "--almacen", str(otra)]) == 0
        (suyo,) = lectura.expedientes(donde_esta(Almacen(otra)), IRMA)
        assert suyo.acuerdo.texto == SECRETO
        sin_restos(otra)


def test_lo_que_se_abre_para_restaurar_solo_lo_lee_este_usuario_y_se_borra_aunque_falle(
    lleno, llave, tmp_path, monkeypatch
):
    monkeypatch.setenv(cifrado.VARIABLE, llave[0])
    hecho = respaldo_programado.guardar(lleno, IRMA, tmp_path / "r.zip", tmp_path / "privada")

    def usarlo_y_fallar():
        with en_claro(hecho.archivo, Llaves(llave[1]), tmp_path / "p") as claro:
            assert claro.stat().st_mode & 0o777 == 0o600
            assert claro.parent.stat().st_mode & 0o777 == 0o700
            assert respaldo.revisar(claro) == hecho.respaldo
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        usarlo_y_fallar()
    sin_restos(tmp_path)


@pytest.mark.parametrize(
    "que", ["otra llave", "sin llave", "cortado", "cortado en bloque", "un byte", "encabezado", "vacío"]
)
def test_lo_que_no_se_abre_entero_no_cambia_nada(lleno, llave, tmp_path, monkeypatch, capsys, que):
    monkeypatch.setenv(cifrado.VARIABLE, llave[0])
    # Más de un bloque de 64 KB, para cortarlo justo entre dos.
    grande = Entrega("Grande", HOY, archivo="g.txt", contenido=os.urandom(90_000).hex().encode())
    suyo = lectura.expedientes(lleno, ANA)[0].acuerdo
    seguimientos.registrar(lleno, ANA, suyo.id, suyo.version, cumplimiento=5, nota="x", dia=HOY, entregas=[grande])
    hecho = respaldo_programado.guardar(lleno, IRMA, tmp_path / "r.zip", tmp_path / "privada").archivo
    cuerpo, llaves = hecho.read_bytes(), ["--identidad", str(llave[1])]
    fin_del_encabezado = cuerpo.index(b"\n---") + 49
    if que == "otra llave":
        assert main(["claves", str(tmp_path / "ajena.txt")]) == 0
        llaves = ["--identidad", str(tmp_path / "ajena.txt")]
    elif que == "sin llave":
        llaves = []
    malo = tmp_path / "malo.zip.age"
    malo.write_bytes(
        {
            "cortado": cuerpo[:-1],
            "cortado en bloque": cuerpo[: fin_del_encabezado + 16 + 65_552],
            "un byte": cuerpo[:-500] + bytes([cuerpo[-500] ^ 1]) + cuerpo[-499:],
            "encabezado": cuerpo[:60] + (b"B" if cuerpo[60:61] == b"A" else b"A") + cuerpo[61:],
            "vacío": b"",
        }.get(que, cuerpo)
    )
    sello = lleno.sello()
    capsys.readouterr()
    for verbo in ("restaurar", "revisar"):
        assert main([verbo, str(malo), *llaves]) == 3
        dicho = capsys.readouterr().err
        assert "No se cambió nada" in dicho or "no hay con qué comprobarlo" in dicho
        assert "Traceback" not in dicho
        assert "AGE-SECRET" not in dicho
    assert lleno.sello() == sello
    sin_restos(tmp_path)


def test_revisar_dice_hasta_donde_se_puede_saber(lleno, llave, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(cifrado.VARIABLE, llave[0])
    hecho = respaldo_programado.guardar(lleno, IRMA, tmp_path / "r.zip", tmp_path / "p").archivo
    sello = lleno.sello()
    assert main(["revisar", str(hecho)]) == 0
    assert "para comprobarlo por dentro" in capsys.readouterr().out
    assert main(["revisar", str(hecho), "--identidad", str(llave[1])]) == 0
    assert "está completo" in capsys.readouterr().out
    hecho.write_bytes(hecho.read_bytes() + b"x")
    assert main(["revisar", str(hecho)]) == 3
    assert lleno.sello() == sello


def test_una_llave_o_un_respaldo_bajo_frase(lleno, tmp_path, monkeypatch, capsys):
    (tmp_path / "frase").write_text("caballo correcto batería grapa\n", encoding="utf-8")
    (tmp_path / "mala").write_text("otra\n", encoding="utf-8")
    assert main(["claves", str(tmp_path / "llave"), "--frase", str(tmp_path / "frase")]) == 0
    publica = capsys.readouterr().out.splitlines()[0]
    assert b"AGE-SECRET-KEY" not in (tmp_path / "llave").read_bytes()
    monkeypatch.setenv(cifrado.VARIABLE, publica)
    hecho = respaldo_programado.guardar(lleno, IRMA, tmp_path / "r.zip", tmp_path / "p").archivo
    con_llave = ["revisar", str(hecho), "--identidad", str(tmp_path / "llave")]
    assert main(con_llave) == 3
    assert main([*con_llave, "--frase", str(tmp_path / "mala")]) == 3
    assert main([*con_llave, "--frase", str(tmp_path / "frase")]) == 0
    monkeypatch.delenv(cifrado.VARIABLE)
    claro = respaldo_programado.guardar(lleno, IRMA, tmp_path / "c.zip", tmp_path / "p").archivo
    (tmp_path / "f.age").write_bytes(pyrage.passphrase.encrypt(claro.read_bytes(), "caballo correcto batería grapa"))
    assert main(["revisar", str(tmp_path / "f.age"), "--frase", str(tmp_path / "frase")]) == 0
    assert main(["revisar", str(tmp_path / "f.age"), "--frase", str(tmp_path / "mala")]) == 3


@pytest.mark.parametrize(
    "mala", ["AGE-SECRET-KEY-1QQQSECRETA", "-----BEGIN OPENSSH PRIVATE KEY-----", "age1noes", "hola"]
)
def test_una_clave_que_no_es_publica_detiene_el_respaldo(lleno, tmp_path, monkeypatch, capsys, mala):
    monkeypatch.setenv(cifrado.VARIABLE, mala)
    assert main(["respaldar", "--carpeta", str(tmp_path / "fuera")]) == 3
    dicho = capsys.readouterr().err
    assert "No se hizo el respaldo" in dicho
    assert "QQQSECRETA" not in dicho
    (renglon,) = (tmp_path / "fuera" / "respaldos.jsonl").read_text("utf-8").splitlines()
    assert json.loads(renglon)["resultado"] == "falló"
    assert [a.name for a in (tmp_path / "fuera").iterdir()] == ["respaldos.jsonl"]


def test_sin_clave_se_dice_sin_rodeos(lleno, tmp_path, capsys):
    assert main(["respaldar", str(tmp_path / "r.zip")]) == 0
    assert "SIN CIFRAR" in capsys.readouterr().out
    assert main(["respaldar", str(tmp_path / "r.zip.age")]) == 3
    assert main(["respaldar"]) == 2
    assert main(["respaldar", str(tmp_path / "r.zip"), "--carpeta", str(tmp_path)]) == 2
    assert main(["respaldar", "--carpeta", str(tmp_path), "--conservar", "0,0,0"]) == 2


def test_rota_lo_suyo_no_toca_lo_ajeno_y_si_falla_no_quita_nada(lleno, tmp_path, monkeypatch, capsys):
    destino = tmp_path / "fuera"
    destino.mkdir()
    ayer = datetime.now(UTC) - timedelta(days=1)
    viejos = [f"registro-{ayer - timedelta(days=d):%Y%m%dT%H%M%SZ}-r0001.zip" for d in range(60)]
    for nombre in viejos:
        (destino / nombre).write_bytes(b"viejo")
        (destino / f"{nombre}.sha256").write_text("x")
    ajenos = ["notas.txt", "registro.zip", "registro-2026.zip"]
    for nombre in ajenos:
        (destino / nombre).write_text("ajeno")
    monkeypatch.setenv(cifrado.VARIABLE, "no es una clave")
    assert main(["respaldar", "--carpeta", str(destino), "--conservar", "3,0,0"]) == 3
    assert len(list(destino.glob("registro-*-r*.zip"))) == 60
    monkeypatch.delenv(cifrado.VARIABLE)
    assert main(["respaldar", "--carpeta", str(destino), "--conservar", "3,0,0"]) == 0
    assert "Viejos que se quitaron: 58; en la carpeta hay 3" in capsys.readouterr().out
    quedan = sorted(a.name for a in destino.glob("registro-*-r*.zip"))
    assert quedan[:2] == sorted(viejos)[-2:]
    assert respaldo.revisar(destino / quedan[2]).renglones["acuerdo"] == 1
    assert len(list(destino.glob("*.sha256"))) == 3
    assert all((destino / n).exists() for n in ajenos)
    renglones = [json.loads(r) for r in (destino / "respaldos.jsonl").read_text("utf-8").splitlines()]
    assert [r["resultado"] for r in renglones] == ["falló", "hecho"]
    assert len(renglones[1]["quitados"]) == 58


def test_si_falta_evidencia_se_hace_se_dice_y_sale_con_cuatro(lleno, tmp_path, capsys):
    for archivo in lleno.evidencia.rglob("*"):
        if archivo.is_file():
            archivo.unlink()
    with lleno.escribir(IRMA) as sesion:
        sesion.execute(text("DELETE FROM contenido"))
    (tmp_path / "fuera").mkdir()
    viejo = tmp_path / "fuera" / f"registro-{datetime.now(UTC):%Y%m%d}T000000Z-r0001.zip"
    viejo.write_bytes(b"el de hace rato, que la trae")
    assert main(["respaldar", "--carpeta", str(tmp_path / "fuera"), "--conservar", "1,0,0"]) == 4
    assert viejo.exists()
    assert "faltan 1 archivo(s) de evidencia" in capsys.readouterr().out
    (renglon,) = (tmp_path / "fuera" / "respaldos.jsonl").read_text("utf-8").splitlines()
    assert json.loads(renglon)["resultado"] == "incompleto"
    hallada = salud.revisar(Almacen(tmp_path))
    assert "le faltan 1" in hallada.respaldo.en_palabras(hallada.ahora)


def test_se_sabe_de_cuando_es_el_ultimo_y_si_ya_es_mucho(lleno, tmp_path, monkeypatch):
    almacen = Almacen(tmp_path)

    def dicho():
        hallada = salud.revisar(almacen)
        return salud.como_datos(hallada)["respaldo"], dict(salud.renglones(hallada))["Último respaldo"]

    assert dicho()[0] == {"edad_segundos": None, "atrasado": True}
    assert "nunca se ha hecho" in dicho()[1]
    assert "tablero_respaldo_atrasado 1" in metricas.exponer()
    assert main(["respaldar", str(tmp_path / "r.zip")]) == 0
    datos, palabras = dicho()
    assert datos["edad_segundos"] < 60
    assert not datos["atrasado"]
    assert palabras.endswith(", sin cifrar")
    assert "tablero_respaldo_atrasado 0" in metricas.exponer()
    viejo = ultimo_respaldo.UltimoRespaldo(datetime.now(UTC) - timedelta(hours=30), True, 0)
    with lleno.escribir(IRMA) as sesion:
        siembra.recordar(sesion, ultimo_respaldo.CLAVE_DE_AJUSTE, ultimo_respaldo.escribir(viejo))
    datos, palabras = dicho()
    assert datos["atrasado"]
    assert 107_990 < datos["edad_segundos"] < 108_100
    assert "hace 30 h, cifrado. Es demasiado" in palabras
    monkeypatch.setenv(ultimo_respaldo.VARIABLE_HORAS, "48")
    assert not dicho()[0]["atrasado"]
    # Quien restaura ese respaldo en otra instalación no hereda que está respaldada.
    monkeypatch.delenv("TABLERO_REGISTRO", raising=False)
    assert main(["respaldar", str(tmp_path / "r2.zip"), "--almacen", str(tmp_path)]) == 0
    assert main(["restaurar", str(tmp_path / "r2.zip"), "--almacen", str(tmp_path / "otra")]) == 0
    assert salud.como_datos(salud.revisar(Almacen(tmp_path / "otra")))["respaldo"]["atrasado"]
    assert salud.como_datos(salud.revisar(Almacen(tmp_path / "sin-nada")))["respaldo"]["atrasado"] is False


def test_lo_que_dejo_un_proceso_muerto_se_quita_y_lo_reciente_no(tmp_path):
    for nombre, horas in (("viejo", 7), ("nuevo", 1)):
        resto = tmp_path / f"{cifrado.PREFIJO}{nombre}"
        resto.mkdir()
        (resto / "respaldo.zip").write_text(SECRETO)
        cuando = time.time() - horas * 3600
        os.utime(resto, (cuando, cuando))
    with cifrado.aparte(tmp_path):
        pass
    assert [a.name for a in tmp_path.iterdir()] == [f"{cifrado.PREFIJO}nuevo"]


def test_detenerlo_a_la_mitad_no_deja_nada(lleno, tmp_path):
    """Como lo detiene systemd: con el respaldo ya en claro y sin haber llegado a la carpeta."""
    guion = (
        "import time; from datos.registro import cifrado, respaldo; from datos.acuerdos.__main__ import main\n"
        "def lento(*a):\n    print('ya', flush=True); time.sleep(60)\n"
        "respaldo.revisar = lento\n"
        f"raise SystemExit(main(['respaldar', '--carpeta', {str(tmp_path / 'fuera')!r}]))"
    )
    proceso = subprocess.Popen([sys.executable, "-c", guion], cwd=RAIZ, stdout=subprocess.PIPE, text=True)
    assert proceso.stdout.readline() == "ya\n"
    assert list((tmp_path / "registro").glob(f"{cifrado.PREFIJO}*"))
    proceso.send_signal(signal.SIGTERM)
    assert proceso.wait(20) == 130
    proceso.stdout.close()
    sin_restos(tmp_path)
    assert list((tmp_path / "fuera").glob("registro-*")) == []


def test_un_disco_que_guarda_otra_cosa_se_descubre(lleno, llave, tmp_path, monkeypatch):
    monkeypatch.setenv(cifrado.VARIABLE, llave[0])
    de_verdad = pyrage.encrypt_io

    def mal_disco(entrada, salida, para):
        de_verdad(entrada, salida, para)
        salida.seek(-10, os.SEEK_END)
        salida.write(b"\0")

    monkeypatch.setattr(pyrage, "encrypt_io", mal_disco)
    with pytest.raises(RespaldoInvalido, match="no se puede volver a abrir"):
        respaldo_programado.guardar(lleno, IRMA, tmp_path / "r.zip", tmp_path / "p")
    assert list(tmp_path.glob("*r.zip*")) == []
