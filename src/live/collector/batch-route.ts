/** `POST /v1/batch`: let in by its head, read, inflated, judged, written, answered. Whatever goes
 * wrong on the way, the sender hears either what became of each event or why nothing of it was
 * kept. Spec: S403–S412. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CollectorAnswer, EventResult } from '../../domain/collector-ports.ts';
import { networkAddress } from '../../experiment/backfill/network-address.ts';
import { type Collector, isRefusalOfLog } from '../../streams/collector/collector.ts';
import type { Admission } from './admission.ts';
import type { CrossOrigin } from './cross-origin.ts';
import type { GroupCommit } from './group-commit.ts';
import { type InflateLimits, inflate } from './inflate.ts';
import { CollectorRefusal, type RefusalStatus } from './refusal.ts';

/** What the route works with. */
export interface BatchRouteOptions extends InflateLimits {
  readonly collector: Collector;
  readonly groups: GroupCommit;
  readonly admission: Admission;
  readonly crossOrigin: CrossOrigin;
  readonly bodyBytesMax: number;
  readonly nowUs: () => number;
}

/** Where it is. */
export const BATCH_URL = '/v1/batch';

const USER_AGENT_LENGTH_MAX = 512;
/** Where every event is dropped, who sent them is told so at once, and may still read why. */
const NO_VALID_EVENT =
  '{"error":{"code":"no_valid_event","message":"none of the events can be taken; see results"},';
const JSON_TYPE = 'application/json; charset=utf-8';

/** Adds the route. */
export function addBatchRoute(app: FastifyInstance, options: BatchRouteOptions): void {
  const { admission, crossOrigin, bodyBytesMax } = options;
  app.route({
    method: 'POST',
    url: BATCH_URL,
    bodyLimit: bodyBytesMax,
    onRequest: (request, reply, done) => {
      crossOrigin.mark(request.headers.origin, reply);
      try {
        const { key } = request.query as { readonly key?: unknown };
        const leave = admission.enter({
          headers: request.headers,
          key: typeof key === 'string' ? key : undefined,
        });
        reply.raw.once('close', leave);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    handler: (request, reply) => take(request, reply, options),
  });
  app.options(BATCH_URL, (request, reply) => crossOrigin.preflight(request.headers.origin, reply));
}

async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  options: BatchRouteOptions,
): Promise<FastifyReply> {
  const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const isZipped = request.headers['content-encoding']?.toLowerCase() === 'gzip';
  const body = isZipped ? await inflate(sent, options) : sent;
  const judged = options.collector.judge({
    body,
    ingestTimeUs: options.nowUs(),
    userAgent: (request.headers['user-agent'] ?? '').slice(0, USER_AGENT_LENGTH_MAX),
    clientAddress: networkOf(request),
  });
  const answer =
    judged.requests.length === 0
      ? judged.written()
      : await new Promise<CollectorAnswer>((resolve, reject) => {
          options.groups.write(judged.requests, (error) => {
            if (error === undefined) resolve(judged.written());
            else if (isRefusalOfLog(error)) resolve(judged.refused());
            else reject(error as Error);
          });
        });
  if (answer.status !== 200) throw refusalOf(answer);
  const { results } = answer;
  const isUseless = results.length > 0 && results.every((one) => one.result === 'drop');
  const text = isUseless ? `${NO_VALID_EVENT}${resultsText(results)}` : `{${resultsText(results)}`;
  return reply
    .code(isUseless ? 400 : 200)
    .header('content-type', JSON_TYPE)
    .send(text);
}

/** Where the sender is, as far as a country can be told by: the address is forgotten here. */
function networkOf(request: FastifyRequest): string {
  const { remoteAddress = '' } = request.raw.socket;
  return networkAddress(remoteAddress.replace(/^::ffff:/i, ''));
}

/** The rest of an answer behind its brace, the usual result by concatenation: a third of the time
 * that serialising objects takes. */
function resultsText(results: readonly EventResult[]): string {
  let text = '"results":[';
  let separator = '';
  for (const one of results) {
    const { index, id, result } = one;
    text += `${separator}{"index":${index},"id":${JSON.stringify(id)},"result":"${result}"`;
    text += one.result === 'ok' ? '}' : `,"reason":${JSON.stringify(one.reason)}}`;
    separator = ',';
  }
  return `${text}]}`;
}

const CODES: Readonly<Record<number, string>> = {
  400: 'bad_body',
  413: 'too_many_events',
  429: 'too_much_unread',
  503: 'log_unwritable',
};

function refusalOf({ status, reason = '', retryAfterSeconds }: CollectorAnswer): CollectorRefusal {
  return new CollectorRefusal(status as RefusalStatus, CODES[status] ?? 'refused', {
    message: reason,
    retryAfterSeconds,
  });
}
