/** What the tests of the warehouse are built from: facts by hand, batches, and the whole content of
 * a warehouse as plain rows. */
import type { BadRow, CommitBatch, EnrichedEvent } from '../../src/domain/pipeline-ports.ts';
import type { TrackedEvent, TrackedEventData } from '../../src/domain/tracked-event.ts';
import { seconds } from '../../src/kernel/time.ts';
import { openWarehouse, type Warehouse } from '../../src/storage/warehouse.ts';

/** 2026-11-20T20:00:00Z, a whole minute. */
export const START_US = 1_795_204_800_000_000;

const TABLES = [
  'dim_title',
  'dim_device',
  'dim_country',
  'dim_event_type',
  'dim_geo',
  'dim_user',
  'dim_date',
  'fact_event',
  'fact_playback_session',
  'fact_impression',
  'touched_session',
  'pipeline_state',
  'pane',
  'late_event',
  'bad_row',
  'stage_count',
  'source_offset',
] as const;

/** What a hand-made fact says; the rest is filled in. */
export interface FactPart {
  readonly id: string;
  readonly type?: TrackedEvent['type'];
  /** Seconds after {@link START_US}. */
  readonly atSeconds?: number;
  /** Seconds from the event to its processing. */
  readonly ageSeconds?: number;
  readonly subject?: string;
  readonly session?: string;
  readonly sequence?: number;
  readonly genre?: string | null;
  readonly data?: TrackedEventData;
}

/** A fact: a play of title `t1` by default. */
export function fact(part: FactPart): EnrichedEvent {
  const { id, type = 'media.play', atSeconds = 0, ageSeconds = 2, subject = 'v1' } = part;
  const { data = { titleId: 't1' }, genre = 'Drama', session = 's1', sequence = 0 } = part;
  const eventTimeUs = START_US + seconds(atSeconds);
  return {
    event: { id, type, subject, sessionId: session, sequence, eventTimeUs, data },
    ingestTimeUs: eventTimeUs + seconds(1),
    processTimeUs: eventTimeUs + seconds(ageSeconds),
    deviceKind: 'tv',
    country: 'IN',
    localHour: 1,
    titleName: data.titleId === undefined ? null : `Title ${data.titleId}`,
    genre: data.titleId === undefined ? null : genre,
  };
}

/** A bad row with only what matters to a test said. */
export function badRow(part: Partial<BadRow>): BadRow {
  return {
    partition: 0,
    offset: 0,
    ingestTimeUs: START_US,
    reason: 'id: too_small',
    payload: '{}',
    failureType: 'schema_violation',
    processor: 'validate',
    processorVersion: '1',
    failedTimeUs: START_US,
    messages: [],
    field: 'id',
    attempt: 1,
    recoverable: true,
    envelope: { sentTimeUs: START_US, userAgent: '-', clientNetwork: '' },
    ...part,
  };
}

/** A batch with nothing in it but what is given. */
export function batchOf(part: Partial<CommitBatch>): CommitBatch {
  return {
    facts: [],
    panes: [],
    late: [],
    badRows: [],
    nextOffsets: [0],
    stageCounts: [],
    watermarkUs: START_US,
    processTimeUs: START_US,
    ...part,
  };
}

/** A warehouse's file with these facts. */
export function writeWarehouse(path: string, facts: readonly EnrichedEvent[]): void {
  const warehouse = openWarehouse({ path });
  warehouse.commit(batchOf({ facts }));
  warehouse.close();
}

/** A warehouse in memory that holds these facts. */
export function warehouseWith(facts: readonly EnrichedEvent[]): Warehouse {
  const warehouse = openWarehouse({ path: ':memory:' });
  warehouse.commit(batchOf({ facts }));
  return warehouse;
}

/** Every row of every table as JSON, sorted. */
export function contentOf(warehouse: Warehouse): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    TABLES.map((table) => {
      const rows = warehouse.query(`SELECT * FROM ${table}`);
      return [table, rows.map((row) => JSON.stringify(row)).sort()];
    }),
  );
}
