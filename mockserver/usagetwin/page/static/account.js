// The charts of the account: the stacked total at once, and each project when it comes into sight.

import { MARGIN, colour, draw, plain } from "./chart.js";
import { fetched, later, whenSeen } from "./data.js";

const AT_ONCE = 50; // projects in one request
const MOST_BARS = 62; // more buckets than these are areas
const asked = new URLSearchParams(window.location.search);
const isLog = asked.get("scale") === "log";

function url(what, places) {
  const query = new URLSearchParams(asked);
  places.forEach((place) => query.append("place", place));
  return `/__twin__/page/account/${what}?${query}`;
}

/** Tell what is written of a value: the digits of its own, where JavaScript's numbers would round it. */
function told(column) {
  return column.exact ? { customdata: column.exact, hovertemplate: "%{customdata}" } : { hovertemplate: "%{y:,d}" };
}

function times(answer, column) {
  return answer.times.slice(answer.times.length - column.values.length);
}

/** Tell of each bucket whether it is the open one. */
function openness(answer, column) {
  const closed = answer.closed - (answer.times.length - column.values.length);
  return column.values.map((_, place) => place >= closed);
}

/** Give a log scale no zeros, which it has no place for. */
function heights(column) {
  return isLog ? column.values.map((value) => value || null) : column.values;
}

function bars(answer, column, name, fill) {
  return {
    type: "bar",
    name: plain(name),
    x: times(answer, column),
    y: heights(column),
    ...told(column),
    marker: {
      color: fill,
      pattern: {
        shape: openness(answer, column).map((open) => (open ? "/" : "")),
        fillmode: "overlay", // stripes over the bar's own colour
        fgcolor: colour("--back"),
        fgopacity: 1,
        size: 6,
      },
    },
  };
}

function area(answer, column, name, fill) {
  return {
    type: "scatter",
    mode: "lines",
    stackgroup: isLog ? undefined : "all",
    name: plain(name),
    x: times(answer, column),
    y: heights(column),
    ...told(column),
    line: { width: isLog ? 1 : 0, color: fill },
    fillcolor: fill,
  };
}

/** Give a line, whose last bucket has a ring where it is open; a long one has no other marks, which take time. */
function line(answer, column, name, ink) {
  const open = openness(answer, column);
  const isLong = open.length > MOST_BARS;
  const whole = {
    type: "scatter",
    mode: isLong ? "lines" : "lines+markers",
    name: plain(name),
    x: times(answer, column),
    y: heights(column),
    ...told(column),
    line: { color: ink, width: 1.5 },
    marker: {
      color: ink,
      symbol: open.map((each) => (each ? "circle-open" : "circle")),
      size: open.map((each) => (each ? 9 : 4)),
      line: { width: open.map((each) => (each ? 2 : 0)) },
    },
  };
  if (!isLong || !open.at(-1)) return [whole];
  const ring = { color: ink, symbol: "circle-open", size: 9, line: { width: 2 } };
  const last = { type: "scatter", mode: "markers", x: whole.x.slice(-1), y: whole.y.slice(-1), marker: ring };
  return [whole, { ...last, hoverinfo: "skip", showlegend: false }];
}

function axes(extra) {
  return {
    margin: MARGIN,
    yaxis: {
      type: isLog ? "log" : "linear",
      rangemode: "tozero",
      tickformat: "~s", // plotly.js writes other large numbers with an attribute that the policy forbids
      automargin: false,
      fixedrange: true,
      gridcolor: colour("--grid"),
      nticks: extra.few ? 4 : 8,
    },
    xaxis: { type: "date", automargin: false, fixedrange: true, gridcolor: colour("--grid"), nticks: extra.few ? 4 : 10 },
  };
}

async function drawTotal() {
  const element = document.getElementById("total");
  const answer = await fetched(document.getElementById("total-data").href);
  const few = answer.times.length <= MOST_BARS;
  await draw(element, () => {
    const layer = few && !isLog ? bars : area;
    const traces = answer.layers.map((column, place) => {
      const isRest = answer.rest && place === answer.layers.length - 1;
      const name = isRest ? "all others" : column.key;
      return layer(answer, column, name, colour(isRest ? "--rest" : `--c${place}`));
    });
    const total = line(answer, answer.total, "all projects", colour("--text"));
    return {
      traces: [...traces, ...total],
      layout: { ...axes({ few: false }), barmode: "stack", showlegend: true, legend: { orientation: "h", y: -0.2 } },
    };
  });
}

async function drawProjects(elements) {
  for (let start = 0; start < elements.length; start += AT_ONCE) {
    const some = elements.slice(start, start + AT_ONCE);
    const answer = await fetched(url("projects", some.map((each) => each.dataset.place)));
    for (const [place, element] of some.entries()) {
      const column = answer.columns[place];
      if (!column || column.key !== element.dataset.key) {
        throw new Error("The account is another one meanwhile: load this page again.");
      }
      await later();
      await draw(element, () => ({
        traces: line(answer, column, column.key, colour("--line")),
        layout: axes({ few: true }),
      }));
    }
  }
}

function fail(error) {
  const place = document.getElementById("failed");
  place.textContent = error.message;
  place.hidden = false;
}

if (document.getElementById("total")) {
  drawTotal().catch(fail);
  whenSeen(document.querySelectorAll(".multiples .chart"), (seen) => drawProjects(seen).catch(fail));
}
