// No secret in any output: what the tests use as one is noted here, and so is all that the program writes;
// guard.ts compares the two after each test of the whole suite.

/** Shorter ones are made up for a test (`t`), and would be found in ordinary words. */
const shortest = 8;

const secrets = new Set<string>();
let outputs: { of: string; read: () => string }[] = [];

/** Notes a secret, in the forms it could be shown in. Gives it back. */
export function secret(text: string): string {
  if (text.length < shortest) return text;
  secrets.add(text).add(encodeURIComponent(text));
  return text;
}

/** Notes the secrets that an environment holds: tokens, and the credentials of proxies. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value = ''] of Object.entries(env)) {
    if (/^REMO_(TOKEN|CLIENT_SECRET)$/.test(name)) secret(value.trim());
    if (!/^https?_proxy$/i.test(name)) continue;
    const [, user = '', password = ''] = /\/\/([^:@]*):(.*)@/.exec(value) ?? [];
    secret(password);
    try {
      secret(decodeURIComponent(password));
      if (password) secret(btoa(`${decodeURIComponent(user)}:${decodeURIComponent(password)}`));
    } catch {
      // Such an address is refused; its password is noted as it stands.
    }
  }
}

/** Has an output looked through at the end of the test. */
export function watchOutput(of: string, read: () => string): void {
  outputs.push({ of, read });
}

/** The secrets that a text holds, none of them in full. */
export function secretsIn(text: string): string[] {
  return [...secrets].filter(known => text.includes(known)).map(known => `${known.slice(0, 4)}…`);
}

/** Looks through what was written since the last time. @throws Error naming the output that holds a secret */
export function checkOutputs(): void {
  const written = outputs;
  outputs = [];
  for (const { of, read } of written) {
    const found = secretsIn(read());
    if (found.length > 0) throw new Error(`a secret is in the output of ${of}: ${found.join(', ')}`);
  }
}
