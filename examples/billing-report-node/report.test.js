// The report's figures, worked out by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeReport } from './report.js';
import { NOW, client } from './setup.js';

test('the report adds up', async () => {
  const report = await makeReport(client(), NOW, { projects: ['web', 'app'] });

  assert.deepEqual(report.byProject, { web: 1750, app: 640 });
  assert.equal(report.thisMonth, 2390);
  assert.equal(report.thirtyDays, 4350);
  assert.deepEqual(report.peak, ['2026-03-09', 290]);
  assert.deepEqual([...report.earlier], [['2026-01-01', 3100], ['2026-02-01', 3560]]);
});

test('a month is compared with the same days of the one before', async () => {
  const report = await makeReport(client(), NOW);

  assert.equal(report.change, 2390 / (1600 + 7 * 40) - 1);
});
