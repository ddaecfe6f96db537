import type { AuthFetch } from './http.js';

type Members = Record<string, unknown>;

/**
 * An answer without the members that are null or empty, and without an interval of zero. Servers that write them mean
 * that there is none (RFC 6749, 5.1, knows no null; RFC 8628, 3.2, has its own interval for that), and a sign-in
 * must not be lost for it.
 */
export function withoutNothings(text: string): string {
  const members = membersOf(text);
  if (!members) return text;
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(members).filter(
        ([name, member]) => member !== null && member !== '' && !(name === 'interval' && member === 0),
      ),
    ),
  );
}

/**
 * The seam for a renewal, in which a token answer is brought down to what a renewal is about. With a server that
 * rotates, the old refresh token is worth nothing by then: nothing but the new tokens themselves may decide whether
 * they are kept. An ID token says who signed in, which is long known, and fails where a clock is off; the scope
 * and the lifetime count if they can be read.
 */
export function renewalFetch(fetch: AuthFetch): AuthFetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (init?.method !== 'POST' || !response.ok) return response;
    const text = await response.text();
    const members = membersOf(text);
    const { status, headers } = response;
    if (typeof members?.['access_token'] !== 'string') return new Response(text, { status, headers });
    return Response.json(essentials(members));
  };
}

function essentials({ access_token, refresh_token, scope, expires_in }: Members): Members {
  const seconds = typeof expires_in === 'string' ? Number(expires_in) : expires_in;
  return {
    access_token,
    token_type: 'Bearer',
    ...(typeof refresh_token === 'string' ? { refresh_token } : {}),
    ...(typeof scope === 'string' ? { scope } : {}),
    ...(typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0
      ? { expires_in: seconds }
      : {}),
  };
}

function membersOf(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Members)
      : undefined;
  } catch {
    return undefined;
  }
}
