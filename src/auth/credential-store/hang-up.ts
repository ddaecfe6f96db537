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
    new Socket({ fd: Number(name), allowHalfOpen: true })
      .on('error', () => {})
      .unref()
      .end();
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
