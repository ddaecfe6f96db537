import type { Context } from '../context.js';
import { RemoError } from '../errors.js';
import type { Credential, CredentialStore } from './credential-store/store.js';
import type { Description, Session } from './session.js';

/**
 * A token that ends within this time is as good as ended: the request has to arrive, and clocks differ. Of one that
 * lives short, half its life: else each process would renew what another has just got.
 */
const LEEWAY = 30_000;

/** A sign-in whose credential is kept in a store that many processes share. */
export abstract class KeptSession implements Session {
  protected current: Credential | undefined;
  private reading: Promise<Credential | undefined> | undefined;
  private replacing: Promise<Credential> | undefined;

  constructor(
    protected readonly context: Context,
    protected readonly store: CredentialStore,
    /** Its place in the store, and its lock. */
    protected readonly entry: string,
  ) {}

  abstract describe(): Promise<Description>;

  /** What is stored, if it is of use for this run. @throws RemoError when there has to be something */
  protected abstract read(): Promise<Credential | undefined>;

  /** Gets another credential and keeps it. Called under the lock. */
  protected abstract replace(stored: Credential | undefined): Promise<Credential>;

  async token(): Promise<string> {
    return (await this.valid()).accessToken;
  }

  async renew(rejected: string): Promise<string> {
    const known = this.current ?? (await this.readOnce());
    if (known && known.accessToken !== rejected) return this.token();
    return (await this.replaceOnce(known)).accessToken;
  }

  async requireScope(scope: string): Promise<void> {
    const granted = (await this.valid()).scope;
    if (granted === undefined || granted.split(' ').includes(scope)) return;
    const { by } = await this.describe();
    const { profile } = this.context.settings;
    throw new RemoError('permission_missing', { scope, profile, client: by === 'client' });
  }

  protected isFresh({ issuedAt, expiresAt }: Credential): boolean {
    if (expiresAt === undefined) return true;
    const leeway = issuedAt === undefined ? LEEWAY : Math.min(LEEWAY, (expiresAt - issuedAt) / 2);
    return expiresAt - leeway > this.context.clock.now();
  }

  /**
   * Stores a credential that is to be used from now on. When that fails, the command goes on with it all the
   * same: it may be in the middle of its work, and the server has given out what it has given out.
   */
  protected async keep(credential: Credential): Promise<void> {
    const write = () => this.store.write(this.entry, credential);
    await write()
      // What passes (a file held by a virus scanner) is over the second time.
      .catch(error => (isTimeout(error) ? Promise.reject(error) : write()))
      .catch(error => {
        if (!(error instanceof RemoError)) throw error;
        const { io, messages } = this.context;
        io.err(messages.auth.notKept(this.store.place(this.entry), error.code));
      });
  }

  private async valid(): Promise<Credential> {
    this.current ??= await this.readOnce();
    if (this.current && this.isFresh(this.current)) return this.current;
    return this.replaceOnce(this.current);
  }

  private readOnce(): Promise<Credential | undefined> {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /** One replacement at a time in this process, however many requests need it. */
  private replaceOnce(useless: Credential | undefined): Promise<Credential> {
    this.replacing ??= this.replaceLocked(useless)
      .then(credential => {
        this.current = credential;
        return credential;
      })
      .finally(() => {
        this.replacing = undefined;
      });
    return this.replacing;
  }

  /**
   * One replacement at a time among all processes: locks, reads again, asks the server only if nobody else
   * has, stores. Those who waited share the failure as they do the success.
   *
   * A server that rotates refresh tokens makes the old one useless with its answer. So one window is left:
   * from the moment the server answers to the end of the store. Nothing stands in it but reading the answer
   * and one write to the store (which has answered a read just before); neither Ctrl-C nor the end of the
   * command interrupts it. Whoever kills the process there (SIGKILL, a second Ctrl-C, power) loses the new
   * tokens. The next command then presents the old refresh token; the server takes that for theft (RFC 9700,
   * section 4.14.2) and ends the session, and the person has to sign in again. If the process is killed before
   * the server has answered, nothing is lost: the lock goes stale in 10 s, and the next command refreshes.
   */
  private async replaceLocked(useless: Credential | undefined): Promise<Credential> {
    const [{ withLock }, { noteOf, sharingFailure }] = await Promise.all([
      import('./lock.js'),
      import('./shared-failure.js'),
    ]);
    const { clock, directories } = this.context;
    const failure = { note: noteOf(directories.state, this.entry), began: clock.now(), clock };
    return withLock(lockOptions(this.context, this.entry), async () => {
      const stored = await this.read();
      if (stored && stored.accessToken !== useless?.accessToken && this.isFresh(stored)) return stored;
      // The process must not end between the server's answer and the store, even if the command does.
      return this.context.finish(sharingFailure(failure, () => this.replace(stored)));
    });
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof RemoError && error.is('keychain_unavailable') && error.params.trouble === 'timeout';
}

/** The lock that every change of an entry is made under. */
export function lockOptions(context: Context, entry: string) {
  const { clock, signal, directories, replacements, io, messages } = context;
  const random = replacements.random ?? Math.random;
  const onSlow = () => io.err(messages.auth.lockSlow);
  return { directory: directories.state, entry, clock, signal, random, onSlow };
}
