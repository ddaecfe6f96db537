import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Closes this process's connection to D-Bus, so that a thread which waits there for a keychain (Linux) gets
 * an error and ends. Node waits for its threads when it exits, whatever the exit code: without this, the only
 * way out would be a signal, and the exit code that of the signal.
 *
 * Only for a process that is about to end. GDBus raises SIGTERM when its connection closes (GIO,
 * `GDBusConnection:exit-on-close`), so that signal has to be ignored by then.
 */
export function hangUp(): void {
  const unixSockets = new Set(
    lines('/proc/self/net/unix').map(line => line.trim().split(/\s+/)[6] ?? ''), // proc(5): the inode
  );
  for (const name of readdirSync('/proc/self/fd')) {
    const inode = /^socket:\[(\d+)\]$/.exec(target(name))?.[1];
    // The lowest three are the program's own streams, which may be sockets too.
    if (inode === undefined || !unixSockets.has(inode) || Number(name) <= 2) continue;
    // A second descriptor's close would not wake the thread; ending the stream does (shutdown(2)).
    new Borrowed({ fd: Number(name), readable: false })
      .on('error', () => {})
      .unref()
      .end();
  }
}

/**
 * A socket whose descriptor is somebody else's. GDBus closes it in a thread of its own as soon as the stream has
 * ended: libuv aborts the process when it is to watch such a descriptor (one in six, measured), and so does
 * not read from it; nor may it close a number that may be another file's by then.
 */
class Borrowed extends Socket {
  override _destroy(_error: Error | null, done: (error: Error | null) => void): void {
    done(null);
  }
}

function lines(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n');
}

function target(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // It was the descriptor of the listing itself.
    return '';
  }
}
