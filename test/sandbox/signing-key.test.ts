import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'tsup';
import { expect, it } from 'vitest';
import { folderForTest } from '../support/program.js';

it('is made without ever hanging, whenever memory is collected', async () => {
  const folder = folderForTest();
  const entry = path.join(import.meta.dirname, '../../src/sandbox/signing-key.ts');
  const outExtension = () => ({ js: '.mjs' });
  await build({ config: false, silent: true, entry: [entry], outDir: folder, format: 'esm', outExtension });
  const program = `
    const { newSigningKey } = await import(process.argv[1]);
    let last;
    for (let made = 0; made < 8000; made += 1) last = newSigningKey();
    console.log(JSON.stringify(last));`;
  // Little room, so that it is collected often. A key exported right after it was generated hangs within 4,000 or so.
  const argv = ['--max-semi-space-size=1', '--input-type=module', '-e', program, `${folder}/signing-key.mjs`];
  const ended = spawnSync(process.execPath, argv, { encoding: 'utf8', timeout: 60_000 });
  expect(ended).toMatchObject({ status: 0, signal: null });
  expect(JSON.parse(ended.stdout)).toEqual({
    kty: 'EC',
    crv: 'P-256',
    x: expect.any(String),
    y: expect.any(String),
    d: expect.any(String),
  });
}, 70_000);
