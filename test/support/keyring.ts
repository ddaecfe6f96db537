import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** A D-Bus session of its own, with a gnome-keyring of its own on it or none. */
export interface Keyring {
  /** What a process needs to find it, and a home that is nobody's. */
  env: Record<string, string>;
  home: string;
  /** Starts the keyring, its login collection unlocked (and made, the first time), or locked. */
  start(state: 'unlocked' | 'locked'): Promise<void>;
  /** Types a command that is to unlock it, and the password of the login collection into it. */
  unlockBy(command: string): Promise<void>;
  stop(): Promise<void>;
  /** From now on it answers nothing, until it is stopped. */
  hang(): void;
  get(account: string): Promise<string | null>;
  set(account: string, secret: string): Promise<void>;
  close(): Promise<void>;
}

/** Of the login collection. */
const password = 'password';
const programs = { bus: 'dbus-daemon', keyring: 'gnome-keyring-daemon' };

/** Why the real keychain can't be tested here; undefined where it can. */
export function keyringMissing(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  const missing = Object.values(programs).find(program => spawnSync(program, ['--version']).status !== 0);
  return missing && `${missing} is not installed`;
}

// Nothing is started by being asked for, so there is no Secret Service unless a test starts one.
const busConfiguration = (socket: string) => `<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

const keytarScript = `
  const keytar = require('keytar');
  const [action, account] = process.argv.slice(1);
  (async () => {
    let secret = '';
    for await (const chunk of process.stdin) secret += chunk;
    if (action === 'set') await keytar.setPassword('remo-cli', account, secret);
    else console.log(JSON.stringify(await keytar.getPassword('remo-cli', account)));
  })();`;

/** Starts the session bus, without a keyring as yet. */
export async function startSession(): Promise<Keyring> {
  const home = mkdtempSync(path.join(tmpdir(), 'remo-keyring-'));
  const runtime = path.join(home, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const socket = path.join(runtime, 'bus');
  const configuration = path.join(home, 'bus.conf');
  writeFileSync(configuration, busConfiguration(socket));
  const bus = spawn(programs.bus, [`--config-file=${configuration}`, '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await firstLine(bus);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_DATA_HOME: path.join(home, 'data'),
    XDG_RUNTIME_DIR: runtime,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}`,
  };
  const daemons: ChildProcess[] = [];

  function begin(command: string, argv: readonly string[], input: string): ChildProcess {
    const daemon = spawn(command, argv, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    daemons.push(daemon);
    daemon.stdin.end(input);
    return daemon;
  }

  async function stop(): Promise<void> {
    for (const daemon of daemons.splice(0)) {
      // A hanging one would not hear that it is to end.
      daemon.kill('SIGCONT');
      await ended(daemon);
    }
  }

  async function keytar(action: 'get' | 'set', account: string, secret = ''): Promise<string> {
    const running = promisify(execFile)(process.execPath, ['-e', keytarScript, action, account], { env });
    running.child.stdin?.end(secret);
    return (await running).stdout;
  }

  async function answers(started: ChildProcess): Promise<void> {
    await firstLine(started);
    // It takes its name on the bus a moment later.
    for (let tries = 0; ; tries += 1) {
      const failed = await keytar('get', 'nobody').then(
        () => false,
        () => true,
      );
      if (!failed) return;
      if (tries === 50) throw new Error('gnome-keyring does not answer');
    }
  }

  return {
    env,
    home,
    stop,
    hang: () => void daemons.at(-1)?.kill('SIGSTOP'),
    async unlockBy(command) {
      // In the foreground it is a child of ours, which ends with the test.
      const typed = ['-c', `exec ${command} --foreground`];
      await answers(begin('sh', typed, password));
    },
    async start(state) {
      const how = state === 'unlocked' ? '--unlock' : '--start';
      const control = `--control-directory=${path.join(runtime, 'keyring')}`;
      const words = ['--foreground', how, '--components=secrets', control];
      await answers(begin(programs.keyring, words, state === 'unlocked' ? password : ''));
    },
    get: async account => JSON.parse(await keytar('get', account)),
    set: async (account, secret) => void (await keytar('set', account, secret)),
    async close() {
      await stop();
      await ended(bus);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no stdout');
  const [line] = await once(createInterface(child.stdout), 'line');
  return line;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill();
  await exit;
}
