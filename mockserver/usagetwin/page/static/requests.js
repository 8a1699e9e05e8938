// The journal, live: rows come by server-sent events, and each is written as text, never as markup.

const live = document.querySelector(".live");
const rows = document.getElementById("rows");
const news = document.getElementById("news");
const pause = document.getElementById("pause");
const MOST_ROWS = 200;
const SAY_EVERY_MS = 2000;

let source = null;
let address = live.dataset.stream;
let unsaid = new Set();
let broken = new Set();
let timer = 0;
let isResting = false;
let isLost = false; // the store of the plays is gone

/** Make an element with text, children and a class. */
function element(name, { text = "", of = [], kind = "" } = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (kind) made.className = kind;
  made.append(...of);
  return made;
}

function isolated(text) {
  return element("bdi", { text });
}

function link(href, text) {
  const made = element("a", { text });
  made.setAttribute("href", href);
  return made;
}

function asked(row) {
  const cell = element("td", {
    kind: "asked",
    of: [element("bdi", { of: [element("code", { text: `${row.method} ${row.target}` })] })],
  });
  if ("query" in row) {
    const again = link(live.dataset.query + (row.query ? `?${row.query}` : ""), "Open in query");
    again.append(element("span", { kind: "unseen", text: ` request ${row.number}` }));
    cell.append(" ", again);
  }
  return cell;
}

function answered(row) {
  const isBad = !("status" in row) || row.status >= 400;
  const cell = element("td", {
    of: [element("span", { kind: isBad ? "status bad" : "status", text: String(row.status ?? "none") })],
  });
  const marks = { fault: row.fault, prefer: row.preference, mark: row.mark };
  for (const [name, value] of Object.entries(marks)) {
    if (value !== undefined) {
      cell.append(" ", element("span", { kind: "mark", of: [`${name} `, isolated(value)] }));
    }
  }
  if (row.deviates) cell.append(" ", element("span", { kind: "mark", text: "deviates" }));
  if (row.message !== undefined) cell.append(element("p", { of: [isolated(row.message)] }));
  return cell;
}

function finding(each) {
  return element("li", {
    of: [
      link(`${live.dataset.contract}#rule-${encodeURIComponent(each.rule)}`, each.rule),
      " ",
      element("span", { kind: "quiet", text: each.tier }),
      element("p", { of: [isolated(each.message)] }),
      element("p", { kind: "quiet", of: ["Try: ", isolated(each.remedy)] }),
    ],
  });
}

function broke(row) {
  const nothing = element("span", { kind: "quiet", text: "nothing" });
  const list = element("ul", { kind: "findings", of: row.findings.map(finding) });
  return element("td", { of: [row.findings.length ? list : nothing] });
}

function written(row) {
  const time = element("time", { text: row.at });
  time.setAttribute("datetime", row.at);
  const made = element("tr", {
    of: [
      element("td", { kind: "number", text: String(row.number) }),
      element("td", { of: [time] }),
      asked(row),
      answered(row),
      broke(row),
    ],
  });
  made.dataset.number = String(row.number);
  return made;
}

function show(row) {
  const made = written(row);
  const known = [...rows.children].find((each) => each.dataset.number === made.dataset.number);
  if (known) {
    known.replaceWith(made);
  } else {
    const older = [...rows.children].find((each) => Number(each.dataset.number) < row.number);
    rows.insertBefore(made, older ?? null);
    unsaid.add(row.number);
  }
  if (row.findings.length) broken.add(row.number);
  while (rows.children.length > MOST_ROWS) rows.lastElementChild.remove();
  document.getElementById("none")?.remove();
  if (!timer) timer = setTimeout(say, SAY_EVERY_MS);
}

/** Say what has come, in one sentence for many requests: nobody wants to hear each. */
function say() {
  timer = 0;
  const wrong = [...broken].filter((number) => unsaid.has(number)).length;
  if (unsaid.size) {
    const many = unsaid.size === 1 ? "1 new request" : `${unsaid.size} new requests`;
    news.textContent = wrong ? `${many}, ${wrong} of them broke a rule` : `${many}, which broke nothing`;
  }
  unsaid = new Set();
  broken = new Set();
}

function tell(state) {
  document.getElementById("total").textContent = String(state.total);
  [...rows.children].filter((each) => Number(each.dataset.number) < state.first).forEach((each) => each.remove());
}

function stop(words, label) {
  source?.close();
  source = null;
  news.textContent = words;
  pause.textContent = label;
}

function start() {
  source = new EventSource(address);
  source.addEventListener("request", (event) => show(JSON.parse(event.data)));
  source.addEventListener("journal", (event) => {
    const next = new URL(address, location.href);
    next.searchParams.set("after", event.lastEventId);
    address = next.href;
    tell(JSON.parse(event.data));
  });
  source.addEventListener("lost", (event) => {
    isLost = true;
    news.textContent = `Nothing is told meanwhile: ${JSON.parse(event.data).problem}.`;
  });
  source.addEventListener("ended", () => stop("The play has ended.", "Try again"));
  source.addEventListener("open", () => {
    live.setAttribute("data-open", "true");
    if (isLost) news.textContent = "Live updates go on.";
    isLost = false;
  });
  source.addEventListener("error", () => {
    live.removeAttribute("data-open");
    if (source?.readyState === EventSource.CLOSED) {
      const why = "the twin has stopped, has no store of plays, or shows them to too many pages";
      stop(`Live updates have ended: ${why}.`, "Try again");
    }
  });
  pause.textContent = "Pause live updates";
}

pause.hidden = false;
pause.addEventListener("click", () => {
  if (source) stop("Live updates are paused.", "Go on with live updates");
  else {
    news.textContent = "";
    start();
  }
});

/** Let a page that nobody sees keep no connection: a browser has six of them for a host. */
function rest() {
  if (document.visibilityState === "hidden" && source) {
    source.close();
    source = null;
    isResting = true;
  } else if (document.visibilityState === "visible" && isResting) {
    isResting = false;
    start();
  }
}

document.addEventListener("visibilitychange", rest);
start();
