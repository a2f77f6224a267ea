/** How large what travels is: the true sizes of questions and answers, and HTTP's headers. */
import type { Attempt } from '../calls/call.ts';

/** HTTP headers of a client's request and of the answer, cookies and all. */
export const CLIENT_HEADER_BYTES = { up: 900, down: 400 } as const;
/** HTTP headers of a request or an answer between servers. */
export const INTERNAL_HEADER_BYTES = { up: 250, down: 250 } as const;
/** A page request to a gateway: a persisted query's hash and its variables. */
const PAGE_REQUEST_BYTES = 250;
/** An error answer without data. */
const ERROR_BYTES = 120;

/** Bytes of a question, without headers. */
export function requestBytes({ call }: Attempt): number {
  return call.traced?.requestBytes ?? PAGE_REQUEST_BYTES;
}

/** Bytes of an answer, without headers. @param ok - False for an error without data. */
export function answerBytes({ call, end }: Attempt, ok: boolean): number {
  return ok ? (call.traced?.responseBytes ?? end?.bytes ?? ERROR_BYTES) : ERROR_BYTES;
}
