import { RemoError } from '../errors.js';

/** What an operation is about: the segments below the base URL, not yet encoded, and the query. */
export interface Target {
  /** The operationId in openapi.yaml. */
  operation: string;
  path: readonly string[];
  query?: Readonly<Record<string, string | number | undefined>>;
}

/**
 * The URL of an operation, each segment of its path percent-encoded.
 * @throws RemoError `not_found` for an id that no URL can carry, so that nothing can have it: empty, "." or
 * ".." (removed from a URL however they are encoded: WHATWG URL, "double-dot path segment"), half a surrogate pair
 */
export function address(baseUrl: URL, { operation, path, query = {} }: Target): string {
  const segments = path.map(segment => {
    if (segment === '' || segment === '.' || segment === '..' || /\p{Surrogate}/u.test(segment)) {
      throw new RemoError('not_found', { operation, lost: false });
    }
    return encodeURIComponent(segment);
  });
  const url = new URL(baseUrl);
  url.pathname = [url.pathname.replace(/\/$/, ''), ...segments].join('/');
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}
