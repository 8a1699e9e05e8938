// What all tests share: the instant of our account, and a client.

import { UsageClient } from './client.js';

export const NOW = new Date('2026-03-17T00:00:00Z');

/** Gives a client of the real API: `usagetwin run` leads it to the twin. */
export function client() {
  return new UsageClient('api-00000000-0000-4000-8000-000000000001');
}
