import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.js';
import { Screen } from '../terminal/tmux.js';
import { folderForTest, program, programEnv } from './program.js';

/** A person's terminal, with `remo` installed and signed in. */
export class Desk {
  private constructor(
    readonly screen: Screen,
    readonly folder: string,
  ) {}

  static async at(
    sandbox: Sandbox,
    { columns = 120, rows = 40, lang = 'en_US.UTF-8', shell = ['sh'] } = {},
  ): Promise<Desk> {
    const folder = folderForTest();
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(path.join(bin, 'remo'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
      mode: 0o755,
    });
    const env = await programEnv({ sandbox, folder, env: { LANG: lang } });
    const screen = new Screen({ columns, rows }, { ...env, PATH: `${bin}:${env['PATH']}` }, shell);
    onTestFinished(() => screen.close());
    return new Desk(screen, folder);
  }

  private file(name: string): string {
    return path.join(this.folder, name);
  }

  /** What a command wrote into a file at home; nothing where there is none. */
  written(name: string): string | undefined {
    return existsSync(this.file(name)) ? readFileSync(this.file(name), 'utf8') : undefined;
  }

  /** Runs a command line; its exit code, and `stty -a` before and after, end up in files. */
  run(command: string): void {
    const [before, code, after] = ['before', 'code', 'after'].map(name => this.file(name));
    this.screen.type(
      `clear; stty -a >${before}; ${command}; echo $? >${code}; stty -a >${after}; echo do''ne`,
    );
    this.screen.press('Enter');
  }

  /** Waits for the end, and what is on the screen then; the terminal must be as it was. */
  async end(): Promise<{ code: number; text: string }> {
    const text = await this.screen.shows(/^done$/m);
    const read = (name: string) => readFileSync(this.file(name), 'utf8');
    expect(read('after')).toBe(read('before'));
    expect(this.screen.cursorVisible).toBe(true);
    return { code: Number(read('code')), text: text.replace(/\ndone\n[\s\S]*$/, '') };
  }
}
