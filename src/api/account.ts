import type { Client } from './client.js';
import { type Account, accountSchema } from './schemas.js';

/** The signed-in partner user. @throws RemoError */
export async function getAccount(request: Client): Promise<Account> {
  return (await request({ operation: 'getAccount', path: ['account'], schema: accountSchema })).value;
}
