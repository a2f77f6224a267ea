/** Windows hold what belongs to them: each fact is in one pane of every count, or late for it, and
 * what panes say in the end is what a batch over the facts computes. Spec: T43, T44. */
import type { EnrichedEvent, LateEvent } from '../../../domain/pipeline-ports.ts';
import type { Invariant } from '../invariant.ts';
import { type Notebook, watching } from '../watching.ts';

/** The counts that every scenario's pipeline makes, said anew. */
const COUNTS: readonly {
  readonly metric: string;
  readonly keyOf: (fact: EnrichedEvent) => string | undefined;
}[] = [
  {
    metric: 'plays_1m',
    keyOf: ({ event: { type, data } }) =>
      type === 'media.play' ? (data.titleId ?? 'none') : undefined,
  },
  { metric: 'events_1m', keyOf: ({ event }) => event.type },
];

/** Panes. */
export const PANES_ARE_THE_BATCH_RESULT: Invariant = watching(
  'panes-are-the-batch-result',
  'at the end of the run every pane is the count of the facts of its window that were not late',
  ({ tower, world, checked, broken }) => {
    const sizeUs = world.scenario.clickstream.window;
    const facts: EnrichedEvent[] = [];
    const late = new Set<string>();
    tower.pipeline.committed.on(({ batch }) => {
      facts.push(...batch.facts);
      for (const one of batch.late) late.add(`${one.metric}/${one.eventId}`);
    });
    return {
      atEnd() {
        const expected = new Map<string, number>();
        for (const fact of facts) {
          for (const { metric, keyOf } of COUNTS) {
            const key = keyOf(fact);
            if (key === undefined || late.has(`${metric}/${fact.event.id}`)) continue;
            checked();
            const startUs = Math.floor(fact.event.eventTimeUs / sizeUs) * sizeUs;
            const pane = JSON.stringify([metric, startUs, key]);
            expected.set(pane, (expected.get(pane) ?? 0) + 1);
          }
        }
        compare(expected, panesIn(tower), broken);
      },
    };
  },
);

function panesIn({ pipeline }: Notebook['tower']): ReadonlyMap<string, number> {
  const rows = pipeline.warehouse?.query(
    'SELECT metric, window_start_us, key, value FROM pane ORDER BY metric, window_start_us, key',
  );
  const metrics = COUNTS.map(({ metric }) => metric);
  return new Map(
    (rows ?? [])
      .filter((row) => metrics.includes(String(row['metric'])))
      .map((row) => [
        JSON.stringify([row['metric'], row['window_start_us'], row['key']]),
        Number(row['value']),
      ]),
  );
}

function compare(
  expected: ReadonlyMap<string, number>,
  found: ReadonlyMap<string, number>,
  broken: Notebook['broken'],
): void {
  for (const pane of new Set([...expected.keys(), ...found.keys()])) {
    const batch = expected.get(pane) ?? 0;
    const streamed = found.get(pane) ?? 0;
    if (batch === streamed) continue;
    const [metric, windowStartUs, key] = JSON.parse(pane) as readonly unknown[];
    const details = { metric, windowStartUs, key, batch, streamed };
    broken(
      `a pane of ${String(metric)} is ${streamed}; the batch over its facts ${batch}`,
      details,
    );
    return;
  }
}

/** Lateness. */
export const ONLY_LATE_EVENTS_ARE_LATE: Invariant = watching(
  'only-late-events-are-late',
  'an event is late only once the watermark has passed its window and the allowed lateness',
  ({ tower, world, checked, broken }) => {
    const { window: sizeUs, allowedLateness } = world.scenario.clickstream;
    const isLate = ({ eventTimeUs, watermarkUs }: LateEvent) => {
      const endUs = (Math.floor(eventTimeUs / sizeUs) + 1) * sizeUs;
      return endUs - 1 + allowedLateness <= watermarkUs;
    };
    tower.pipeline.committed.on(({ batch }) => {
      for (const one of batch.late) {
        if (COUNTS.every(({ metric }) => metric !== one.metric)) continue;
        checked();
        if (!isLate(one)) broken('an event was called late that was in time', { ...one });
      }
    });
    return undefined;
  },
);
