"""El día del corte: muchas personas a la vez que entran, cambian de página, filtran, tocan el mapa y se llevan archivos.

Cada una actúa sola, con su semilla y a su paso; la espera se cuenta desde el instante en que le tocaba actuar, de modo que un
servidor atorado no se libra por que nadie alcance a pedirle nada más.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.rendimiento.visitante import ErrorDePagina, Visitante

ESTADOS = ("Aguascalientes", "Chihuahua", "Guanajuato", "Jalisco", "Puebla", "Sonora", "Tabasco", "Veracruz")
CLAVES = ("01", "08", "11", "14", "21", "26", "27", "30")
MUNICIPIOS = ("01001", "08037", "11020", "14039", "21114", "26030", "27004", "30193", "09007", "19039")
DELITOS = (
    "Homicidio doloso", "Extorsión", "Fraude", "Amenazas", "Narcomenudeo", "Violencia familiar",
    "Robo a negocio", "Robo de vehículo", "Secuestro",
)  # fmt: skip
# Quién viene y qué hace: páginas por las que anda, con los parámetros de entrada de cada una.
PAGINAS_DE = {
    "analista": ("inicio", "mapa", "mapa", "tendencias", "tendencias", "ficha", "alertas", "revisiones", "datos"),
    "mesa": ("inicio", "ficha", "mesas", "sesion", "alertas", "tendencias", "mapa"),
    "prensa": ("inicio", "tendencias", "mapa", "prensa", "contrastar"),
}
PERSONAS = ("analista", "analista", "mesa", "prensa")
CLASES = ("entrar", "página", "control", "clic en el mapa", "descarga")


@dataclass(frozen=True)
class Accion:
    """Lo que alguien hizo: clase, página, segundos de espera y, si no se pudo, por qué."""

    clase: str
    pagina: str
    segundos: float
    error: str = ""


@dataclass
class Jornada:
    """Lo que pasó: cada acción y los segundos que duró."""

    personas: int
    segundos: float
    acciones: list[Accion] = field(default_factory=list)

    def esperas(self, *clases: str) -> list[float]:
        """Segundos de cada acción que sí se pudo, de esas clases o de todas."""
        return sorted(a.segundos for a in self.acciones if not a.error and (not clases or a.clase in clases))

    def p95(self, *clases: str) -> float:
        """El percentil 95 de esas esperas; infinito si no hubo."""
        esperas = self.esperas(*clases)
        return statistics.quantiles(esperas, n=20)[-1] if len(esperas) > 1 else float("inf")

    def mediana(self) -> float:
        """La espera de en medio."""
        return statistics.median(self.esperas())

    def por_segundo(self) -> float:
        """Corridas de página por segundo (todo menos las descargas)."""
        return len(self.esperas(*CLASES[:-1])) / self.segundos

    def errores(self) -> Counter[str]:
        """Cada motivo por el que algo no se pudo, y cuántas veces."""
        return Counter(a.error for a in self.acciones if a.error)


@dataclass
class Persona:
    """Una visita: quién es, qué semilla lleva y qué tiene enfrente."""

    yo: Visitante
    azar: random.Random
    clase: str
    pagina: str = ""

    async def actuar(self) -> Accion:
        """Hace lo siguiente que haría y dice cuánto esperó."""
        hacer = self._que_hacer()
        try:
            segundos = await getattr(self, f"_{hacer}")()
        except ErrorDePagina as causa:
            return Accion(_NOMBRE[hacer], self.pagina, 0.0, str(causa).split("\n")[0][:200])
        return Accion(_NOMBRE[hacer], self.pagina, segundos)

    def _que_hacer(self) -> str:
        if not self.pagina:
            return "entrar"
        posibles = ["ir"] * 3
        if self._elegibles():
            posibles += ["filtrar"] * 4
        if "mapa_de_lugares" in self.yo.componentes:
            posibles += ["tocar"] * 3
        if self._archivos():
            posibles += ["bajar"]
        return self.azar.choice(posibles)

    async def _entrar(self) -> float:
        self.pagina = self.azar.choice(PAGINAS_DE[self.clase])
        lugar = self.azar.choice(MUNICIPIOS if self.pagina == "ficha" else ("00", *CLAVES))
        return await self.yo.abrir(self.pagina, lugar=lugar)

    async def _ir(self) -> float:
        self.pagina = self.azar.choice([p for p in PAGINAS_DE[self.clase] if p != self.pagina])
        return await self.yo.abrir(self.pagina)

    async def _filtrar(self) -> float:
        llave = self.azar.choice(self._elegibles())
        control = self.yo.controles[llave]
        opciones = [o for o in control.opciones if o in (*DELITOS, *ESTADOS)] or list(control.opciones)
        return await self.yo.elegir(llave, self.azar.choice(opciones))

    async def _tocar(self) -> float:
        municipal = "direccion_entidad" in self.yo.controles
        return await self.yo.tocar("mapa_de_lugares", self.azar.choice(MUNICIPIOS if municipal else CLAVES))

    async def _bajar(self) -> float:
        segundos, cuerpo = await self.yo.bajar(self.azar.choice(self._archivos()))
        if not cuerpo:
            raise ErrorDePagina("el archivo llegó vacío")
        return segundos

    def _elegibles(self) -> list[str]:
        return [ll for ll, c in self.yo.controles.items() if ll.startswith("direccion_") and len(c.opciones) > 1]

    def _archivos(self) -> list[str]:
        # Lo que se baja de paso; los paquetes completos se miden aparte (test_exportar, test_paquetes).
        return [
            r for r, cual in self.yo.botones.items() if cual and r.split(" ")[0] in ("CSV", "XLSX", "PNG", "Parquet")
        ]


_NOMBRE = {"entrar": CLASES[0], "ir": CLASES[1], "filtrar": CLASES[2], "tocar": CLASES[3], "bajar": CLASES[4]}


async def vivir(direccion: str, personas: int, segundos: float, paso: float, semilla: int = 0) -> Jornada:
    """Una jornada de tantas personas, cada una con una acción cada ``paso`` segundos en promedio. Devuelve lo que pasó."""
    jornada = Jornada(personas, segundos)
    empieza = time.perf_counter()

    async def una(numero: int) -> None:
        azar = random.Random(semilla * 10_000 + numero)
        le_toca = empieza + paso * numero / personas
        # Cada quien con su galleta, como la pondría nginx: vuelve siempre al mismo proceso.
        yo = Visitante(direccion, galleta=f"tablero_replica={azar.getrandbits(128):032x}")
        await asyncio.sleep(max(0.0, le_toca - time.perf_counter()))
        try:
            async with yo:
                persona = Persona(yo, azar, PERSONAS[numero % len(PERSONAS)])
                while le_toca - empieza < segundos:
                    await asyncio.sleep(max(0.0, le_toca - time.perf_counter()))
                    tarde = time.perf_counter() - le_toca
                    hecha = await persona.actuar()
                    jornada.acciones.append(Accion(hecha.clase, hecha.pagina, hecha.segundos + tarde, hecha.error))
                    le_toca += paso * azar.uniform(0.5, 1.5)
        except (OSError, TimeoutError) as causa:
            jornada.acciones.append(Accion("entrar", "", 0.0, f"{type(causa).__name__}: {causa}"[:200]))

    await asyncio.gather(*(una(i) for i in range(personas)))
    return jornada
