// Una caja de texto que no pierde nada: manda lo escrito al dejar de teclear y, hasta que el servidor contesta que lo guardó,
// conserva una copia en este navegador. Si la red se corta o el servidor se cae, al volver se recupera.

const PAUSA = 600;
const PACIENCIA = 4000; // sin respuesta en tanto, lo mandado se da por perdido y se vuelve a mandar
const PACIENCIA_MAXIMA = 15000;
const instancias = new WeakMap();

const guardadoHace = (desde) => {
  if (desde === null) return "";
  const segundos = Math.max(0, Math.round((Date.now() - desde) / 1000));
  if (segundos < 60) return `guardado hace ${segundos} s`;
  const minutos = Math.round(segundos / 60);
  return minutos < 60 ? `guardado hace ${minutos} min` : `guardado hace ${Math.round(minutos / 60)} h`;
};

class Copia {
  constructor(clave) {
    this.clave = `delitos-a-la-baja/borrador/${clave}`;
  }

  leer() {
    try {
      return JSON.parse(localStorage.getItem(this.clave));
    } catch {
      return null; // sin permiso para guardar, o una copia ilegible: queda el servidor
    }
  }

  escribir(texto) {
    try {
      localStorage.setItem(this.clave, JSON.stringify({ texto, en: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  borrar() {
    try {
      localStorage.removeItem(this.clave);
    } catch {
      return; // lo que no se pudo guardar tampoco hay que borrarlo
    }
  }
}

class Caja {
  constructor(raiz) {
    this.raiz = raiz;
    this.campo = null;
    this.clave = null;
    this.espera = null;
    this.confirmado = null;
    this.reloj = setInterval(() => {
      this.insistir();
      this.decir();
    }, 1000);
    raiz.querySelector(".recuperar").addEventListener("click", () => this.recuperar());
  }

  pintar(datos) {
    this.datos = datos;
    if (this.clave !== datos.clave) this.empezar(datos);
    this.campo.disabled = datos.soloLectura;
    this.raiz.querySelector(".rotulo").textContent = datos.rotulo;
    this.raiz.querySelector(".ayuda").textContent = datos.ayuda;
    if (datos.valor === this.campo.value) {
      if (datos.hace !== null) this.confirmado = Date.now() - datos.hace * 1000;
      if (!this.espera) this.copia.borrar();
    } else if (!this.espera && this.raiz.activeElement !== this.campo && !this.enviado(datos)) {
      this.campo.value = datos.valor;
    }
    this.decir();
  }

  // Lo que llega es de antes de lo último que se mandó: no se pisa lo escrito.
  enviado(datos) {
    return this.ultimo !== undefined && this.ultimo === this.campo.value && datos.valor !== this.ultimo;
  }

  empezar(datos) {
    this.clave = datos.clave;
    this.copia = new Copia(datos.copia);
    this.ultimo = undefined;
    const lugar = this.raiz.querySelector(".lugar");
    const campo = document.createElement(datos.renglones > 1 ? "textarea" : "input");
    campo.id = "campo";
    if (datos.renglones > 1) campo.rows = datos.renglones;
    campo.maxLength = datos.maximo;
    campo.placeholder = datos.ejemplo;
    campo.setAttribute("aria-describedby", "ayuda");
    campo.setAttribute("aria-label", datos.rotulo);
    campo.value = datos.valor;
    campo.addEventListener("input", () => this.escribir());
    campo.addEventListener("change", () => this.mandar());
    lugar.replaceChildren(campo);
    this.campo = campo;
    this.confirmado = datos.hace === null ? null : Date.now() - datos.hace * 1000;
    const copia = this.copia.leer();
    if (copia && datos.vaciada !== null && copia.en < Date.now() - datos.vaciada * 1000) {
      this.copia.borrar(); // era de lo que ya se guardó o se desechó
      return;
    }
    if (!copia || copia.texto === datos.valor) return;
    const servidor = datos.hace === null ? 0 : Date.now() - datos.hace * 1000;
    if (copia.en >= servidor - 2000) {
      // lo de este navegador es lo último: se pone y se manda
      campo.value = copia.texto;
      this.recuperado = true;
      this.mandar();
    } else {
      this.pendiente = copia.texto;
    }
  }

  escribir() {
    this.guardable = this.copia.escribir(this.campo.value);
    this.recuperado = false;
    clearTimeout(this.espera);
    this.espera = setTimeout(() => this.mandar(), PAUSA);
    this.decir();
  }

  mandar() {
    clearTimeout(this.espera);
    this.espera = null;
    if (this.ultimo === this.campo.value || this.datos.soloLectura) return;
    this.ultimo = this.campo.value;
    this.mandado = Date.now();
    this.paciencia = PACIENCIA;
    this.poner("texto", this.campo.value);
  }

  // La red o el servidor se cayeron con lo último en camino: se repite hasta que el servidor diga que lo tiene.
  insistir() {
    if (!this.campo || this.espera || this.ultimo !== this.campo.value || this.campo.value === this.datos.valor) return;
    if (Date.now() - this.mandado < this.paciencia) return;
    this.mandado = Date.now();
    this.paciencia = Math.min(this.paciencia * 2, PACIENCIA_MAXIMA);
    this.poner("texto", this.campo.value);
    this.poner("insiste", this.mandado); // el texto es el mismo: lo que cambia es que se insiste
  }

  recuperar() {
    this.campo.value = this.pendiente;
    this.pendiente = undefined;
    this.escribir();
  }

  decir() {
    if (!this.datos || !this.campo) return;
    const estado = this.raiz.querySelector(".estado");
    const pendiente = this.campo.value !== this.datos.valor;
    estado.dataset.pendiente = pendiente ? "si" : "no";
    let texto = guardadoHace(this.confirmado);
    if (pendiente) texto = this.guardable === false ? "guardando…" : "guardando… (hay copia en este navegador)";
    else if (this.recuperado && texto) texto = `se recuperó lo que había en este navegador; ${texto}`;
    if (estado.textContent !== texto) estado.textContent = texto;
    const quedan = this.datos.maximo - this.campo.value.length;
    this.raiz.querySelector(".cuenta").textContent = quedan < 200 ? `quedan ${quedan}` : "";
    const boton = this.raiz.querySelector(".recuperar");
    boton.hidden = this.pendiente === undefined;
    boton.textContent = "Recuperar lo que se quedó sin enviar en este navegador";
  }

  cerrar() {
    clearInterval(this.reloj);
    if (this.espera) this.mandar();
  }
}

export default function ({ data, parentElement, setStateValue }) {
  let caja = instancias.get(parentElement);
  if (!caja) {
    caja = new Caja(parentElement);
    instancias.set(parentElement, caja);
  }
  caja.poner = setStateValue;
  caja.pintar(data);
  return () => {
    caja.cerrar();
    instancias.delete(parentElement);
  };
}
