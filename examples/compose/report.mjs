// How many sessions there were this month, day by day and in all.
const url = 'https://app.launchdarkly.com/api/v2/usage/observability/sessions?aggregationType=incremental';

const answer = await fetch(url, {headers: {Authorization: process.env.LAUNCHDARKLY_TOKEN}});
if (!answer.ok) {
  console.error(`${answer.status}: ${(await answer.json()).message}`);
  process.exit(1);
}
const {series} = await answer.json();
for (const {time, 0: sessions} of series) {
  console.log(`${new Date(time).toISOString().slice(0, 10)}  ${sessions}`);
}
console.log(`total       ${series.reduce((sum, {0: sessions}) => sum + sessions, 0)}`);
