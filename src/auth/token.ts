/**
 * Whether a text can be a token (RFC 6750, section 2.1, and a little more): it has to fit into a header,
 * which would otherwise refuse it with an error that repeats it.
 */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
