import type { IncomingMessage, ServerResponse } from 'node:http';

/** What goes wrong with a request. */
type Mishap =
  /** The connection drops; the request was never processed. */
  | { kind: 'drop' }
  /** The request is processed, and the connection drops before the answer. */
  | { kind: 'lose' }
  /** Nothing is processed and no answer ever comes. */
  | { kind: 'hang' }
  /** Processed after so many milliseconds. */
  | { kind: 'delay'; ms: number }
  /** This answer instead of processing; an object becomes JSON. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string | object }
  /** Processed; the answer is whole as HTTP goes, but only the first half of its body. */
  | { kind: 'cut' }
  /** Processed; the connection breaks in the middle of the answer's body. */
  | { kind: 'break' }
  /** Processed; the answer's JSON is changed on its way out. */
  // biome-ignore lint/suspicious/noExplicitAny: a test knows which answer it changes
  | { kind: 'alter'; change: (body: any) => unknown };

/** A mishap and the requests it befalls. */
export type Fault = Mishap & {
  /** Any method when left out. */
  method?: string;
  /** A text is the whole path without the query; a pattern is matched against path and query. Any when left out. */
  path?: string | RegExp;
  /** How many requests it befalls: 1 unless told. */
  times?: number;
  /** How many matching requests pass unharmed before: 0 unless told. */
  after?: number;
};

/** The faults that are to befall coming requests; the first that matches is taken. */
export class Faults {
  private readonly planned: { fault: Fault; left: number; skip: number }[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();

  /** Plans a fault. */
  add(fault: Fault): void {
    this.planned.push({ fault, left: fault.times ?? 1, skip: fault.after ?? 0 });
  }

  /** Faults that have not yet befallen as many requests as planned; those without an end do not count. */
  get unused(): Fault[] {
    return this.planned
      .filter(({ left }) => left > 0 && left !== Number.POSITIVE_INFINITY)
      .map(({ fault }) => fault);
  }

  /** Forgets what is planned. */
  clear(): void {
    this.planned.length = 0;
  }

  /** Ends every wait that a fault caused. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  /** Lets the next fault befall the request. Calls `process` where the request is to be processed. */
  befall(req: IncomingMessage, res: ServerResponse, process: () => void): void {
    const fault = this.take(req);
    switch (fault?.kind) {
      case 'drop':
        req.socket.destroy();
        return;
      case 'hang':
        return;
      case 'delay':
        this.wait(fault.ms, process);
        return;
      case 'answer':
        // The body is read first, so that the client is not still sending when the answer comes.
        req.resume().once('end', () => answer(res, fault));
        return;
      case 'lose':
        interceptBody(res, () => req.socket.destroy());
        break;
      case 'cut':
        interceptBody(res, body => res.end(body.subarray(0, body.length / 2)));
        break;
      case 'break':
        interceptBody(res, body => {
          res.setHeader('Content-Length', body.length);
          res.write(body.subarray(0, body.length / 2), () => req.socket.destroy());
        });
        break;
      case 'alter':
        interceptBody(res, body => res.end(JSON.stringify(fault.change(JSON.parse(body.toString())))));
        break;
    }
    process();
  }

  /** Calls back after so many milliseconds, unless the sandbox closes first. */
  wait(ms: number, callback: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      callback();
    }, ms);
    this.timers.add(timer);
  }

  private take(req: IncomingMessage): Fault | undefined {
    const [path] = (req.url ?? '').split('?');
    for (const entry of this.planned) {
      const { fault } = entry;
      if (entry.left === 0 || (fault.method !== undefined && fault.method !== req.method)) continue;
      const { path: wanted } = fault;
      if (typeof wanted === 'string' && wanted !== path) continue;
      if (wanted instanceof RegExp && req.url?.search(wanted) === -1) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      return fault;
    }
    return undefined;
  }
}

function answer(res: ServerResponse, { status, headers = {}, body = '' }: Fault & { kind: 'answer' }): void {
  const json = typeof body !== 'string';
  // The contract's errors have a `code`; those of OAuth are plain JSON.
  const problem = json && status >= 400 && 'code' in body;
  const type = problem ? 'application/problem+json' : json ? 'application/json' : 'text/html';
  res.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, ...headers });
  res.end(json ? JSON.stringify(body) : body);
}

/**
 * Holds back what is written to a response and gives the whole body to `finish`. Status and headers are kept
 * on the response until `finish` writes, without the length they had.
 */
function interceptBody(res: ServerResponse, finish: (body: Buffer) => void): void {
  const original = { writeHead: res.writeHead, write: res.write, end: res.end };
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string));
  };
  Object.assign(res, {
    writeHead: (status: number, ...rest: unknown[]) => {
      res.statusCode = status;
      for (const [name, value] of Object.entries(rest.at(-1) ?? {})) res.setHeader(name, value as string);
      return res;
    },
    flushHeaders: () => {},
    write: (chunk: unknown) => {
      keep(chunk);
      return true;
    },
    end: (chunk?: unknown) => {
      keep(chunk);
      Object.assign(res, original);
      res.removeHeader('Content-Length');
      finish(Buffer.concat(chunks));
      return res;
    },
  });
}
