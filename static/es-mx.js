// Streamlit no se traduce: aquí se cambian, conforme aparecen, las cadenas suyas que una persona puede encontrar.
// Solo textos completos e idénticos, para no tocar nunca lo que escribe el tablero.
(() => {
  "use strict";
  const CADENAS = {
    "Choose an option": "Elija una opción",
    "Choose options": "Elija opciones",
    "Select all": "Elegir todo",
    "Clear all": "Quitar todo",
    "No results": "Sin resultados",
    "No options to select": "No hay opciones",
    "Drag and drop file here": "Arrastre aquí el archivo",
    "Drag and drop a file here": "Arrastre aquí un archivo",
    "Drag and drop files here": "Arrastre aquí los archivos",
    "Browse files": "Buscar archivos",
    "Upload": "Subir",
    "Add files": "Agregar archivos",
    "Uploading...": "Subiendo…",
    "Running...": "Trabajando…",
    "Stop": "Detener",
    "Rerun": "Volver a correr",
    "Loading...": "Cargando…",
    "Please wait...": "Espere un momento…",
    "Connecting": "Conectando",
    "Connection error": "Se perdió la conexión",
    "Streamlit server is not responding. Are you connected to the internet?":
      "El tablero no responde. Revise la conexión: la página vuelve sola en cuanto la haya.",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:":
      "El tablero se cerró en esta máquina. Para volver a abrirlo:",
    "streamlit run yourscript.py": "python tareas.py iniciar",
    "TypeError:": "Error:",
    "Page not found": "No existe esa página",
    "The page that you have requested does not seem to exist. Running the app's main page.":
      "La dirección pide una página que no existe; se muestra el inicio.",
    "Print": "Imprimir",
    "Settings": "Ajustes",
    "Record a screencast": "Grabar la pantalla",
    "Main menu": "Menú",
    "Close": "Cerrar",
    "Search": "Buscar",
    "Fullscreen": "Pantalla completa",
    "Exit fullscreen": "Salir de pantalla completa",
    "Download as CSV": "Descargar como CSV",
    "Show/hide columns": "Mostrar u ocultar columnas",
    "Sort ascending": "Ordenar de menor a mayor",
    "Sort descending": "Ordenar de mayor a menor",
    "Autosize": "Ajustar el ancho",
    "Pin column": "Fijar la columna",
    "Unpin column": "Soltar la columna",
    "Hide column": "Ocultar la columna",
    "Format": "Formato",
    "Copy to clipboard": "Copiar",
    "View less": "Ver menos",
    "Skip to main content": "Ir al contenido",
    "App pages": "Páginas",
    "Link to heading": "Enlace a este título",
    "Open": "Abrir",
    "file upload": "Subir archivo",
    "yyyy": "aaaa",
    "Empty": "Vacío",
    "Calendar": "Calendario",
    "Choose date": "Elegir la fecha",
    "Previous month": "Mes anterior",
    "Next month": "Mes siguiente",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.":
      "Muévase con las flechas, elija con Entrar y cierre con Escape.",
    "Next": "Siguiente",
    "Previous": "Anterior",
    "Clear": "Quitar",
    "Clear value": "Quitar",
    "Increment": "Sumar",
    "Decrement": "Restar",
    "Failed to generate file for download": "No se pudo hacer el archivo. Nada se perdió: vuelva a pedirlo en un minuto.",
    "AxiosError: Request failed with status code 429": "Subió demasiados archivos en poco tiempo: espere unos minutos y vuelva a elegirlo.",
  };
  const ATRIBUTOS = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
  // Las partes de una fecha llevan el rótulo del tablero detrás: «day, Plazo nuevo».
  const PARTES = { day: "día", month: "mes", year: "año" };
  // Las que llevan algo dentro: en lo que se lee y en los rótulos.
  const FORMAS = [
    [/^(\d+ ?[KMG]B) per file/, "$1 por archivo"],
    [/^You have requested page .*$/, "La dirección pide una página que no existe; se muestra el inicio."],
    [/^Failed to fetch dynamically imported module.*$/, "Esta parte de la página no llegó. Vuelva a pedirla."],
    [
      /^(Error: )?(TypeError|AxiosError|Network Error)\b.*$/,
      "No se pudo subir. Quítelo y elíjalo otra vez; si se repite, vuelva a cargar la página: lo escrito ya está guardado.",
    ],
  ];
  const DE_ROTULOS = [
    [/^Cancel upload of (.*)$/, "Cancelar la subida de $1"],
    [/^Remove (.*)$/, "Quitar $1"],
  ];
  const conForma = (formas, texto) => {
    const suya = formas.find(([forma]) => forma.test(texto));
    return suya && texto.replace(...suya);
  };
  const buscar = (texto) =>
    CADENAS[texto] ?? (texto ?? "").match(/^(day|month|year)(?=, )/)?.[0].replace(/.+/, (p) => texto.replace(p, PARTES[p])) ??
    conForma(DE_ROTULOS, texto ?? "");

  // Los iconos son palabras en inglés que la tipografía convierte en dibujo: cambiarlas los rompe.
  const ICONO = "[data-testid='stIconMaterial'], [translate='no']";

  const traducir = (nodo) => {
    if (nodo.nodeType === Node.TEXT_NODE) {
      if (nodo.parentElement?.closest(ICONO)) return;
      const texto = nodo.data.trim();
      const nueva = CADENAS[texto] ?? conForma(FORMAS, texto);
      if (nueva && !nodo.parentElement?.closest("input, textarea, [contenteditable]:not([data-placeholder])")) nodo.data = nueva;
      return;
    }
    if (nodo.nodeType !== Node.ELEMENT_NODE) return;
    for (const atributo of ATRIBUTOS) {
      const nueva = buscar(nodo.getAttribute(atributo));
      if (nueva) nodo.setAttribute(atributo, nueva);
    }
    for (const hijo of nodo.childNodes) traducir(hijo);
  };

  new MutationObserver((cambios) => {
    for (const cambio of cambios) {
      if (cambio.type === "childList") cambio.addedNodes.forEach(traducir);
      else traducir(cambio.target);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATRIBUTOS,
  });
  document.addEventListener("DOMContentLoaded", () => traducir(document.body));
})();
