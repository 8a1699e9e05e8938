// The report: what is billed so far, how that compares, and which projects it comes from.

import { DAY_MS, dayOf, firstOfMonth } from './client.js';

/** Asks for everything that the report on `now`'s month needs; without projects it is about all of them. */
export async function makeReport(client, now, { projects = [], months = 2 } = {}) {
  const before = firstOfMonth(now, -1);
  const yesterday = new Date(Date.parse(dayOf(now)) - DAY_MS);
  const days = await client.byDay(before, now, projects);
  const byProject = {};
  for (const key of projects) byProject[key] = await client.monthSoFar(now, [key]);
  return {
    thisMonth: await client.monthSoFar(now, projects),
    thirtyDays: await client.thirtyDays(yesterday, projects),
    change: changeOf(days, now),
    peak: peakOf(days, now),
    byProject,
    earlier: await client.byMonth(firstOfMonth(now, -months), firstOfMonth(now), projects),
  };
}

/** Gives the growth over the same whole days of the month before, as a fraction; null where that had none. */
function changeOf(days, now) {
  const sum = (month) => {
    let total = 0;
    for (let day = 1; day < now.getUTCDate(); day += 1) {
      total += days.get(dayOf(new Date(month.getTime() + (day - 1) * DAY_MS))) ?? 0;
    }
    return total;
  };
  const [before, after] = [sum(firstOfMonth(now, -1)), sum(firstOfMonth(now))];
  return before ? after / before - 1 : null;
}

function peakOf(days, now) {
  const ofMonth = [...days].filter(([day, sessions]) => day >= dayOf(firstOfMonth(now)) && sessions);
  return ofMonth.reduce((peak, each) => (peak && peak[1] >= each[1] ? peak : each), null);
}
