// What all tests share: the instant of our account, and a client.

import { UsageClient } from './client.js';

export const NOW = new Date('2026-03-17T00:00:00Z');

/** Gives a client of the twin that runs beside the tests, which heeds a base URL in every version of Node.js. */
export function client() {
  return new UsageClient('api-00000000-0000-4000-8000-000000000001', { api: process.env.USAGETWIN_URL });
}
