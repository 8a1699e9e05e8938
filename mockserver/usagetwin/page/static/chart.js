// How a chart is drawn: plotly.js in the colours of the page, which are those of the stylesheet, light or dark.

const DARK = window.matchMedia("(prefers-color-scheme: dark)");
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
const drawn = new Map(); // element: what draws it again

/** Give a colour of the stylesheet, such as `--line`. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Give a text that plotly.js shows as it is: it takes some markup, of which no key of a project is any. */
export function plain(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** What labels of days and of short numbers take; to let plotly.js find that out draws each chart twice and more. */
export const MARGIN = { l: 48, r: 8, t: 8, b: 36, pad: 4 };

let loading = null;

/** Load plotly.js, once, and not before the document itself was painted: to read it takes a browser a while. */
function plotly() {
  if (window.Plotly) return window.Plotly; // a report has it inside
  loading ??= (async () => {
    await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
    const script = document.createElement("script");
    script.src = document.getElementById("plotly").href;
    const loaded = new Promise((resolve, reject) => {
      script.onload = resolve;
      script.onerror = () => reject(new Error("The script for charts can't be loaded: load this page again."));
    });
    document.head.append(script);
    await loaded;
    return window.Plotly;
  })();
  return loading;
}

/** Draw a chart, and draw it again when light becomes dark. `make` gives {traces, layout}, with today's colours. */
export async function draw(element, make) {
  const library = await plotly();
  const { traces, layout } = make();
  await library.react(element, traces, { ...common(), ...layout }, {
    responsive: true,
    displayModeBar: false,
    displaylogo: false,
    scrollZoom: false,
    showTips: false,
  });
  drawn.set(element, make);
  element.dataset.drawn = "true";
}

/** Give the layout that all charts have. */
function common() {
  const axis = {
    gridcolor: colour("--grid"),
    linecolor: colour("--grid"),
    zerolinecolor: colour("--grid"),
    automargin: true,
    fixedrange: true,
  };
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: "system-ui, sans-serif", size: 12, color: colour("--text") },
    hoverlabel: { bgcolor: colour("--raised"), bordercolor: colour("--grid"), font: { color: colour("--text") } },
    margin: { l: 8, r: 8, t: 8, b: 8, pad: 4 },
    transition: { duration: CALM.matches ? 0 : 150 },
    showlegend: false,
    hovermode: "x unified",
    xaxis: axis,
    yaxis: { ...axis, rangemode: "tozero" },
    template: { layout: { xaxis: axis, yaxis: axis } },
  };
}

DARK.addEventListener("change", () => {
  drawn.forEach((make, element) => draw(element, make));
});
