/** Worlds for faults of the log and the pipeline: a handful of viewers, minutes long, and what must
 * be true of their warehouse whatever happened. */
import { expect } from 'vitest';
import type { World } from '../../../src/experiment/assemble.ts';
import { eventLedger } from '../../../src/experiment/results/ledger.ts';
import { readStoredCounts } from '../../../src/experiment/results/warehouse-figures.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { seconds } from '../../../src/kernel/time.ts';
import type { Warehouse } from '../../../src/storage/warehouse.ts';
import { runWorld, smallScenario } from '../small-world.ts';

export type FaultInput = NonNullable<ScenarioInput['faults']>[number];
type ClickstreamInput = NonNullable<ScenarioInput['clickstream']>;

/** When worlds begin, µs since the Unix epoch. */
const START = '2026-11-20T20:00:00-05:00';
const START_US = Date.parse(START) * 1_000;
/** Brokers and pipelines start again within seconds. */
const SETTLED_AFTER_US = seconds(15);

/** What a world left behind. */
export interface StreamOutcome {
  readonly world: World;
  readonly truth: ReturnType<World['clickstream']['truth']>;
  readonly digest: string;
  readonly ledger: ReturnType<typeof eventLedger>;
  readonly strikes: number;
  readonly facts: readonly string[];
  readonly panes: readonly unknown[];
  readonly badReasons: Readonly<Record<string, number>>;
  readonly lateEvents: number;
  readonly duplicates: number;
  readonly captured: readonly string[];
  /** Events that the collector answered for, and that are neither facts nor bad rows. */
  readonly lost: readonly string[];
  /** Facts of events that nobody captured. */
  readonly invented: readonly string[];
  /** Whether each pane is what a batch makes of the facts that were not late. */
  readonly wrongPanes: readonly unknown[];
  /** From the collector to the warehouse, the longest: of all events, and of those that came in
   * once faults were over and things had settled. */
  readonly longestUs: number;
  readonly longestAfterUs: number;
  /** How far each partition was read. */
  readonly offsets: readonly number[];
  readonly mishaps: ReturnType<World['clickstream']['drive']['mishaps']>;
  /** Warehouse rows as text, for digests of a whole. */
  readonly rows: string;
}

/** Which world. */
export interface StreamOptions {
  readonly seed?: number;
  readonly clickstream?: ClickstreamInput;
  /** How many viewers, 6 at most. */
  readonly guests?: number;
}

/** Runs a world with these faults. @param look - Before it runs. */
export async function runStream(
  faults: readonly FaultInput[],
  options: StreamOptions = {},
  look?: (world: World) => void,
): Promise<StreamOutcome> {
  const { seed = 1, clickstream = {}, guests = 4 } = options;
  const captured: string[] = [];
  const acknowledged = new Set<string>();
  const scenario = smallScenario({
    seed,
    clock: { start: START, duration: seconds(150), drain: seconds(60) },
    audience: { viewers: 0, guests: GUESTS.slice(0, guests) },
    clickstream: {
      partitions: 3,
      heartbeat: seconds(10),
      maxBatchEvents: 6,
      maxBatchAge: seconds(5),
      batchLossProbability: 0,
      malformedShare: 0,
      ...clickstream,
    },
    faults: [...faults],
  });
  const { world, warehouse } = await runWorld(scenario, {
    architecture: 'monolith',
    look(made) {
      const { clickstream: stream } = made;
      const before = stream.captured.bind(stream);
      stream.captured = (event) => {
        captured.push(event.id);
        before(event);
      };
      const accept = stream.accept.bind(stream);
      stream.accept = (sent) => {
        const answer = accept(sent);
        if (answer.status === 200) for (const { id } of sent.events) acknowledged.add(id);
        return answer;
      };
      look?.(made);
    },
  });
  try {
    const outcome = readOutcome(world, warehouse, healedUs(faults));
    const known = new Set([...outcome.facts, ...outcome.badIds]);
    const real = new Set(captured);
    return {
      ...outcome,
      captured,
      lost: [...acknowledged].filter((id) => !known.has(id)),
      invented: outcome.facts.filter((id) => !real.has(id)),
    };
  } finally {
    warehouse.close();
  }
}

