import type { Keytar } from '../../src/auth/credential-store/parts.js';

/** keytar on a map. */
export function fakeKeytar(entries = new Map<string, string>()): Keytar {
  return {
    getPassword: async (service, account) => entries.get(`${service} ${account}`) ?? null,
    setPassword: async (service, account, password) => void entries.set(`${service} ${account}`, password),
    deletePassword: async (service, account) => entries.delete(`${service} ${account}`),
    findCredentials: async service =>
      [...entries].flatMap(([key, password]) =>
        key.startsWith(`${service} `) ? [{ account: key.slice(service.length + 1), password }] : [],
      ),
  };
}
