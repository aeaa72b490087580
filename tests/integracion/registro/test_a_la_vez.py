"""Veinte personas editando lo mismo cincuenta veces cada una: todo entra o se rechaza diciendo por qué; nada se pisa."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from datos.almacen import Almacen
from datos.registro import acuerdos, borradores, lectura, mesas, respaldo, sesiones
from datos.registro.actor import Actor, Rol
from datos.registro.apertura import registro_de
from datos.registro.errores import Conflicto, DatoInvalido
from datos.registro.modelo import Acuerdo
from tests.integracion.registro.conftest import ANA, HOY, IRMA, MESA, ROSA, VALORES

PERSONAS, EDICIONES = 20, 50


@pytest.fixture
def en_postgres(base_nueva, tmp_path, monkeypatch):
    monkeypatch.setenv("TABLERO_ALMACEN", str(tmp_path))
    monkeypatch.setenv("TABLERO_REGISTRO", base_nueva())
    return registro_de(Almacen(tmp_path))


def _editar_sin_parar(registro, actor, clave, salida):
    """Lee, espera a que los demás también lean y guarda; si chocó, vuelve a leer. Cuenta lo que pasó."""
    aplicadas, rechazadas = [], 0
    salida.wait()
    for numero in range(EDICIONES):
        marca = f"{actor.id} {numero}"
        while True:
            with registro.leer() as sesion:
                version = sesion.get(Acuerdo, clave).version
            try:
                acuerdos.editar(registro, actor, clave, version, {"nota": marca})
            except Conflicto as choque:
                if choque.lo_suyo != {"nota": marca} or not choque.diferencias:
                    pytest.fail(f"un rechazo que no dice qué cambió o perdió lo escrito: {choque}")
                rechazadas += 1
                continue
            aplicadas.append(marca)
            break
    return aplicadas, rechazadas


def test_veinte_personas_por_cincuenta_ediciones_en_postgres(en_postgres):
    mesas.crear(en_postgres, ROSA, clave=MESA, nombre="Mesa", municipios=["01001"], fuente="x")
    suyos = [acuerdos.crear(en_postgres, ANA, MESA, {**VALORES, "folio": f"{n:02d}/V/2026"}).id for n in range(1, 5)]
    gente = [Actor(f"p{n}@ejemplo.mx", f"P{n}", Rol.MESA, frozenset({MESA})) for n in range(PERSONAS)]
    salida = Barrier(PERSONAS)
    with ThreadPoolExecutor(PERSONAS) as hilos:
        tareas = [
            hilos.submit(_editar_sin_parar, en_postgres, actor, suyos[n % len(suyos)], salida)
            for n, actor in enumerate(gente)
        ]
        resultados = [t.result() for t in tareas]
    aplicadas = [marca for suyas, _ in resultados for marca in suyas]
    rechazadas = sum(r for _, r in resultados)
    assert len(aplicadas) == len(set(aplicadas)) == PERSONAS * EDICIONES
    en_bitacora = [
        e.despues["nota"]
        for clave in suyos
        for e in lectura.bitacora(en_postgres, IRMA, acuerdo=clave, limite=10_000)
        if e.accion == "cambio"
    ]
    assert sorted(en_bitacora) == sorted(aplicadas)
    versiones = [lectura.expediente(en_postgres, IRMA, clave).acuerdo.version for clave in suyos]
    assert sum(versiones) - len(suyos) == len(aplicadas)
    respaldo.comprobar(en_postgres)
    print(f"{len(aplicadas):,} ediciones aplicadas, {rechazadas:,} rechazadas con su motivo, 0 perdidas")


def test_dos_que_numeran_a_la_vez_no_repiten(registro):
    """Sesiones y folios se numeran con la Mesa bloqueada."""
    salida = Barrier(6)

    def abrir(_):
        salida.wait()
        return sesiones.abrir(registro, ANA, MESA, fecha=HOY).numero

    def tomar(_):
        salida.wait()
        try:
            return acuerdos.crear(registro, ANA, MESA, VALORES).folio
        except DatoInvalido as rechazo:
            return rechazo.problemas[0].campo

    with ThreadPoolExecutor(6) as hilos:
        assert sorted(hilos.map(abrir, range(6))) == [1, 2, 3, 4, 5, 6]
        assert sorted(hilos.map(tomar, range(6))) == [VALORES["folio"], *["folio"] * 5]


def test_dos_ventanas_que_estrenan_borrador_a_la_vez(registro):
    salida = Barrier(6)

    def guardar(n):
        salida.wait()
        borradores.guardar(registro, ANA, MESA, "acuerdo", {f"campo{n}": "x"})

    with ThreadPoolExecutor(6) as hilos:
        list(hilos.map(guardar, range(6)))
    assert set(borradores.leer(registro, ANA, "acuerdo").contenido) == {f"campo{n}" for n in range(6)}
