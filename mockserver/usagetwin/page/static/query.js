// The chart of an answer, and days for who does not have Unix seconds in mind.

import { MARGIN, colour, draw, plain } from "./chart.js";

const COLOURS = 11;
const WRITTEN = new Intl.NumberFormat("en"); // toLocaleString looks for it again for each value

/** Fetch the answer as a client has it; an integer that a number can't hold keeps its digits beside it. */
async function answer() {
  const link = document.querySelector('a[href^="/__twin__/page/query/answer"]');
  const text = await (await fetch(link.href)).text();
  return JSON.parse(text, (_key, value, context) =>
    typeof value === "number" && !Number.isSafeInteger(value) && context?.source
      ? { value, digits: context.source }
      : value,
  );
}

function height(cell) {
  return typeof cell === "object" && cell ? cell.value : cell;
}

function digits(cell) {
  if (typeof cell === "number") return WRITTEN.format(cell);
  return typeof cell === "object" && cell ? cell.digits : (cell ?? "").toLocaleString("en");
}

async function drawAnswer(element) {
  const { metadata, series } = await answer();
  const labels = [...new Set(series.flatMap((point) => Object.keys(point)))].filter((label) => label !== "time");
  await draw(element, () => ({
    traces: labels.map((label, place) => ({
      type: "scatter",
      mode: "lines+markers",
      name: plain(metadata[label]?.projectKey ?? label),
      x: series.map((point) => new Date(point.time).toISOString().slice(0, 19)),
      y: series.map((point) => height(point[label])),
      customdata: series.map((point) => digits(point[label])),
      hovertemplate: "%{customdata}",
      line: { color: colour(`--c${place % COLOURS}`) },
      marker: { size: series.length > 100 ? 2 : 6 },
    })),
    layout: {
      showlegend: labels.length > 1,
      margin: MARGIN,
      xaxis: { type: "date", automargin: false, fixedrange: true, gridcolor: colour("--grid") },
      yaxis: { rangemode: "tozero", tickformat: "~s", automargin: false, fixedrange: true, gridcolor: colour("--grid") },
    },
  }));
}

const element = document.getElementById("chart");
if (element) {
  drawAnswer(element).catch((error) => {
    const place = document.getElementById("failed");
    place.textContent = error.message;
    place.hidden = false;
  });
}

document.querySelectorAll("input[data-fills]").forEach((day) => {
  const seconds = document.getElementById(day.dataset.fills);
  const show = () => {
    day.value = /^[0-9]{1,10}$/.test(seconds.value) ? new Date(seconds.value * 1000).toISOString().slice(0, 10) : "";
  };
  day.closest(".day").hidden = false;
  show();
  seconds.addEventListener("input", show);
  day.addEventListener("input", () => {
    seconds.value = day.value ? String(Date.parse(`${day.value}T00:00:00Z`) / 1000) : "";
  });
});
