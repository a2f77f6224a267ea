/** One simulated run with losses, spoilt events and corrected times: the metrics of its warehouse
 * are those of the truth but for the named lost events and the error of the correction. Simulated
 * devices' clocks are right, so what they captured is the true time. Spec: S70, S78, S88. */
import { expect, it } from 'vitest';
import type { EnrichedEvent } from '../../src/domain/pipeline-ports.ts';
import type { TrackedEvent } from '../../src/domain/tracked-event.ts';
import type { MetricName } from '../../src/storage/metrics/catalogue.ts';
import type { MetricRow } from '../../src/storage/metrics/metric.ts';
import { clockError, eventLoss } from '../../src/storage/metrics/truth-metrics.ts';
import { createViewingStream } from '../../src/storage/metrics/viewing-stream.ts';
import { runMetric } from '../../src/storage/metrics.ts';
import { runWorld, smallScenario } from './small-world.ts';

type Rows = Readonly<Record<string, readonly MetricRow[]>>;

/** What the enrichment adds, by subject: a viewer has one device and one country. */
type Places = ReadonlyMap<string, Pick<EnrichedEvent, 'deviceKind' | 'country'>>;

/** Captured events as the stream takes them. */
function figuresOf(
  events: readonly TrackedEvent[],
  { runtimes, places }: { readonly runtimes: ReadonlyMap<string, number>; readonly places: Places },
): Rows {
  const stream = createViewingStream({
    titleOf: (titleId) => {
      const runtimeSeconds = runtimes.get(titleId);
      return runtimeSeconds === undefined ? undefined : { runtimeSeconds, kind: 'film' };
    },
  });
  for (const event of events) {
    stream.add({ event, ...places.get(event.subject) } as EnrichedEvent);
  }
  const { plays, sessions, users } = stream.figures();
  return { ...plays, ...sessions, ...users };
}

const rounded = (rows: Rows): unknown =>
  JSON.parse(
    JSON.stringify(rows, (_, value: unknown) =>
      typeof value === 'number' ? Number(value.toPrecision(11)) : value,
    ),
  );

it('S70 S78 S88 a run’s warehouse has the metrics of what was captured and not lost', async () => {
  const scenario = smallScenario({
    audience: { viewers: 60 },
    clickstream: { batchLossProbability: 0.05, malformedShare: 0.02, timeCorrection: 'segment' },
  });
  const captured: TrackedEvent[] = [];
  const { world, warehouse } = await runWorld(scenario, {
    look: ({ clickstream }) => {
      const { captured: count } = clickstream;
      Object.assign(clickstream, {
        captured: (event: TrackedEvent) => {
          captured.push(event);
          count(event);
        },
      });
    },
  });
  expect(captured.length).toBe(world.clickstream.truth().captured);
  const titles = [...new Set(captured.flatMap(({ data }) => data.titleId ?? []))];
  const runtimes = new Map(titles.map((id, i) => [id, 60 + i]));
  warehouse.describe({
    titles: titles.map((titleId) => ({
      titleId,
      name: titleId,
      kind: 'film',
      genres: [],
      releaseDate: null,
      runtimeSeconds: runtimes.get(titleId) ?? 0,
    })),
  });
  const stored = new Map(
    warehouse
      .query('SELECT event_id, event_time_us FROM fact_event')
      .map((row) => [String(row['event_id']), Number(row['event_time_us'])]),
  );
  const places: Places = new Map(
    warehouse
      .query('SELECT DISTINCT subject, device_kind, country FROM curated_events')
      .map((row) => [
        String(row['subject']),
        { deviceKind: String(row['device_kind']), country: String(row['country']) },
      ]),
  );
  const known = { runtimes, places };
  const arrived = captured.filter(({ id }) => stored.has(id));
  const found = figuresOf(
    arrived.map((event) => ({ ...event, eventTimeUs: stored.get(event.id) ?? 0 })),
    known,
  );
  const names = Object.keys(found) as MetricName[];
  expect(names.length).toBeGreaterThan(18);
  const batch = Object.fromEntries(names.map((name) => [name, runMetric(warehouse, name)]));
  expect(rounded(batch)).toEqual(rounded(found));

  const whole = figuresOf(captured, known);
  const loss = eventLoss(
    captured.map(({ id }) => id),
    new Set(stored.keys()),
  );
  expect(loss.lost).toBeGreaterThan(10);
  expect(stored.size).toBe(loss.captured - loss.lost);
  expect(rounded(whole)).not.toEqual(rounded(found));
  const error = clockError(
    arrived.map(({ id, eventTimeUs }) => ({
      trueTimeUs: eventTimeUs,
      correctedTimeUs: stored.get(id) ?? 0,
    })),
  );
  // The way through the network, which Segment's formula takes for skew.
  expect(error).toMatchObject({ events: stored.size, share_within_1s: 1 });
  expect(Number(error.p95_s)).toBeGreaterThan(0.005);
  warehouse.close();
});