const GUESTS = [0, 4, 9, 15, 22, 30].map((at) => ({ at: seconds(at) }));

function healedUs(faults: readonly FaultInput[]): number {
  return Math.max(0, ...faults.map(({ at, for: forUs }) => at + forUs)) + SETTLED_AFTER_US;
}

function longest(warehouse: Warehouse, fromUs: number): number {
  const [row] = warehouse.query(
    `SELECT coalesce(max(process_time_us - ingest_time_us), 0) AS us FROM fact_event
     WHERE ingest_time_us >= ?`,
    [START_US + fromUs],
  );
  return Number(row?.['us']);
}

function readOutcome(world: World, warehouse: Warehouse, calmFromUs: number) {
  const facts = warehouse.query('SELECT event_id AS id FROM fact_event ORDER BY event_id');
  const bad = warehouse.query('SELECT reason, count(*) AS n FROM bad_row GROUP BY reason');
  const late = warehouse.query('SELECT count(DISTINCT event_id) AS n FROM late_event');
  const panes = warehouse.query(
    'SELECT metric, window_start_us, key, value FROM pane ORDER BY metric, window_start_us, key',
  );
  const dedupe = world.clickstream.pipeline.counts().find(({ stage }) => stage === 'dedupe');
  return {
    world,
    truth: world.clickstream.truth(),
    digest: world.digest.value(),
    ledger: eventLedger(world, readStoredCounts(warehouse)),
    strikes: world.board.tally().reduce((sum, { strikes }) => sum + strikes, 0),
    facts: facts.map(({ id }) => String(id)),
    panes,
    badIds: badIds(warehouse),
    badReasons: Object.fromEntries(bad.map(({ reason, n }) => [String(reason), Number(n)])),
    lateEvents: Number(late[0]?.['n']),
    duplicates: dedupe?.dropped['duplicate'] ?? 0,
    wrongPanes: wrongPanes(warehouse),
    longestUs: longest(warehouse, 0),
    longestAfterUs: longest(warehouse, calmFromUs),
    offsets: warehouse.committedOffsets(world.scenario.clickstream.partitions),
    mishaps: world.clickstream.drive.mishaps(),
    rows: JSON.stringify([facts, bad, panes]),
  };
}

/** What must be true whatever happened: all that was captured is accounted for; what was answered
 * for is a fact or a bad row, and nothing else is; panes are what a batch makes of the facts. */
export function expectNothingLost(outcome: StreamOutcome): void {
  expect(outcome.ledger).toMatchObject({ residual: 0 });
  expect(outcome.lost).toEqual([]);
  expect(outcome.invented).toEqual([]);
  expect(outcome.wrongPanes).toEqual([]);
  expect(outcome.truth.unread).toBe(0);
}

/** Ids that bad rows have. */
function badIds(warehouse: Warehouse): readonly string[] {
  return warehouse
    .query("SELECT payload ->> '$.id' AS id FROM bad_row WHERE json_valid(payload)")
    .map(({ id }) => String(id));
}

/** Events by minute and type, as a batch counts the facts that were not late, beside the panes. */
function wrongPanes(warehouse: Warehouse): readonly unknown[] {
  return warehouse.query(
    `WITH counted AS (
       SELECT event_time_us / 60000000 * 60000000 AS start_us, name AS key, count(*) AS n
       FROM fact_event JOIN dim_event_type USING (event_type_sk)
       WHERE NOT EXISTS (SELECT 1 FROM late_event l
         WHERE l.event_id = fact_event.event_id AND l.metric = 'events_1m')
       GROUP BY 1, 2),
     told AS (SELECT window_start_us AS start_us, key, value AS n FROM pane
       WHERE metric = 'events_1m')
     SELECT start_us, key, c.n AS counted, t.n AS told
     FROM counted c FULL JOIN told t USING (start_us, key) WHERE c.n IS NOT t.n`,
  );
}
