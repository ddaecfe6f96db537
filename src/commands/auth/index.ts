import type { Context } from '../../context.js';
import type { Exits, RemoCommand } from '../command.js';

/** Wires `remo login`, `logout` and `whoami`. */
export function addAuth(program: RemoCommand, context: Context, exits: Exits): void {
  const { login, logout, whoami } = context.messages.help;
  program
    .command('login')
    .description(login.summary)
    .option('--device', login.device)
    .option('--credential-store <store>', login.credentialStore)
    .option('--client-id <id>', login.clientId)
    .footer(context, login.examples)
    .runs(exits, async (options: { device?: boolean }) => {
      const module = await import('./login.js');
      await module.login(options, context);
    });
  program
    .command('logout')
    .description(logout.summary)
    .runs(exits, async () => {
      const module = await import('./logout.js');
      await module.logout({}, context);
    });
  program
    .command('whoami')
    .description(whoami.summary)
    .runs(exits, async () => {
      const module = await import('./whoami.js');
      await module.whoami({}, context);
    });
}
