/** A body as it was before it was zipped, or a refusal: what comes out is counted as it comes, and
 * nothing beyond the limit is ever in memory. Spec: S404. */
import { gunzip } from 'node:zlib';
import { CollectorRefusal } from './refusal.ts';

/** Limits of inflation. */
export interface InflateLimits {
  readonly inflatedBytesMax: number;
  /** Bytes out for a byte in. JSON of events has 5 to 20. */
  readonly ratioMax: number;
}

/** Inflates. @throws CollectorRefusal 400 for what is no whole gzip, 413 beyond the limits. */
export function inflate(body: Buffer, limits: InflateLimits): Promise<Buffer> {
  const maxOutputLength = Math.min(limits.inflatedBytesMax, body.length * limits.ratioMax);
  return new Promise((resolve, reject) => {
    if (body.length === 0) {
      reject(NO_GZIP);
      return;
    }
    gunzip(body, { maxOutputLength }, (error, inflated) => {
      if (error === null) resolve(inflated);
      else reject(codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? TOO_LARGE : NO_GZIP);
    });
  });
}

const NO_GZIP = new CollectorRefusal(400, 'bad_gzip', { message: 'the body is no whole gzip' });
const TOO_LARGE = new CollectorRefusal(413, 'inflated_too_large', {
  message: 'the body is too large once it is inflated; send fewer events at once',
});

function codeOf(error: Error): unknown {
  return (error as NodeJS.ErrnoException).code;
}
