// Follows chart.js in one module: draws the charts of a report when they come near to what is seen, or before it is printed.

const waiting = new Map(
  JSON.parse(document.getElementById("charts").textContent).map((chart) => [`chart-${chart.name}`, chart]),
);

/** Give a value with the colours that it names as the stylesheet has them: `--bad` under a key that ends in `color`. */
function coloured(value, key = "") {
  if (typeof value === "string") return /color(scale)?$/.test(key) && value.startsWith("--") ? colour(value) : value;
  if (Array.isArray(value)) return value.map((each) => coloured(each, key));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, coloured(each, name)]));
}

function drawOnce(element) {
  const chart = waiting.get(element.id);
  waiting.delete(element.id);
  return chart && draw(element, () => coloured({ traces: chart.traces, layout: chart.layout }));
}

const seeing = new IntersectionObserver(
  (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => drawOnce(entry.target)),
  { rootMargin: "400px" },
);
for (const id of waiting.keys()) {
  seeing.observe(document.getElementById(id));
}
addEventListener("beforeprint", () => {
  document.querySelectorAll(".finding figure > details").forEach((table) => (table.open = true));
  for (const id of [...waiting.keys()]) {
    const element = document.getElementById(id);
    if (element.offsetParent !== null) drawOnce(element);
  }
});
