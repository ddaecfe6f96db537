/** The contract's error codes. */
export type ProblemCode =
  | 'invalid_request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'rate_limited'
  | 'reboot_in_progress'
  | 'device_offline'
  | 'idempotency_key_reused';

/** An answer that says no: an RFC 9457 problem document with the contract's `code`. */
export class Problem extends Error {
  override readonly name = 'Problem';

  /** `members` are further members of the document, `headers` of the response. */
  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    readonly detail: string,
    readonly extra: { members?: Record<string, string>; headers?: Record<string, string> } = {},
  ) {
    super(detail);
  }

  toResponse(): Response {
    const title = this.code.replaceAll('_', ' ');
    const document = {
      type: `urn:remo:problem:${this.code}`,
      title: `${title[0]?.toUpperCase()}${title.slice(1)}`,
      status: this.status,
      detail: this.detail,
      code: this.code,
      ...this.extra.members,
    };
    return new Response(JSON.stringify(document), {
      status: this.status,
      headers: { 'Content-Type': 'application/problem+json', ...this.extra.headers },
    });
  }
}
