// El mapa: dibuja una vez las figuras y después solo cambia el color de cada lugar (feature-state de MapLibre).
// Recibe números, no textos ni figuras: la geometría y la biblioteca salen de este mismo servidor y quedan en caché.

const BIBLIOTECA = "app/static/maplibre-6.17.0/maplibre-gl.mjs";
const SIN_NUMERO = "n. d.";
const instancias = new WeakMap();
const descargas = new Map();
let biblioteca = null;

const direccion = (ruta) => new URL(ruta, document.baseURI).href;

const traer = (ruta) => {
  if (!descargas.has(ruta)) {
    descargas.set(
      ruta,
      fetch(direccion(ruta)).then((respuesta) => {
        if (!respuesta.ok) throw new Error(`${ruta}: ${respuesta.status}`);
        return respuesta.json();
      }),
    );
    descargas.get(ruta).catch(() => descargas.delete(ruta));
  }
  return descargas.get(ruta);
};

const bytes = (texto) => Uint8Array.from(atob(texto), (letra) => letra.charCodeAt(0));
const ENTEROS = { 8: Int8Array, 16: Int16Array, 32: Int32Array };

// Enteros cortos, con los bytes bajos primero y los altos después; el menor de su tipo quiere decir «sin dato».
const numeros = ({ bits, base64 }, decimales) => {
  const planos = bytes(base64);
  const ancho = bits / 8;
  const cuantos = planos.length / ancho;
  const juntos = new Uint8Array(planos.length);
  planos.forEach((byte, i) => {
    juntos[(i % cuantos) * ancho + Math.floor(i / cuantos)] = byte;
  });
  return Float64Array.from(new ENTEROS[bits](juntos.buffer), (n) => (n === -(2 ** (bits - 1)) ? NaN : n / 10 ** decimales));
};

const caja = (figuras) => {
  const limites = [Infinity, Infinity, -Infinity, -Infinity];
  const recorrer = (coordenadas) => {
    if (typeof coordenadas[0] === "number") {
      limites[0] = Math.min(limites[0], coordenadas[0]);
      limites[1] = Math.min(limites[1], coordenadas[1]);
      limites[2] = Math.max(limites[2], coordenadas[0]);
      limites[3] = Math.max(limites[3], coordenadas[1]);
    } else coordenadas.forEach(recorrer);
  };
  figuras.forEach((f) => recorrer(f.geometry.coordinates));
  return limites;
};

const rayas = () => {
  const lado = 8;
  const pixeles = new Uint8Array(lado * lado * 4);
  for (let y = 0; y < lado; y += 1) {
    for (let x = 0; x < lado; x += 1) {
      if ((x + y) % lado < 1) pixeles.set([70, 80, 90, 190], 4 * (y * lado + x));
    }
  }
  return { width: lado, height: lado, data: pixeles };
};

const escapar = (texto) => {
  const nodo = document.createElement("span");
  nodo.textContent = texto;
  return nodo.innerHTML;
};

const MILISEGUNDOS_POR_CUADRO = 350;

// La línea del tiempo: pide la película una vez y después corre sola, sin volver al servidor en cada cuadro.
class Tiempo {
  constructor(caja, mapa) {
    this.caja = caja;
    this.mapa = mapa;
    this.correr = caja.querySelector(".correr");
    this.cuadro = caja.querySelector(".cuadro");
    this.rotulo = caja.querySelector(".rotulo");
    this.paso = caja.querySelector(".paso");
    this.fijar = caja.querySelector(".fijar");
    this.correr.addEventListener("click", () => this.alternar());
    this.cuadro.addEventListener("input", () => {
      this.detener();
      this.mostrar(Number(this.cuadro.value));
    });
    this.fijar.addEventListener("click", () => this.mapa.pedir("mes", this.pelicula.meses[Number(this.cuadro.value)]));
  }

