/** The collector, without I/O: a request in, the log written, an answer for every event out.
 * What it refuses it keeps too, with the reason, so that the pipeline makes a bad row of it:
 * received = accepted + Σ rejected(reason) + Σ deferred(reason), and only deferred is not in
 * the log. Spec: S20–S26. */
import type {
  AppendRequest,
  CollectorAnswer,
  CollectorCount,
  EventResult,
  LogWriter,
} from '../../domain/collector-ports.ts';
import type { CollectorPayload } from '../../domain/tracked-event.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { UnparsedLine } from '../enrichment/bad-rows.ts';
import { boundedJson } from './bounded-json.ts';
import { type EventLimits, idOf, reasonAgainst } from './check-event.ts';
import { type BodyLimits, type BodyRefusal, headOf, readBody } from './read-body.ts';

/** A body as it came over the network. */
export interface CollectorRequest {
  readonly body: Uint8Array;
  /** Now, µs since the Unix epoch. */
  readonly ingestTimeUs: number;
  readonly userAgent: string;
  readonly clientAddress: string;
}

/** When and whose a parsed payload is. */
export interface TakeContext {
  readonly ingestTimeUs: number;
  /** One partition for the whole payload. Default: each event by its own subject. */
  readonly partitionKey?: string;
}

/** A request that has been judged, and waits for its records to be in the log. One of the two is
 * called, once. Spec: S403. */
export interface JudgedRequest {
  /** To be appended, all or none; empty where there is nothing to wait for. */
  readonly requests: readonly AppendRequest[];
  /** The log has them. */
  written(): CollectorAnswer;
  /** The log could not be written, and has none of them. */
  refused(): CollectorAnswer;
}

/** Takes events in. */
export interface Collector {
  /** As `collect`, but whoever calls it writes the log: many requests at once, for one sync. */
  judge(request: CollectorRequest): JudgedRequest;
  /** Takes a body. What it answered `ok` or `drop` for is in the log. */
  collect(request: CollectorRequest): CollectorAnswer;
  /** Takes a payload that is parsed already, as simulated devices send it. */
  take(payload: CollectorPayload, context: TakeContext): CollectorAnswer;
  count(): CollectorCount;
}

/** Refuses everything while too much is unread. */
export interface BacklogLimit {
  /** Events or bytes that nobody has read yet. */
  readonly unread: () => number;
  readonly limit: number;
  readonly retryAfterSeconds: number;
}

/** What a collector writes to, and its limits. */
export interface CollectorOptions extends Partial<BodyLimits & EventLimits> {
  readonly log: LogWriter;
  readonly backlog?: BacklogLimit;
  /** Of a rejected event or body, so much text is kept. Default 32 KiB. */
  readonly keptBytesMax?: number;
  /** Told to senders while the log cannot be written. Default 5. */
  readonly logRetryAfterSeconds?: number;
}

/** Default limits: 4 MiB a body and 32 KiB an event are Segment's and RudderStack's too. */
const DEFAULTS = {
  bodyBytesMax: 4 * 1024 * 1024,
  eventsMax: 10_000,
  eventBytesMax: 32 * 1024,
  depthMax: 32,
  keptBytesMax: 32 * 1024,
  logRetryAfterSeconds: 5,
};

/** Where a rejected body goes that has no subject. */
const REJECTED_KEY = 'rejected';

/** Makes a collector. */
export function createCollector(options: CollectorOptions): Collector {
  return new LogCollector(options);
}

class LogCollector implements Collector {
  readonly #options: CollectorOptions & typeof DEFAULTS;
  readonly #count = { received: 0, accepted: 0 };
  readonly #rejected = new Map<string, number>();
  readonly #deferred = new Map<string, number>();

