import os from 'node:os';
import path from 'node:path';
import type { Observe } from './api/attempt.js';
import type { Api } from './api/index.js';
import type { Transport } from './api/transport.js';
import type { CredentialStore } from './auth/credential-store/store.js';
import type { Session } from './auth/session.js';
import { type Clock, systemClock } from './clock.js';
import { ConfigFile } from './config/file.js';
import { HeldSettings } from './config/held.js';
import type { Flags, OutputFormat, Setting, SettingName, Settings } from './config.js';
import { directories, type Environment, isUnicode, type Language, localeLanguage } from './environment.js';
import { type Interruption, RemoError } from './errors.js';
import type { Messages } from './messages/en.js';
import { nearest } from './nearest.js';
import { type Input, Io, type Output } from './terminal/io.js';

/** What the program knows of the process it runs in. `main.ts` makes the real one, tests their own. */
export interface Host {
  env: Environment;
  stdin: Input;
  stdout: Output;
  stderr: Output;
  platform: NodeJS.Platform;
  arch: string;
  nodeVersion: string;
  home: string;
  /** How long the process has been running, milliseconds. */
  age(): number;
  /** Starts another process of the program, which goes on by itself when this one ends and writes nowhere. */
  inBackground(argv: readonly string[]): Promise<void>;
  /** Ends the process after so long (milliseconds), whatever it hangs in. */
  endWithin(ms: number): void;
  /** Told when a great deal of data is about to stream through. */
  expectMuch(): void;
  /**
   * Calls back at each SIGINT, SIGTERM or SIGHUP until the returned function is called. The callback says whether it
   * was meant for this process; at the second one that was, the process ends, but for a SIGHUP.
   */
  onSignal(callback: (signal: Interruption) => boolean): () => void;
  /** Calls back each time the process goes on after it was stopped (Ctrl-Z, `fg`), until the returned function is called. */
  onContinue(callback: () => void): () => void;
}

/** Parts that tests (and `remo demo`) put in the place of the real ones. */
export interface Replacements {
  clock?: Clock;
  fetch?: typeof fetch;
  credentialStore?: CredentialStore;
  /** A number in [0, 1), for jitter. */
  random?: () => number;
  /** What the command records goes with the program: there is nothing to go on with afterwards. */
  fleeting?: true;
}

/**
 * What a command may use. The one place that builds real parts, each when it is first asked for, so that
 * `--help` builds none.
 */
export class Context {
  readonly io: Io;
  readonly clock: Clock;
  readonly config: ConfigFile;
  readonly directories: { config: string; state: string; cache: string };
  /** Whether the command is one that instructs reboots, so that its errors have to say what became of them. */
  instructsReboots = false;
  /** A thread of the process that hangs in the keychain, until it settles: an ordinary exit waits for it. */
  abandonedThread: Promise<unknown> | undefined;
  private readonly unfinished = new Set<Promise<unknown>>();
  private readonly held: HeldSettings;
  private spoken: { lang: Language; inAscii: boolean; messages: Messages } | undefined;
  private readonly interruption = new AbortController();
  private built: {
    api?: Promise<Api>;
    session?: Promise<Session>;
    store?: Promise<CredentialStore>;
    fetch?: Promise<typeof fetch>;
  } = {};

  constructor(
    readonly host: Host,
    readonly replacements: Replacements = {},
  ) {
    this.io = new Io(host);
    this.clock = replacements.clock ?? systemClock;
    this.directories = directories(host.env, host.platform, host.home);
    const { clock, signal } = this;
    const random = replacements.random ?? Math.random;
    this.config = new ConfigFile(path.join(this.directories.config, 'config.json'), {
      clock,
      signal,
      random,
    });
    this.held = new HeldSettings(host.env, this.config);
  }

  /** Takes the global flags of the command line; settings are settled from here on. */
  useFlags(flags: Flags): void {
    this.held.useFlags(flags);
  }

  /** Takes what the person answered as if it had been on the command line. */
  addFlags(flags: Flags): void {
    this.held.addFlags(flags);
  }

  /** @throws RemoError `invalid_value`, `config_broken`, `api_url_insecure` */
  get settings(): Settings {
    return this.held.all;
  }

  /** One setting and where it comes from, whatever is wrong with the others. @throws as `settings` */
  setting<K extends SettingName>(name: K): Setting<Settings[K]> {
    return this.held.one(name);
  }

  /**
   * Goes on although there are settings that can't be used: each gets its default.
   * @returns what is wrong with them; of a broken file, once
   * @throws RemoError `invalid_value` for a flag, which whoever typed it can put right at once
   */
  tolerateBadSettings(): RemoError[] {
    return this.held.tolerate();
  }

  /** The language people are spoken to in: `--lang`, REMO_LANG, the profile, the locale. Never throws. */
  get lang(): Language {
    try {
      // The error about the setting, or about the file it would be in, needs a language too.
      return this.held.firstUsable('lang');
    } catch {
      return localeLanguage(this.host.env);
    }
  }

  /** Whether marks are to be written in ASCII: the terminal may have no others, or they would be read out. */
  private get inAscii(): boolean {
    if (!isUnicode(this.host.env, this.host.platform)) return true;
    try {
      return this.setting('plain').value;
    } catch {
      return false;
    }
  }

