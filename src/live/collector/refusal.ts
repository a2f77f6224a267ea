/** What a sender is told that gets nothing done: fixed words, never its own. Spec: S405. */

/** A refusal, as thrown by whoever refuses. */
export class CollectorRefusal extends Error {
  readonly statusCode: RefusalStatus;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;
  /** Whether what is left of the body is not worth reading. */
  readonly closes: boolean;

  constructor(
    statusCode: RefusalStatus,
    code: string,
    options: {
      readonly message: string;
      readonly retryAfterSeconds?: number | undefined;
      readonly closes?: boolean;
    },
  ) {
    super(options.message);
    this.statusCode = statusCode;
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.closes = options.closes ?? false;
  }
}

/** HTTP's words for it. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 429 | 431 | 500 | 503;

/** The body of a refusal. */
export function refusalBody({ code, message }: Pick<CollectorRefusal, 'code' | 'message'>): string {
  return `{"error":{"code":${JSON.stringify(code)},"message":${JSON.stringify(message)}}}`;
}