  poner(datos) {
    this.caja.hidden = !datos.conTiempo;
    const nueva = datos.pelicula;
    if (!nueva) {
      this.detener();
      this.pelicula = null;
      this.serie = null;
      for (const parte of [this.cuadro, this.paso, this.fijar]) parte.hidden = true;
      this.rotulo.textContent = "";
      this.correr.textContent = "▶ Ver pasar el tiempo";
      return;
    }
    if (this.serie === nueva.clases) return;
    this.serie = nueva.clases;
    this.pelicula = { ...nueva, clases: bytes(nueva.clases) };
    for (const parte of [this.cuadro, this.paso]) parte.hidden = false;
    this.cuadro.max = String(nueva.meses.length - 1);
    this.cuadro.value = "0";
    this.arrancar();
  }

  alternar() {
    if (!this.pelicula) this.mapa.pedir("pelicula", String(Date.now()));
    else if (this.reloj) this.detener();
    else this.arrancar();
  }

  arrancar() {
    if (Number(this.cuadro.value) >= Number(this.cuadro.max)) this.cuadro.value = "0";
    this.correr.textContent = "⏸ Detener";
    this.fijar.hidden = true;
    this.mostrar(Number(this.cuadro.value));
    this.reloj = setInterval(() => {
      const paso = Number(this.paso.querySelector("select").value);
      const siguiente = Number(this.cuadro.value) + paso;
      if (siguiente > Number(this.cuadro.max)) {
        this.mostrar(Number(this.cuadro.max));
        this.detener();
      } else this.mostrar(siguiente);
    }, MILISEGUNDOS_POR_CUADRO);
  }

  detener() {
    clearInterval(this.reloj);
    this.reloj = null;
    if (!this.pelicula) return;
    this.correr.textContent = "▶ Seguir";
    this.fijar.hidden = false;
  }

  mostrar(cuadro) {
    this.cuadro.value = String(cuadro);
    this.rotulo.textContent = this.pelicula.rotulos[cuadro];
    this.cuadro.setAttribute("aria-valuetext", this.pelicula.rotulos[cuadro]);
    this.mapa.colorearCuadro(this.pelicula, cuadro);
  }
}

class Mapa {
  constructor(raiz) {
    this.raiz = raiz;
    this.lienzo = raiz.querySelector(".lienzo");
    this.globo = raiz.querySelector(".globo");
    this.aviso = raiz.querySelector(".aviso");
    this.tiempo = new Tiempo(raiz.querySelector(".tiempo"), this);
    this.botones = raiz.querySelector(".botones");
    this.turno = 0;
  }

  async pintar(datos) {
    this.datos = datos;
    this.turno += 1;
    const turno = this.turno;
    // En un teléfono el país no llena un lienzo alto.
    this.lienzo.style.height = `${Math.min(datos.alto, Math.max(240, this.lienzo.clientWidth * 0.9))}px`;
    this.lienzo.setAttribute("aria-label", datos.descripcion);
    try {
      const [{ Map: MapaLibre }, geometria, bordes] = await Promise.all([
        (biblioteca ??= import(direccion(BIBLIOTECA))),
        traer(datos.geometria),
        datos.bordes ? traer(datos.bordes) : null,
      ]);
      if (turno !== this.turno) return;
      if (geometria.features.length !== datos.cuantos) throw new Error("la geometría no es la de estos datos");
      if (!this.mapa) await this.abrir(MapaLibre);
      if (turno !== this.turno) return;
      if (this.geometria !== datos.geometria) this.poner(geometria, bordes);
      this.colorear();
      this.acercamientos();
      this.tiempo.poner(datos);
      this.aviso.hidden = true;
    } catch (causa) {
      console.warn("mapa:", causa);
      this.aviso.hidden = false;
    }
  }

