import type { ErrorCode, ErrorParams } from '../errors.js';

/** What a person is told of an error: what happened, what that means for the devices, what to do next. */
export interface ErrorText {
  what: string;
  devices?: string;
  next?: string;
}

/** One sentence maker an error code. */
export type ErrorTexts = { [C in ErrorCode]: (params: ErrorParams[C]) => ErrorText };
