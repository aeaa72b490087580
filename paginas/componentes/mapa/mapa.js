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
const decimales = (texto) => new Float32Array(bytes(texto).buffer);

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

class Mapa {
  constructor(raiz, enviar) {
    this.raiz = raiz;
    this.enviar = enviar;
    this.lienzo = raiz.querySelector(".lienzo");
    this.globo = raiz.querySelector(".globo");
    this.aviso = raiz.querySelector(".aviso");
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
    this.mapa.on("click", "lugares", (evento) => this.enviar(evento.features[0].properties.clave));
    return new Promise((listo) => this.mapa.once("load", listo));
  }

  poner(geometria, bordes) {
    const { mapa, datos } = this;
    for (const capa of ["elegido", "bordes", "rayas", "lugares"]) if (mapa.getLayer(capa)) mapa.removeLayer(capa);
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
      id: "elegido",
      type: "line",
      source: "lugares",
      filter: ["==", ["get", "clave"], ""],
      paint: { "line-color": "#14212b", "line-width": 3 },
    });
    this.geometria = datos.geometria;
    this.claves = geometria.features.map((f) => f.properties.clave).sort();
    this.puestos = new Map();
    mapa.fitBounds(caja(geometria.features), { padding: 8, duration: 0 });
  }

  colorear() {
    const { mapa, datos } = this;
    const clases = bytes(datos.clases);
    this.clases = clases;
    // Con miles de figuras una orilla por lugar tapa el color.
    const orilla = datos.cuantos < 600 ? "#ffffff" : "rgba(0,0,0,0)";
    this.claves.forEach((clave, i) => {
      const estado = `${datos.paleta[clases[i]]} ${clases[i] === datos.rayada} ${orilla}`;
      if (this.puestos.get(clave) === estado) return;
      this.puestos.set(clave, estado);
      mapa.setFeatureState(
        { source: "lugares", id: clave },
        { color: datos.paleta[clases[i]], rayas: clases[i] === datos.rayada, orilla },
      );
    });
    mapa.setFilter("elegido", ["==", ["get", "clave"], datos.elegido ?? ""]);
    this.renglones = datos.renglones.map((r) => ({
      ...r,
      valores: r.textos ? bytes(r.valores) : decimales(r.valores),
      formato: r.textos
        ? null
        : new Intl.NumberFormat("es-MX", { minimumFractionDigits: r.decimales, maximumFractionDigits: r.decimales }),
    }));
    mapa.once("idle", () => this.raiz.host?.setAttribute("data-pintado", datos.version));
  }

  senalar(evento) {
    const { clave, nombre } = evento.features[0].properties;
    const i = this.claves.indexOf(clave);
    const partes = this.renglones
      .map((r) => {
        const valor = r.valores[i];
        const texto = r.textos ? r.textos[valor] : Number.isNaN(valor) ? SIN_NUMERO : r.formato.format(valor);
        return texto ? `<div>${escapar(r.rotulo)}${escapar(texto)}${escapar(r.textos || texto === SIN_NUMERO ? "" : r.unidad)}</div>` : "";
      })
      .join("");
    this.globo.innerHTML = `<strong>${escapar(nombre ?? clave)}</strong>${partes}`;
    this.globo.hidden = false;
    const ancho = this.lienzo.clientWidth;
    const aLaIzquierda = evento.point.x > ancho / 2;
    this.globo.style.left = aLaIzquierda ? "" : `${evento.point.x + 14}px`;
    this.globo.style.right = aLaIzquierda ? `${ancho - evento.point.x + 14}px` : "";
    this.globo.style.top = `${Math.max(0, evento.point.y - 20)}px`;
    this.mapa.getCanvas().style.cursor = "pointer";
  }

  callar() {
    this.globo.hidden = true;
    this.mapa.getCanvas().style.cursor = "";
  }

  cerrar() {
    this.turno += 1;
    this.mapa?.remove();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let mapa = instancias.get(parentElement);
  if (!mapa) {
    mapa = new Mapa(parentElement, (clave) => setTriggerValue("clic", clave));
    instancias.set(parentElement, mapa);
  }
  mapa.enviar = (clave) => setTriggerValue("clic", clave);
  mapa.pintar(data);
  return () => {
    mapa.cerrar();
    instancias.delete(parentElement);
  };
}