  abrir(MapaLibre) {
    this.mapa = new MapaLibre({
      container: this.lienzo,
      style: { version: 8, sources: {}, layers: [{ id: "fondo", type: "background", paint: { "background-color": "#ffffff" } }] },
      attributionControl: false,
      cooperativeGestures: false,
      dragRotate: false,
      touchPitch: false,
      maxZoom: 11,
      center: [-102.3, 23.8],
      zoom: 3,
      locale: { "Map.Title": "Mapa" },
      scrollZoom: this.datos.interactivo,
      dragPan: this.datos.interactivo,
      touchZoomRotate: this.datos.interactivo,
      doubleClickZoom: this.datos.interactivo,
      keyboard: this.datos.interactivo,
      fadeDuration: 0,
    });
    this.mapa.touchZoomRotate.disableRotation();
    this.mapa.getCanvas().setAttribute("aria-label", "Mapa: flechas para mover, más y menos para acercar");
    this.mapa.on("mousemove", "lugares", (evento) => this.senalar(evento));
    this.mapa.on("mouseleave", "lugares", () => this.callar());
    this.mapa.on("click", "lugares", (evento) => this.pedir("clic", evento.features[0].properties.clave));
    return new Promise((listo) => this.mapa.once("load", listo));
  }

  poner(geometria, bordes) {
    const { mapa, datos } = this;
    for (const capa of ["elegido", "contornos", "bordes", "rayas", "lugares"]) if (mapa.getLayer(capa)) mapa.removeLayer(capa);
    for (const fuente of ["lugares", "bordes"]) if (mapa.getSource(fuente)) mapa.removeSource(fuente);
    if (!mapa.hasImage("rayas")) mapa.addImage("rayas", rayas());
    mapa.addSource("lugares", { type: "geojson", data: geometria, promoteId: "clave", tolerance: 0.2 });
    mapa.addLayer({
      id: "lugares",
      type: "fill",
      source: "lugares",
      paint: {
        "fill-color": ["to-color", ["feature-state", "color"], "#ffffff"],
        "fill-outline-color": ["to-color", ["feature-state", "orilla"], "rgba(0,0,0,0)"],
      },
    });
    mapa.addLayer({
      id: "rayas",
      type: "fill",
      source: "lugares",
      paint: { "fill-pattern": "rayas", "fill-opacity": ["case", ["boolean", ["feature-state", "rayas"], false], 1, 0] },
    });
    if (bordes) {
      mapa.addSource("bordes", { type: "geojson", data: bordes, tolerance: 0.2 });
      mapa.addLayer({ id: "bordes", type: "line", source: "bordes", paint: { "line-color": "#4b5560", "line-width": 0.9 } });
    }
    mapa.addLayer({
      id: "contornos",
      type: "line",
      source: "lugares",
      paint: {
        "line-color": "#14212b",
        "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.9, 8, 2],
        "line-opacity": ["case", ["boolean", ["feature-state", "contorno"], false], 1, 0],
      },
    });
    mapa.addLayer({
      id: "elegido",
      type: "line",
      source: "lugares",
      filter: ["==", ["get", "clave"], ""],
      paint: { "line-color": "#14212b", "line-width": 3 },
    });
    this.geometria = datos.geometria;
    this.claves = geometria.features.map((f) => f.properties.clave).sort();
    this.puestos = new Map();
    this.caja = caja(geometria.features);
    mapa.fitBounds(this.caja, { padding: 8, duration: 0 });
  }

  colorear() {
    const { mapa, datos } = this;
    const clases = bytes(datos.clases);
    const bits = datos.contornos ? bytes(datos.contornos) : null;
    // Con miles de figuras una orilla por lugar tapa el color.
    const orilla = datos.cuantos < 600 ? "#ffffff" : "rgba(0,0,0,0)";
    this.claves.forEach((clave, i) => {
      const contorno = bits ? ((bits[i >> 3] >> (i & 7)) & 1) === 1 : false;
      const estado = `${datos.paleta[clases[i]]} ${clases[i] === datos.rayada} ${orilla} ${contorno}`;
      if (this.puestos.get(clave) === estado) return;
      this.puestos.set(clave, estado);
      mapa.setFeatureState(
        { source: "lugares", id: clave },
        { color: datos.paleta[clases[i]], rayas: clases[i] === datos.rayada, orilla, contorno },
      );
    });
    this.pasando = false;
    mapa.setFilter("elegido", ["==", ["get", "clave"], datos.elegido ?? ""]);
    this.renglones = datos.renglones.map((r) =>
      r.textos
        ? { ...r, valores: bytes(r.valores) }
        : {
            ...r,
            valores: numeros(r.valores, r.decimales),
            hasta: r.hasta ? numeros(r.hasta, r.decimales) : null,
            formato: new Intl.NumberFormat("es-MX", {
              minimumFractionDigits: r.decimales,
              maximumFractionDigits: r.decimales,
              signDisplay: r.conSigno ? "exceptZero" : "auto",
            }),
          },
    );
    mapa.once("idle", () => this.raiz.host?.setAttribute("data-pintado", datos.version));
  }

