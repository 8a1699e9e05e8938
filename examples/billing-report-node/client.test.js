// The client asks for what we mean, and reads what it gets: all figures are worked out by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { UsageError } from './client.js';
import { NOW, client } from './setup.js';

const [JANUARY, FEBRUARY, MARCH] = [0, 1, 2].map((month) => new Date(Date.UTC(2026, month)));

test('months are asked for at once', async () => {
  const months = await client().byMonth(JANUARY, MARCH);

  assert.deepEqual([...months], [['2026-01-01', 3100], ['2026-02-01', 2800 + 760]]);
});

test('days of three months are one series', async () => {
  const days = await client().byDay(JANUARY, NOW);

  assert.equal(days.size, 31 + 28 + 16);
  assert.equal(days.get('2026-02-09'), 100);
  assert.equal(days.get('2026-02-10'), 140);
  assert.equal(days.get('2026-03-09'), 290);
});

test('thirty days look back into the month before', async () => {
  const sessions = await client().thirtyDays(new Date('2026-03-16'));

  assert.equal(sessions, (14 + 15) * 100 + 250 + 30 * 40);
});

test('several projects are added up', async () => {
  const days = await client().byDay(FEBRUARY, MARCH, ['web', 'app']);

  assert.equal(days.get('2026-02-09'), 100);
  assert.equal(days.get('2026-02-10'), 140);
});

test('an unknown project is an error', async () => {
  await assert.rejects(client().byMonth(JANUARY, MARCH, ['wbe']), (error) => {
    assert(error instanceof UsageError);
    assert.match(error.message, /^404: /);
    return true;
  });
});