  /** Loads the settings file, the texts of the user's language (`messages` has them afterwards), and what lays them out. */
  async speak(): Promise<Messages> {
    await this.config.load();
    const { lang, inAscii } = this;
    if (this.spoken?.lang !== lang || this.spoken.inAscii !== inAscii) {
      const texts: Messages =
        lang === 'ja' ? (await import('./messages/ja.js')).ja : (await import('./messages/en.js')).en;
      const ascii = inAscii ? await import('./messages/ascii.js') : undefined;
      // A notice is a letter to a customer, not something for this terminal.
      const messages = ascii ? { ...ascii.inAscii(texts), notices: texts.notices } : texts;
      this.spoken = { lang, inAscii, messages };
    }
    if (this.io.stderrIsTerminal) this.io.breakLinesBy((await import('./terminal/width.js')).wrapLines);
    return this.spoken.messages;
  }

  /** The texts of the user's language. `run` has loaded them before any command starts. */
  get messages(): Messages {
    if (!this.spoken) throw new Error('speak() comes first');
    return this.spoken.messages;
  }

  /** How data goes out: the asked-for format, else a table on a terminal and TSV elsewhere. */
  get format(): OutputFormat | 'tsv' {
    return this.setting('output').value ?? (this.io.stdoutIsTerminal ? 'table' : 'tsv');
  }

  /** Whether a question may be put to a person. */
  get canAsk(): boolean {
    return this.io.conversational && this.setting('input').value && !this.host.env['CI'];
  }

  /** Whether stdout (or stderr) takes colour: flag, NO_COLOR, FORCE_COLOR, else whether it is a terminal. */
  colors(stream: 'stdout' | 'stderr'): boolean {
    const { value: color } = this.setting('color');
    if (color !== undefined) return color;
    if (this.host.env['TERM'] === 'dumb') return false;
    return stream === 'stdout' ? this.io.stdoutIsTerminal : this.io.stderrIsTerminal;
  }

  /** The command line that tables are to go through: on a terminal, if at all. */
  get pager(): string | undefined {
    const { value } = this.setting('pager');
    if (value === false || this.format !== 'table' || !this.io.stdoutIsTerminal) return undefined;
    if (value !== true) return value;
    return this.host.env['PAGER'] || (this.host.platform === 'win32' ? 'more' : 'less');
  }

  /** @throws RemoError `api_url_missing` */
  get apiUrl(): URL {
    const { apiUrl, profile } = this.settings;
    if (apiUrl) return apiUrl;
    const profiles = this.config.profileNames;
    // Of one that was named for this command that has been said.
    const isStored = this.setting('profile').origin === 'file';
    const meant = profiles.includes(profile) || !isStored ? {} : nearest(profile, profiles);
    throw new RemoError('api_url_missing', {
      profile,
      profiles: profiles.filter(other => other !== profile),
      ...meant,
    });
  }

  /** `remo-cli/<version> (<platform>; node <version>)` */
  get userAgent(): string {
    return `remo-cli/${__VERSION__} (${this.host.platform}; node ${this.host.nodeVersion})`;
  }

  /** Aborted with RemoError `interrupted` at the first Ctrl-C, TERM or HUP. */
  get signal(): AbortSignal {
    return this.interruption.signal;
  }

  /** Ends what the command is waiting for: reads, sleeps, prompts. */
  interrupt(signal: Interruption): void {
    const interrupted = new RemoError('interrupted', { signal });
    this.interruption.abort(interrupted);
    this.io.giveUp(interrupted);
  }

  /** Marks work that the process must not end in the middle of, however the command ends meanwhile. */
  finish<T>(work: Promise<T>): Promise<T> {
    this.unfinished.add(work);
    const forget = () => this.unfinished.delete(work);
    work.then(forget, forget);
    return work;
  }

  /** Waits for such work. */
  async finishing(): Promise<void> {
    await Promise.allSettled(this.unfinished);
  }

  /** The global `fetch` with the proxy, pool and connect timeout of this run. */
  fetch(): Promise<typeof fetch> {
    this.built.fetch ??= this.replacements.fetch
      ? Promise.resolve(this.replacements.fetch)
      : import('./api/transport.js').then(module => module.openTransport(this.host.env));
    return this.built.fetch;
  }

  /** The same for thousands of requests; see bulk-transport.ts. */
  async bulkTransport(): Promise<Transport> {
    if (this.replacements.fetch) return this.replacements.fetch;
    return (await import('./api/bulk-transport.js')).openBulkTransport(this.host.env);
  }

  /** Tells each request on stderr, with `--debug`; without it there is none. */
  async observer(): Promise<Observe | undefined> {
    if (!this.settings.debug) return undefined;
    const { attemptLine } = await import('./api/attempt.js');
    return attempt => this.io.err(attemptLine(attempt));
  }

  /** Where credentials are kept, as the settings name it. */
  credentialStore(): Promise<CredentialStore> {
    this.built.store ??= this.replacements.credentialStore
      ? Promise.resolve(this.replacements.credentialStore)
      : import('./auth/credential-store/store.js').then(module => module.openStore(this));
    return this.built.store;
  }

  /** The signed-in session of the profile. */
  session(): Promise<Session> {
    this.built.session ??= import('./auth/session.js').then(module => module.openSession(this));
    return this.built.session;
  }

  /** The API of the configured backend, spoken to as the signed-in user. @throws RemoError `api_url_missing` */
  api(): Promise<Api> {
    this.built.api ??= import('./api/index.js').then(module => module.openApi(this));
    return this.built.api;
  }

  /** The same API, spoken to with the tokens of another session. */
  async apiAs(session: Session): Promise<Api> {
    const { openApi } = await import('./api/index.js');
    return openApi(this, async () => session);
  }

  /** The host's name, for the record of who did what. */
  get hostname(): string {
    return os.hostname();
  }
}
