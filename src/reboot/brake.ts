import { asRemoError, type RemoError } from '../errors.js';
import { isAway, isOfSignIn, isSignedOut } from './instruct.js';

/** So many devices in a row that could not be looked at stop a run. */
const mostUnread = 3;

/** Stops a run: no more devices are started, what is under way goes on. Knows which troubles are a reason for that. */
export class Brake {
  stoppedBy: RemoError | undefined;
  /** Aborted when no more devices are started, whether it was the user or the run that wanted it so. */
  readonly over: AbortSignal;
  /** Whether the backend has taken an instruction of this run. */
  anyTaken = false;
  /** How many devices in a row could not be looked at for trouble of the backend. */
  private unread = 0;
  private readonly stopped = new AbortController();

  /**
   * @param signal the user's
   * @param told is called once, with why
   */
  constructor(
    private readonly signal: AbortSignal,
    private readonly told: (error: RemoError) => void,
  ) {
    this.over = AbortSignal.any([signal, this.stopped.signal]);
  }

  /** The first cause is the one told. */
  stop(error: RemoError): void {
    if (this.stoppedBy) return;
    // Whoever leaves leaves devices that are not back.
    this.stoppedBy = this.signal.aborted ? asRemoError(this.signal.reason) : error;
    this.stopped.abort();
    this.told(this.stoppedBy);
  }

  /**
   * Stops when the others would fare no better. Forbidden may be one device alone, unless the backend has not
   * taken any instruction yet.
   */
  stopFor(error: RemoError): void {
    const forbidden = error.is('forbidden') && !this.anyTaken;
    if (isAway(error) || isSignedOut(error) || forbidden) this.stop(error);
  }

  /** Likewise for a device that could not be looked at: one may be odd, several in a row are the backend. */
  stopForUnread(error: RemoError): void {
    const odd = error.is('network', 'server_error', 'bad_response') && !isOfSignIn(error);
    this.unread = odd ? this.unread + 1 : 0;
    if (this.unread >= mostUnread) this.stop(error);
    else if (!odd) this.stopFor(error);
  }

  /** A device could be looked at. */
  release(): void {
    this.unread = 0;
  }
}