  constructor(options: CollectorOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  collect(request: CollectorRequest): CollectorAnswer {
    return this.#settle(this.judge(request));
  }

  take(payload: CollectorPayload, context: TakeContext): CollectorAnswer {
    return this.#backlogAnswer(payload.events) ?? this.#settle(this.#judge(payload, context));
  }

  judge(request: CollectorRequest): JudgedRequest {
    const backlog = this.#backlogAnswer([]);
    if (backlog !== undefined) return answered(backlog);
    const { body, ingestTimeUs, userAgent, clientAddress } = request;
    const read = readBody(body, this.#options);
    if (read.kind === 'refused') return this.#judgeBody(request, read);
    const { sentTimeUs = ingestTimeUs, sentUptimeUs, events } = read;
    const uptime = sentUptimeUs === undefined ? {} : { sentUptimeUs };
    const payload = { sentTimeUs, ...uptime, userAgent, clientAddress, events };
    return this.#judge(payload, { ingestTimeUs }, read.eventsJson);
  }

  count(): CollectorCount {
    const byReason = (counts: ReadonlyMap<string, number>) =>
      Object.fromEntries([...counts].sort());
    const { received, accepted } = this.#count;
    const rejected = byReason(this.#rejected);
    return { received, accepted, rejected, deferred: byReason(this.#deferred) };
  }

  #backlogAnswer(events: readonly unknown[]): CollectorAnswer | undefined {
    const { backlog } = this.#options;
    if (backlog === undefined || backlog.unread() <= backlog.limit) return undefined;
    const reason = 'too much unread';
    return this.#defer(events, { status: 429, reason, seconds: backlog.retryAfterSeconds });
  }

  /** Nothing of it is in the log: the sender keeps it. A body that was not read counts as one. */
  #defer(
    events: readonly unknown[],
    answer: { readonly status: 429 | 503; readonly reason: string; readonly seconds: number },
  ): CollectorAnswer {
    const { status, reason, seconds } = answer;
    const count = Math.max(1, events.length);
    this.#count.received += count;
    add(this.#deferred, reason, count);
    const retry = (event: unknown, index: number): EventResult => {
      return { index, id: idOf(event), result: 'retry', reason };
    };
    return { status, retryAfterSeconds: seconds, reason, results: events.map(retry) };
  }

  #judgeBody(request: CollectorRequest, { status, reason }: BodyRefusal): JudgedRequest {
    const { body, ingestTimeUs, userAgent, clientAddress } = request;
    const unparsed = headOf(body, this.#options.keptBytesMax);
    const events: readonly UnparsedLine[] = [{ unparsed, reason }];
    const payload = { sentTimeUs: ingestTimeUs, userAgent, clientAddress, events };
    return {
      requests: [{ payload, ingestTimeUs, partitionKey: REJECTED_KEY }],
      written: () => {
        this.#count.received += 1;
        add(this.#rejected, reason, 1);
        return { status, reason, results: [] };
      },
      refused: () => this.#deferUnwritten([]),
    };
  }

  /** What it returns holds no event longer than the request to the log does: many may wait. */
  #judge(payload: CollectorPayload, context: TakeContext, eventsJson?: Uint8Array): JudgedRequest {
    const records: unknown[] = [];
    let dropped = 0;
    const results = payload.events.map((event, index): EventResult => {
      const reason = reasonAgainst(event, this.#options);
      records.push(reason === undefined ? event : this.#rejection(event, reason));
      const id = idOf(event);
      if (reason === undefined) return { index, id, result: 'ok' };
      dropped += 1;
      return { index, id, result: 'drop', reason };
    });
    const requests = requestsOf({ ...payload, events: records }, context);
    const [first] = requests;
    const isWhole = dropped === 0 && requests.length === 1 && eventsJson !== undefined;
    return {
      requests: isWhole && first !== undefined ? [{ ...first, eventsJson }] : requests,
      written: () => {
        this.#count.received += results.length;
        this.#count.accepted += results.length - dropped;
        for (const one of results) if (one.result !== 'ok') add(this.#rejected, one.reason, 1);
        return { status: 200, results };
      },
      refused: () => this.#deferUnwritten(results),
    };
  }

  #rejection(event: unknown, reason: string): UnparsedLine {
    const { keptBytesMax, depthMax } = this.#options;
    return { unparsed: boundedJson(event, { unitsMax: keptBytesMax, depthMax }), reason };
  }

  #deferUnwritten(events: readonly unknown[]): CollectorAnswer {
    const seconds = this.#options.logRetryAfterSeconds;
    return this.#defer(events, { status: 503, reason: 'the log cannot be written', seconds });
  }

  /** Errors other than the log's refusal are bugs, and thrown. */
  #settle(judged: JudgedRequest): CollectorAnswer {
    const [first, ...others] = judged.requests;
    if (first === undefined) return judged.written();
    try {
      if (others.length === 0) this.#options.log.append(first);
      else this.#options.log.appendAll(judged.requests);
    } catch (error) {
      if (isRefusalOfLog(error)) return judged.refused();
      throw error;
    }
    return judged.written();
  }
}

/** Whether an error says that nothing was appended, and that a later try may work. */
export function isRefusalOfLog(error: unknown): boolean {
  return (
    error instanceof EngineError && (error.code === 'LOG_UNWRITABLE' || error.code === 'LOG_LOCKED')
  );
}

function answered(answer: CollectorAnswer): JudgedRequest {
  return { requests: [], written: () => answer, refused: () => answer };
}

/** One append for each subject in it, in the order in which they come. Mostly there is one. */
function requestsOf(
  payload: CollectorPayload,
  { ingestTimeUs, partitionKey }: TakeContext,
): readonly AppendRequest[] {
  if (payload.events.length === 0) return [];
  if (partitionKey !== undefined) return [{ payload, ingestTimeUs, partitionKey }];
  const byKey = new Map<string, unknown[]>();
  for (const event of payload.events) {
    const key = subjectOf(event);
    const events = byKey.get(key);
    if (events === undefined) byKey.set(key, [event]);
    else events.push(event);
  }
  return [...byKey].map(([key, events]) => ({
    payload: byKey.size === 1 ? payload : { ...payload, events },
    ingestTimeUs,
    partitionKey: key,
  }));
}

function subjectOf(event: unknown): string {
  const { subject } = event as { readonly subject?: unknown };
  return typeof subject === 'string' ? subject : REJECTED_KEY;
}

function add(counts: Map<string, number>, reason: string, count: number): void {
  counts.set(reason, (counts.get(reason) ?? 0) + count);
}
