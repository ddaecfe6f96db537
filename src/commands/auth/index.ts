import type { Context } from '../../context.js';
import { RemoError } from '../../errors.js';
import type { Exits, RemoCommand } from '../command.js';

/** Wires `remo login`, `logout` and `whoami`. */
export function addAuth(program: RemoCommand, context: Context, exits: Exits): void {
  const { login, logout, whoami } = context.messages.help;
  program
    .command('login')
    .description(login.summary)
    .option('--device', login.device)
    .option('--with-token', login.withToken)
    .option('--scopes <scopes>', login.scopes)
    .option('--credential-store <store>', login.credentialStore)
    .option('--client-id <id>', login.clientId)
    // Whoever hands over a token as an argument is told better, and the token is not repeated.
    .argument('[token]')
    .usage('[options]')
    .runs(exits, async (token: string | undefined, options: { device?: boolean; withToken?: boolean }) => {
      if (token !== undefined) throw new RemoError('token_argument', {});
      if (options.withToken) {
        if (options.device) {
          throw new RemoError('conflicting_options', { first: '--with-token', second: '--device' });
        }
        const module = await import('./with-token.js');
        await module.loginWithToken(context);
        return;
      }
      const module = await import('./login.js');
      await module.login(options, context);
    });
  program
    .command('logout')
    .description(logout.summary)
    // With --all it does without them.
    .toleratingBadSettings()
    .option('--all', logout.all)
    .runs(exits, async (options: { all?: boolean }) => {
      const module = await import('./logout.js');
      await module.logout(options, context);
    });
  program
    .command('whoami')
    .description(whoami.summary)
    .runs(exits, async () => {
      const module = await import('./whoami.js');
      await module.whoami({}, context);
    });
}
