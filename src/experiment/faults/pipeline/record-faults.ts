/** What faults of the pipeline family do to records on their way into the log: other versions'
 * fields, wrong order, copies, records that nobody can read, one partition for all. What they add
 * is counted once it is in the log. Spec: E480, E483–E486. */
import type { AppendReceipt, AppendRequest, LogWriter } from '../../../domain/collector-ports.ts';
import type { ActiveFault } from '../board/fault-board.ts';
import type { FaultKindName } from '../catalogue/fault-kinds.ts';
import { type FaultSight, identityOf } from '../fault-sight.ts';
import { poisonOf } from './poison.ts';
import { changeSchema } from './schema-change.ts';

/** Records that faults put into the log: no events of anybody. */
export interface MadeRecords {
  readonly poison: number;
  readonly duplicate: number;
}

/** A writer with faults in front of it. */
export interface RecordFaults {
  readonly writer: LogWriter;
  readonly made: MadeRecords;
  /** An append that was refused is in the log all the same. @returns what it was asked to be. */
  survived(request: AppendRequest): AppendRequest;
}

/** What became of a request. */
interface Altered {
  readonly original: AppendRequest;
  readonly made: MadeRecords;
}

const KINDS: readonly FaultKindName[] = [
  'pipeline.schema-change',
  'pipeline.out-of-order',
  'pipeline.duplicate',
  'pipeline.poison-record',
  'pipeline.partition-skew',
];

/** Puts faults in front of a writer. */
export function createRecordFaults(options: {
  readonly writer: LogWriter;
  readonly sight: FaultSight;
  /** Whether the plan has a change of schema. */
  readonly changesSchema: boolean;
}): RecordFaults {
  return new AlteringWriter(options);
}

class AlteringWriter implements RecordFaults, LogWriter {
  readonly writer: LogWriter = this;
  readonly partitionCount: number;
  readonly made = { poison: 0, duplicate: 0 };
  readonly #next: LogWriter;
  readonly #sight: FaultSight;
  readonly #altered = new WeakMap<AppendRequest, Altered>();
  /** Those that the log refused included: two tries may come in at one instant. */
  #poisonCount = 0;
  /** Where schemas change: what each event became when it was first seen. */
  readonly #versions: Map<string, unknown> | undefined;

  constructor(options: Parameters<typeof createRecordFaults>[0]) {
    this.#next = options.writer;
    this.#sight = options.sight;
    this.#versions = options.changesSchema ? new Map() : undefined;
    this.partitionCount = options.writer.partitionCount;
  }

  append(request: AppendRequest): AppendReceipt {
    const altered = this.#alter(request);
    const receipt = this.#next.append(altered);
    this.#count(altered);
    return receipt;
  }

  appendAll(requests: readonly AppendRequest[]): readonly AppendReceipt[] {
    return requests.map((request) => this.append(request));
  }

  survived(request: AppendRequest): AppendRequest {
    this.#count(request);
    return this.#altered.get(request)?.original ?? request;
  }

  #count(request: AppendRequest): void {
    const made = this.#altered.get(request)?.made;
    this.made.poison += made?.poison ?? 0;
    this.made.duplicate += made?.duplicate ?? 0;
  }

  #alter(request: AppendRequest): AppendRequest {
    const isCalm = KINDS.every((kind) => this.#sight.active(kind).length === 0);
    if (isCalm && this.#versions === undefined) return request;
    const { events } = request.payload;
    const changed = this.#reordered(
      events.map((raw) => this.#changed(raw)),
      request,
    );
    const made = { poison: 0, duplicate: 0 };
    const records = changed.flatMap((raw, i) => {
      const at = opportunityOf(raw, request, i);
      const isTwice = this.#sight.strike('pipeline.duplicate', at) !== undefined;
      const poison = this.#sight.strike('pipeline.poison-record', at);
      made.duplicate += Number(isTwice);
      made.poison += Number(poison !== undefined);
      const copies = isTwice ? [raw, raw] : [raw];
      return poison === undefined ? copies : [...copies, this.#poison(poison, at)];
    });
    const altered = {
      ...request,
      partitionKey: this.#partitionKeyOf(request),
      payload: { ...request.payload, events: records },
    };
    this.#altered.set(altered, { original: request, made });
    return altered;
  }

  #poison(fault: ActiveFault, at: ReturnType<typeof opportunityOf>): unknown {
    this.#poisonCount += 1;
    return poisonOf(fault, at, this.#poisonCount);
  }

  #partitionKeyOf({ partitionKey }: AppendRequest): string {
    const [skew] = this.#sight.active('pipeline.partition-skew');
    if (skew === undefined) return partitionKey;
    this.#sight.struck(skew);
    return `skew/${skew.beganAtUs}`;
  }

  /** Decided when an event is first seen, for all of its tries: a device keeps what it wrote. */
  #changed(raw: unknown): unknown {
    const id = idOf(raw);
    if (id === undefined || this.#versions === undefined) return raw;
    const known = this.#versions.get(id);
    if (known !== undefined) return known;
    const entity = identityOf(id);
    const fault = this.#sight.strike('pipeline.schema-change', { entity, index: 0 });
    const changed = fault === undefined ? raw : changeSchema(raw as object, fault, entity);
    this.#versions.set(id, changed);
    return changed;
  }

  /** A record that is struck changes places with the one behind it. */
  #reordered(records: readonly unknown[], request: AppendRequest): readonly unknown[] {
    if (this.#sight.active('pipeline.out-of-order').length === 0) return records;
    const moved = [...records];
    for (let i = 0; i + 1 < moved.length; i += 1) {
      const at = opportunityOf(moved[i], request, i);
      if (this.#sight.strike('pipeline.out-of-order', at) === undefined) continue;
      [moved[i], moved[i + 1]] = [moved[i + 1], moved[i]];
      i += 1;
    }
    return moved;
  }
}

/** A record of a try is named by its event and when the try came in. */
function opportunityOf(raw: unknown, { partitionKey, ingestTimeUs }: AppendRequest, i: number) {
  const entity = identityOf(idOf(raw) ?? `${partitionKey}/${i}`);
  return { entity, index: identityOf(`${ingestTimeUs}`) };
}

function idOf(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const { id } = raw as { readonly id?: unknown };
  return typeof id === 'string' ? id : undefined;
}
