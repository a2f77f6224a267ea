/** Batches over HTTP: `fetch` with the write key as a bearer; what must outlive the page by `fetch`
 * with `keepalive` or `sendBeacon`, with the key in the query and as plain text, so that no
 * preflight has to come first. Requests that outlive the page share 64 KiB. Spec: B4, B5, B8. */
import { requestBody, type SdkMessage, type SentBatchEffect } from '../../../sdk/sdk-messages.ts';
import type { BrowserEnvironment, HttpAnswer } from '../environment.ts';
import { messageOf } from './answer.ts';

/** Where to and how. */
export interface TransportOptions {
  /** Address of the collector's batches. */
  readonly url: string;
  readonly writeKey: string;
  /** No answer for so long is none. */
  readonly timeoutMs: number;
  /** Bodies from this size on are compressed. */
  readonly gzipFromBytes: number;
}

/** Sends batches. */
export interface HttpTransport {
  /** Sends, and tells what came of it, later and at most once. */
  send(sent: SentBatchEffect, tell: (message: SdkMessage) => void): void;
  /** Whether the page is on its way out: then nobody hears answers, and beacons are surer. */
  isLeaving: boolean;
  /** Requests so far, and bytes of their bodies before compression. */
  readonly count: { readonly requests: number; readonly bytes: number };
}

/** What requests that outlive the page may have under way in all. Source: Fetch standard. */
const KEEPALIVE_BYTES = 65_536;
const UNSUPPORTED_MEDIA_TYPE = 415;

/** Makes a transport. */
export function createHttpTransport(
  environment: BrowserEnvironment,
  options: TransportOptions,
): HttpTransport {
  const { url, writeKey, timeoutMs, gzipFromBytes } = options;
  const openUrl = `${url}${url.includes('?') ? '&' : '?'}key=${encodeURIComponent(writeKey)}`;
  const count = { requests: 0, bytes: 0 };
  let aliveBytes = 0;
  let mayCompress = environment.gzip !== undefined;

  async function post(text: string, bytes: number, isOpen: boolean): Promise<HttpAnswer> {
    const { gzip } = environment;
    const isPacked = gzip !== undefined && mayCompress && !isOpen && bytes >= gzipFromBytes;
    const keepalive = aliveBytes + bytes <= KEEPALIVE_BYTES;
    const abort = new AbortController();
    const callOff = environment.later(timeoutMs, () => abort.abort());
    if (keepalive) aliveBytes += bytes;
    try {
      const answer = await environment.post({
        url: isOpen ? openUrl : url,
        headers: isOpen
          ? { 'content-type': 'text/plain' }
          : {
              'content-type': 'application/json',
              authorization: `Bearer ${writeKey}`,
              ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
            },
        body: isPacked ? await gzip(text) : text,
        keepalive,
        signal: abort.signal,
      });
      if (isPacked && answer.status === UNSUPPORTED_MEDIA_TYPE) mayCompress = false;
      else return answer;
    } finally {
      callOff();
      if (keepalive) aliveBytes -= bytes;
    }
    return post(text, bytes, isOpen);
  }

  return {
    isLeaving: false,
    count,
    send(sent, tell) {
      const { batch, attempt, byBeacon, bodyBytes } = sent;
      const text = JSON.stringify(requestBody(sent));
      count.requests += 1;
      count.bytes += bodyBytes;
      const isTooMuch = aliveBytes + bodyBytes > KEEPALIVE_BYTES;
      if (byBeacon && (this.isLeaving || isTooMuch) && environment.beacon(openUrl, text)) return;
      void post(text, bodyBytes, byBeacon)
        .then((answer) => messageOf(answer, sent, environment.wallMs()))
        .catch((): SdkMessage => ({ type: 'batch.refused', batch, attempt, status: 0 }))
        .then(tell);
    },
  };
}
