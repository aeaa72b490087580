"""Series mensuales: quiebre metodológico, meses provisionales y huecos a la vista."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

COLORES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
QUIEBRE = pd.Timestamp("2026-01-01")
GRIS = "#6b7280"


def serie_mensual(tabla: pd.DataFrame, nombres: dict[str, str]) -> go.Figure:
    """Una línea por lugar desde cero; los meses sin dato cortan la línea y los provisionales van punteados.

    ``tabla``: lugar, fecha, conteo (carpetas del mes), provisional. ``nombres``: rótulo de cada lugar.
    """
    figura = go.Figure()
    todos = pd.date_range(tabla["fecha"].min(), tabla["fecha"].max(), freq="MS")
    for numero, (lugar, propia) in enumerate(tabla.groupby("lugar", sort=False)):
        color = COLORES[numero % len(COLORES)]
        completa = propia.set_index("fecha").reindex(todos)
        provisional = completa["provisional"].fillna(False).astype(bool)
        firme = completa["conteo"].where(~provisional)
        # El tramo provisional empieza en el último mes firme, para que la línea no se parta ahí.
        tramo = completa["conteo"].where(provisional | provisional.shift(-1, fill_value=False))
        comun = {"x": todos, "mode": "lines", "showlegend": False, "connectgaps": False}
        plantilla = f"{nombres[str(lugar)]}, %{{x|%m/%Y}}: %{{y:,.0f}} carpetas"
        figura.add_trace(
            go.Scatter(y=firme, line={"color": color, "width": 2}, hovertemplate=plantilla + "<extra></extra>", **comun)
        )
        figura.add_trace(
            go.Scatter(
                y=tramo,
                line={"color": color, "width": 2, "dash": "dot"},
                hovertemplate=plantilla + " (provisional)<extra></extra>",
                **comun,
            )
        )
        ultimo = propia.iloc[-1]
        figura.add_annotation(
            x=ultimo["fecha"], y=ultimo["conteo"], text=nombres[str(lugar)], showarrow=False, xanchor="right",
            yshift=12, font={"color": color, "size": 14},
        )  # fmt: skip
    if todos[0] < QUIEBRE <= todos[-1]:
        figura.add_vline(x=QUIEBRE, line={"dash": "dash", "color": GRIS, "width": 1})
        figura.add_annotation(
            x=QUIEBRE, y=1, yref="paper", text="cambio de metodología", showarrow=False, xanchor="right", xshift=-4,
            font={"color": GRIS, "size": 12},
        )  # fmt: skip
    figura.update_yaxes(rangemode="tozero", title="carpetas por mes", tickformat=",d", gridcolor="#e5e7eb")
    figura.update_xaxes(tickformat="%Y", gridcolor="#f3f4f6")
    figura.update_layout(
        height=460,
        margin={"l": 60, "r": 20, "t": 20, "b": 40},
        plot_bgcolor="white",
        font={"size": 14},
        separators=".,",
    )
    return figura
