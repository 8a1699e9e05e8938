// Session counts from LaunchDarkly's usage API; nothing else in this project asks it.
//
// The API takes seconds and gives milliseconds, and its days are UTC. It promises neither the order of its points
// nor those of days without sessions, and may give several projects added up or each in its own field.

const API = 'https://app.launchdarkly.com';
const PATH = '/api/v2/usage/observability/sessions';
export const DAY_MS = 24 * 60 * 60 * 1000;

/** The API refused what we asked, or gave an answer that can't be read. */
export class UsageError extends Error {}

/** Asks with a token; counts come as a Map, by the first day of each bucket, in the order of time. */
export class UsageClient {
  #token;
  #timeoutMs;

  constructor(token, { timeoutMs = 10_000 } = {}) {
    this.#token = token;
    this.#timeoutMs = timeoutMs;
  }

  /** Gives the sessions of each day, asked for a month at a time. */
  async byDay(start, end, projects = []) {
    const counts = new Map();
    for (const [from, to] of monthWindows(start, end)) {
      const part = await this.#series(from, to, 'daily', 'incremental', projects);
      part.forEach((count, day) => counts.set(day, count));
    }
    return counts;
  }

  /** Gives the sessions of each month. */
  byMonth(start, end, projects = []) {
    return this.#series(start, end, 'monthly', 'month_to_date', projects);
  }

  /** Gives the sessions of a month from its first instant to `now`. */
  async monthSoFar(now, projects = []) {
    const counts = await this.#series(firstOfMonth(now), now, 'daily', 'month_to_date', projects);
    return [...counts.values()].at(-1) ?? 0;
  }

  /** Gives the sessions of the thirty days that end with the day `last` begins. */
  async thirtyDays(last, projects = []) {
    const end = new Date(last.getTime() + DAY_MS);
    const counts = await this.#series(last, end, 'daily', 'rolling_30d', projects);
    return counts.get(dayOf(last)) ?? 0;
  }

  async #series(start, end, granularity, aggregationType, projects) {
    const query = new URLSearchParams({ from: seconds(start), to: seconds(end), granularity, aggregationType });
    projects.forEach((key) => query.append('projectKey', key));
    const response = await fetch(`${API}${PATH}?${query}`, {
      headers: { Authorization: this.#token, 'LD-API-Version': 'beta' },
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    if (!response.ok) throw new UsageError(await told(response));
    const points = read(await response.text()).filter(([ms]) => start.getTime() <= ms && ms < end.getTime());
    return new Map(points.sort(([a], [b]) => a - b).map(([ms, count]) => [dayOf(new Date(ms)), count]));
  }
}

/** Gives the first instant of a moment's month, or of one that is so many months later. */
export function firstOfMonth(moment, later = 0) {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + later));
}

/** Writes a moment's day, as 2026-03-17. */
export function dayOf(moment) {
  return moment.toISOString().slice(0, 10);
}

function* monthWindows(start, end) {
  for (let from = start; from < end; from = firstOfMonth(from, 1)) {
    yield [from, new Date(Math.min(firstOfMonth(from, 1), end))];
  }
}

function seconds(moment) {
  return String(Math.floor(moment.getTime() / 1000));
}

/** Reads each point's time, as the first instant of its day, and the sum of its counts. */
function read(text) {
  try {
    return JSON.parse(text).series.map(({ time, ...counts }) => [
      count(time) - (time % DAY_MS),
      Object.values(counts).map(count).reduce((sum, each) => sum + each, 0),
    ]);
  } catch (error) {
    throw new UsageError(`the API's answer can't be read: ${error.message}`, { cause: error });
  }
}

function count(value) {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`${JSON.stringify(value)} is no count`);
  return value;
}

async function told(response) {
  const { message } = await response.json().catch(() => ({}));
  return `${response.status}: ${message ?? response.statusText}`;
}
