"""Mesas y acuerdos: qué se acordó, quién responde y el cambio observado, igual a una suma directa."""

from datetime import date

from datos.plantilla.columnas import EJEMPLO
from etl.demostracion.mesas import ACUERDOS
from tests.paginas.conftest import uno


def suma(almacen, lugares, delitos, desde, hasta):
    return uno(
        almacen,
        "SELECT sum(conteo) FROM delitos_municipal WHERE list_contains(?::VARCHAR[], cve_mun) "
        "AND list_contains(?::VARCHAR[], delito) AND fecha BETWEEN ? AND ?",
        [list(lugares), list(delitos), desde, hasta],
    )


def test_cada_acuerdo_dice_sus_dos_sumas(abrir, almacen_demostracion):
    abierta = abrir("mesas", almacen_demostracion, folio="02/XVII/2022")
    antes = suma(
        almacen_demostracion, ["22006", "22008", "22011", "22014"], ["robo_negocio", "robo_transeunte"],
        date(2021, 10, 1), date(2022, 9, 1),
    )  # fmt: skip
    despues = suma(
        almacen_demostracion, ["22006", "22008", "22011", "22014"], ["robo_negocio", "robo_transeunte"],
        date(2022, 10, 1), date(2023, 9, 1),
    )  # fmt: skip
    assert (
        f"{antes:,} carpetas de octubre de 2021 a septiembre de 2022; {despues:,} de octubre de 2022" in abierta.texto
    )
    assert abierta.titular.startswith(f"{len(ACUERDOS)} acuerdos públicos de 6 Mesas")
    for dato in ("Responde por la autoridad", "Responde por la ciudadanía", "Cumplimiento", "4 de 5: sustancial"):
        assert dato in abierta.texto


def test_el_cumplimiento_y_el_cambio_no_se_mezclan(abrir, almacen_demostracion):
    texto = abrir("mesas", almacen_demostracion, mesa="demo-1").texto
    assert "son dos cosas y no se mezclan" in texto
    assert "no dice que el acuerdo lo causó" in texto


def test_sin_acuerdos_ofrece_la_plantilla(abrir, almacen_espejo):
    abierta = abrir("mesas", almacen_espejo)
    assert "Todavía no hay acuerdos registrados" in abierta.titular
    assert [b.proto.label for b in abierta.prueba.get("download_button")] == ["Plantilla en XLSX", "Plantilla en CSV"]


def subir(abierta, contenido):
    return abierta.prueba.file_uploader(key="plantilla_llena").set_value(("a.csv", contenido, "text/csv")).run()


def csv(renglon):
    return "\r\n".join([",".join(renglon), ",".join(f'"{v}"' for v in renglon.values())]).encode()


def test_revisar_una_plantilla_lista_todo_y_no_guarda_nada(abrir, almacen_espejo):
    abierta = abrir("mesas", almacen_espejo)
    prueba = subir(abierta, csv({**EJEMPLO, "municipios": "99999", "fecha": "ayer"}))
    assert not prueba.exception
    assert "No se guardó nada" in prueba.error[0].value
    assert {"municipios", "fecha"} <= set(prueba.dataframe[0].value["columna"])
    prueba = subir(abierta, csv(EJEMPLO))
    assert "1 acuerdo(s) sin problemas" in prueba.success[0].value
    assert not (almacen_espejo / "registro" / "acuerdos.json").exists()
