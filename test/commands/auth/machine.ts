import { memoryStore } from '../../../src/auth/credential-store/memory.js';
import type { CredentialStore } from '../../../src/auth/credential-store/store.js';
import { run } from '../../../src/cli.js';
import { Context } from '../../../src/context.js';
import { temporaryFolder } from '../../auth/signed-in.js';
import { fakeHost } from '../../support/host.js';

/**
 * One person's machine: what is stored stays between commands. Credentials are kept in memory, or (`null`)
 * where the settings say.
 */
export function machine(
  env: Record<string, string | undefined>,
  store: CredentialStore | null = memoryStore(),
) {
  const home = temporaryFolder();
  return {
    home,
    stored: () => store?.read('default'),
    async remo(argv: string[], more: Record<string, string | undefined> = {}, stdin?: string) {
      const host = fakeHost({ env: { ...env, ...more }, home, ...(stdin === undefined ? {} : { stdin }) });
      const code = await run(argv, new Context(host, store ? { credentialStore: store } : {}));
      return { code, out: host.out, err: host.err };
    },
  };
}