  // Un cuadro de la película: solo colores; las cifras de cada lugar vuelven al detenerse.
  colorearCuadro(pelicula, cuadro) {
    this.pasando = true;
    this.callar();
    const inicio = cuadro * this.claves.length;
    this.claves.forEach((clave, i) => {
      const clase = pelicula.clases[inicio + i];
      const rayas = clase === pelicula.rayada;
      const estado = `${pelicula.paleta[clase]} ${rayas} cuadro`;
      if (this.puestos.get(clave) === estado) return;
      this.puestos.set(clave, estado);
      this.mapa.setFeatureState(
        { source: "lugares", id: clave },
        { color: pelicula.paleta[clase], rayas, contorno: false },
      );
    });
  }

  acercamientos() {
    const zonas = this.datos.zonas ?? [];
    this.botones.hidden = zonas.length === 0;
    if (this.botones.dataset.zonas === JSON.stringify(zonas)) return;
    this.botones.dataset.zonas = JSON.stringify(zonas);
    this.botones.replaceChildren(
      ...zonas.map(([nombre, limites]) => {
        const boton = document.createElement("button");
        boton.type = "button";
        boton.textContent = nombre;
        boton.addEventListener("click", () => this.mapa.fitBounds(limites ?? this.caja, { padding: 8, duration: 300 }));
        return boton;
      }),
    );
  }

  senalar(evento) {
    if (this.pasando) return;
    const { clave, nombre } = evento.features[0].properties;
    const i = this.claves.indexOf(clave);
    const partes = this.renglones.map((r) => this.leer(r, i)).join("");
    this.globo.innerHTML = `<strong>${escapar(nombre ?? clave)}</strong>${partes}`;
    this.globo.hidden = false;
    const ancho = this.lienzo.clientWidth;
    const aLaIzquierda = evento.point.x > ancho / 2;
    this.globo.style.left = aLaIzquierda ? "" : `${evento.point.x + 14}px`;
    this.globo.style.right = aLaIzquierda ? `${ancho - evento.point.x + 14}px` : "";
    this.globo.style.top = `${Math.max(0, evento.point.y - 20)}px`;
    this.mapa.getCanvas().style.cursor = "pointer";
  }

  leer(renglon, i) {
    const valor = renglon.valores[i];
    let texto;
    if (renglon.textos) texto = renglon.textos[valor];
    else if (Number.isNaN(valor)) texto = SIN_NUMERO;
    else if (renglon.hasta) texto = `de ${renglon.formato.format(valor)} a ${renglon.formato.format(renglon.hasta[i])}${renglon.unidad}`;
    else texto = `${renglon.formato.format(valor)}${renglon.unidad}`;
    return texto ? `<div>${escapar(renglon.rotulo)}${escapar(texto)}</div>` : "";
  }

  callar() {
    this.globo.hidden = true;
    this.mapa.getCanvas().style.cursor = "";
  }

  cerrar() {
    this.tiempo.detener();
    this.turno += 1;
    this.mapa?.remove();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let mapa = instancias.get(parentElement);
  if (!mapa) {
    mapa = new Mapa(parentElement);
    instancias.set(parentElement, mapa);
  }
  mapa.pedir = setTriggerValue;
  mapa.pintar(data);
  return () => {
    mapa.cerrar();
    instancias.delete(parentElement);
  };
}
