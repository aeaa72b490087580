"""Lo que se vuelve a correr solo también se cuenta: sin eso la espera de quien busca no se vería en las métricas."""

from streamlit.testing.v1 import AppTest

from observacion import metricas


def _pagina():
    import streamlit as st

    from paginas.componentes.pedazo import pedazo

    @pedazo("prueba")
    def boton():
        if st.button("Otra vez"):
            st.text("otra")

    @pedazo("rota")
    def rota():
        raise RuntimeError("no")

    boton()
    if st.session_state.get("romper"):
        rota()


def test_un_pedazo_se_cuenta_aparte_y_su_error_tambien():
    bien = metricas.PAGINAS.valor(pagina="prueba (pedazo)", resultado="bien")
    prueba = AppTest.from_function(_pagina).run()
    prueba.button[0].click().run()
    assert not prueba.exception
    assert metricas.PAGINAS.valor(pagina="prueba (pedazo)", resultado="bien") == bien + 2
    prueba.session_state["romper"] = True
    prueba.run()
    assert prueba.exception
    assert metricas.PAGINAS.valor(pagina="rota (pedazo)", resultado="error") == 1
