// How whole processes are measured.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const median = list => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Runs a command to its end. @throws Error unless it ends with 0 */
export function finished({ command = process.execPath, argv, env, stdin = 'ignore', stderr = 'inherit' }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, { env, stdio: [stdin, 'ignore', stderr] });
    child.on('error', reject).on('exit', code => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${argv.join(' ')} ended with ${code}`));
    });
  });
}

/** The peak resident memory of a process of Node, megabytes. */
export function peakMemory({ argv, env, stderr = 'inherit' }) {
  return new Promise((resolve, reject) => {
    const preload = fileURLToPath(new URL('peak-memory.cjs', import.meta.url));
    const child = spawn(process.execPath, ['--require', preload, ...argv], {
      env,
      stdio: ['ignore', 'ignore', stderr, 'pipe'],
    });
    let told = '';
    child.stdio[3].on('data', chunk => {
      told += chunk;
    });
    child.on('error', reject).on('close', code => {
      if (code === 0) resolve(Math.round(Number(told) / 1024));
      else reject(new Error(`${argv.join(' ')} ended with ${code}`));
    });
  });
}
