import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Sandbox, SandboxSettings } from '../../src/sandbox/server.js';
import { sandboxForTest } from '../support/sandbox.js';

/** A backend with a customer of one device for each text; every text there is one. Ids stay: they are typed. */
export async function peopleCalled(
  texts: readonly string[],
  settings: SandboxSettings = {},
): Promise<{ sandbox: Sandbox; ids: string[] }> {
  const sandbox = await sandboxForTest({ customers: texts.length + 10, ...settings });
  const { customers } = sandbox.fleet;
  const withDevice = customers.filter(({ devices }) => devices.some(({ behavior }) => behavior === 'normal'));
  customers.splice(0, customers.length, ...withDevice.slice(0, texts.length));
  const ids: string[] = [];
  for (const [index, text] of texts.entries()) {
    const customer = customers[index];
    const device = customer?.devices.find(({ behavior }) => behavior === 'normal');
    if (!customer || !device) throw new Error(`no customer ${index}`);
    Object.assign(customer, { name: text, email: text });
    Object.assign(device, {
      name: text,
      model: text,
      serial_number: text,
      mac_address: text,
      ip_address: text,
      firmware_version: text,
      status: 'online',
    });
    ids.push(device.id);
  }
  return { sandbox, ids };
}

/** The partner user is called so as well. */
export function accountCalled(text: string, sandbox: Sandbox): void {
  const change = (account: object) => ({ ...account, name: text, email: text, partner_code: text });
  const times = Number.POSITIVE_INFINITY;
  sandbox.faults.add({ kind: 'alter', path: '/partner/v1/account', change, times });
}

/** Gives the run recorded in a folder another reason than `why`, one that no option takes: who knows who wrote it. */
export async function giveReason(folder: string, reason: string): Promise<void> {
  const runs = path.join(folder, 'batches');
  const [name = ''] = await readdir(runs);
  const file = path.join(runs, name);
  const [why, given] = ['why', reason].map(text => `"reason":${JSON.stringify(text)}`);
  await writeFile(
    file,
    (await readFile(file, 'utf8')).replace(why ?? '', () => given ?? ''),
  );
}
