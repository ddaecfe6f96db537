import type { Environment } from '../config.js';

/** The global `fetch` through an undici dispatcher: proxy from the environment, pool, connect timeout. */
export function openTransport(_env: Environment): typeof fetch {
  throw new Error('under construction');
}
