import type { Configuration } from 'openid-client';
import type { Clock } from '../clock.js';
import { RemoError } from '../errors.js';
import { type Arrival, openCallback, type Page } from './callback.js';
import {
  beginCodeFlow,
  beginDeviceFlow,
  type DeviceFlow,
  finishCodeFlow,
  finishDeviceFlow,
  type Tokens,
} from './oidc.js';

/** How long a person may take in the browser; milliseconds. */
const PATIENCE = 600_000;

interface Waiting {
  /** The scopes to ask for. */
  scope: string;
  clock: Clock;
  signal: AbortSignal;
  /** Keeps the tokens; until it has, nobody is told that they are signed in. */
  keep: (tokens: Tokens) => Promise<void>;
}

/** What the browser flow needs of its surroundings. */
export interface BrowserGuide extends Waiting {
  /** The language of the person, for the server's pages and for ours. */
  lang: string;
  pages: { success: Page; failure: Page; stray: Page };
  /** Shows the address to the person and opens it. @returns false when no browser opens and none is to come */
  open: (url: string) => Promise<boolean>;
  onStray: () => void;
}

/**
 * Signs a person in through the browser on this machine.
 * @returns false when no browser could be opened
 * @throws RemoError `login_expired`, the signal's reason, and as `finishCodeFlow` and `keep`
 */
export async function signInByBrowser(config: Configuration, guide: BrowserGuide): Promise<boolean> {
  const callback = await openCallback({ lang: guide.lang, stray: guide.pages.stray, onStray: guide.onStray });
  try {
    const { redirectUri } = callback;
    const flow = await beginCodeFlow(config, { redirectUri, scope: guide.scope, lang: guide.lang });
    const arrival = await firstOf(callback.arrival(flow.state), guide.open(flow.url.href), guide);
    if (!arrival) return false;
    try {
      await guide.keep(await finishCodeFlow(config, flow, arrival.url));
    } catch (error) {
      await arrival.answer(guide.pages.failure);
      throw error;
    }
    await arrival.answer(guide.pages.success);
    return true;
  } finally {
    await callback.close();
  }
}

/** Waits for the browser to come back, or to be known not to open. */
async function firstOf(arrival: Promise<Arrival>, opened: Promise<boolean>, { clock, signal }: Waiting) {
  const done = new AbortController();
  const expiry = async (): Promise<never> => {
    await clock.sleep(PATIENCE, AbortSignal.any([signal, done.signal]));
    throw new RemoError('login_expired', {});
  };
  const notOpened = opened.then(open => (open ? new Promise<never>(() => {}) : undefined));
  try {
    return await Promise.race([arrival, notOpened, expiry()]);
  } finally {
    done.abort();
  }
}

/** What the device flow needs of its surroundings. */
export interface DeviceGuide extends Waiting {
  show: (flow: DeviceFlow) => void;
}

/**
 * Signs a person in with a code that is entered on any device.
 * @throws RemoError as `beginDeviceFlow`, `finishDeviceFlow` and `keep`
 */
export async function signInByDevice(config: Configuration, guide: DeviceGuide): Promise<void> {
  const flow = await beginDeviceFlow(config, guide.scope);
  guide.show(flow);
  await guide.keep(await finishDeviceFlow(config, flow, guide));
}
