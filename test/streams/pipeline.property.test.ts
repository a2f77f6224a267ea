/** The pipeline's laws, for any mixture of good, bad, doubled, disordered and late records. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect } from 'vitest';
import type { TrackedEvent } from '../../src/domain/tracked-event.ts';
import { seconds } from '../../src/kernel/time.ts';
import { createPipeline, type PipelineOptions } from '../../src/streams/pipeline.ts';
import {
  batchCounts,
  createListLog,
  createListSink,
  finalPanes,
  pipelineOptions,
  START_US,
  trackedEvent,
  WINDOWS,
} from './clickstream-builder.ts';

const PARTITIONS = 3;
const BOUND_SECONDS = 10;

/** One record on its way: ids repeat now and then, some records are broken, some polls follow. */
const delivery = fc.record({
  partition: fc.nat(PARTITIONS - 1),
  id: fc.integer({ min: 0, max: 200 }).map((n) => `e${n}`),
  type: fc.constantFrom<TrackedEvent['type']>('media.play', 'media.play', 'media.ping', 'ui.click'),
  title: fc.nat(3),
  atSeconds: fc.nat(400),
  isBroken: fc.nat(9).map((n) => n === 0),
  isPolled: fc.boolean(),
  /** Whether a repeated id brings a payload of its own, instead of the first one again. */
  isSynthetic: fc.nat(9).map((n) => n === 0),
});
type Delivery = typeof delivery extends fc.Arbitrary<infer D> ? D : never;
const deliveries = fc.array(delivery, { minLength: 1, maxLength: 120, size: 'max' }).map((sent) => {
  const first = new Map<string, Delivery>();
  return sent.map((one) => {
    const { type, title, atSeconds } = first.get(one.id) ?? one;
    first.set(one.id, first.get(one.id) ?? one);
    return one.isSynthetic ? one : { ...one, type, title, atSeconds };
  });
});

function eventOf({ id, type, title, atSeconds }: Delivery): TrackedEvent {
  const eventTimeUs = START_US + seconds(atSeconds);
  return trackedEvent({ id, type, eventTimeUs, data: { titleId: `t${title}` } });
}

interface RunOptions extends Partial<PipelineOptions> {
  readonly partitions?: number;
  readonly isObserved?: boolean;
}

function run(sent: readonly Delivery[], options: RunOptions = {}) {
  const { partitions = PARTITIONS, isObserved = false, ...rest } = options;
  const log = createListLog(partitions);
  const sink = createListSink();
  const pipeline = createPipeline(pipelineOptions({ log, sink, ...rest }));
  const observed: unknown[] = [];
  if (isObserved) {
    pipeline.enriched$.subscribe((one) => observed.push(one));
    pipeline.panes$.subscribe((one) => observed.push(one));
  }
  sent.forEach((one, i) => {
    const event = eventOf(one);
    log.append({
      partition: one.partition % partitions,
      ingestTimeUs: START_US + seconds(i),
      raw: one.isBroken ? { ...event, eventTimeUs: 'noon' } : event,
    });
    if (one.isPolled) pipeline.poll(START_US + seconds(i));
  });
  pipeline.finish(START_US + seconds(sent.length));
  return { sink, pipeline, observed };
}

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, one) => total + one, 0);

describe('pipeline laws', () => {
  const drawn = { late: 0, refired: 0, duplicates: 0, synthetic: 0 };

  afterAll(() => {
    expect(drawn.late).toBeGreaterThan(1_000);
    expect(drawn.refired).toBeGreaterThan(1_000);
    expect(drawn.duplicates).toBeGreaterThan(1_000);
    expect(drawn.synthetic).toBeGreaterThan(100);
  });

  test.prop([deliveries], { seed: 61, numRuns: 200 })(
    'W1 received = passed + rejected + dropped, and each stage receives what the last one passed',
    (sent) => {
      const { pipeline, sink } = run(sent);
      let expected = sent.length;
      for (const { received, passed, rejected, dropped } of pipeline.counts()) {
        expect(received).toBe(expected);
        expect(received).toBe(passed + sum(rejected) + sum(dropped));
        expected = passed;
      }
      expect(sink.all('facts')).toHaveLength(expected);
      const broken = sent.filter(({ isBroken }) => isBroken).length;
      const synthetic = sum(pipeline.counts()[1]?.rejected ?? {});
      expect(sink.all('badRows')).toHaveLength(broken + synthetic);
      drawn.synthetic += synthetic;
    },
  );

  test.prop([deliveries, fc.integer({ min: 1, max: PARTITIONS })], { seed: 62, numRuns: 300 })(
    'W10 final panes are the batch result over all events that were not late',
    (sent, partitions) => {
      const { sink, pipeline } = run(sent, { partitions });
      drawn.late += sink.all('late').length;
      drawn.refired += sink.all('panes').filter(({ paneIndex }) => paneIndex > 0).length;
      drawn.duplicates += pipeline.counts()[1]?.dropped['duplicate'] ?? 0;
      const facts = sink.all('facts').map(({ event }) => event);
      for (const spec of WINDOWS) {
        const late = sink.all('late').filter(({ metric }) => metric === spec.metric);
        const lateIds = new Set(late.map(({ eventId }) => eventId));
        const panes = sink.all('panes').filter(({ metric }) => metric === spec.metric);
        const streamed = finalPanes(panes);
        const onTime = facts.filter(({ id }) => !lateIds.has(id));
        expect(streamed).toEqual(batchCounts(onTime, [spec]));
        const counted = facts.filter(({ type }) => spec.types?.includes(type) ?? true).length;
        expect(sum(Object.fromEntries(streamed)) + late.length).toBe(counted);
      }
    },
  );

  test.prop([deliveries, fc.array(fc.nat(BOUND_SECONDS), { minLength: 120, maxLength: 120 })], {
    seed: 63,
    numRuns: 200,
  })('any order within the bound gives the same panes and no late event', (original, jitter) => {
    const sent = original.map((one, i) => ({ ...one, id: `e${i}`, isBroken: false }));
    const arrival = new Map(sent.map((one, i) => [one.id, one.atSeconds + (jitter[i] ?? 0)]));
    const sorted = sent.toSorted((a, b) => a.atSeconds - b.atSeconds);
    const shuffled = sent.toSorted((a, b) => (arrival.get(a.id) ?? 0) - (arrival.get(b.id) ?? 0));
    const inOrder = run(sorted, { partitions: 1 });
    const outOfOrder = run(shuffled, { partitions: 1 });
    expect(outOfOrder.sink.all('late')).toEqual([]);
    const panes = finalPanes(outOfOrder.sink.all('panes'));
    expect(panes).toEqual(finalPanes(inOrder.sink.all('panes')));
    expect(panes.size).toBeGreaterThan(0);
  });

  test.prop([deliveries], { seed: 64, numRuns: 100 })(
    'W11 observers see every fact and pane, and change nothing',
    (sent) => {
      const alone = run(sent);
      const watched = run(sent, { isObserved: true });
      expect(watched.sink.batches).toEqual(alone.sink.batches);
      const rows = watched.sink.all('facts').length + watched.sink.all('panes').length;
      expect(watched.observed).toHaveLength(rows);
    },
  );

  test.prop([deliveries, fc.integer({ min: 1, max: 7 })], { seed: 65, numRuns: 100 })(
    'of one partition, when it is polled and in what batches does not matter',
    (sent, maxRecordsPerPoll) => {
      const often = run(sent, { partitions: 1, maxRecordsPerPoll });
      const once = run(
        sent.map((one) => ({ ...one, isPolled: false })),
        { partitions: 1 },
      );
      const panesOf = ({ sink }: typeof often) =>
        sink.all('panes').map((pane) => ({ ...pane, emitTimeUs: 0 }));
      expect(panesOf(often)).toEqual(panesOf(once));
      expect(often.sink.all('late')).toEqual(once.sink.all('late'));
      expect(often.pipeline.counts()).toEqual(once.pipeline.counts());
    },
  );

  test.prop([deliveries], { seed: 66, numRuns: 100 })(
    'more partitions never make more events late',
    (original) => {
      const sent = original.map((one, i) => ({ ...one, id: `e${i}`, isPolled: true }));
      const single = run(sent, { partitions: 1 }).sink.all('late').length;
      expect(run(sent).sink.all('late').length).toBeLessThanOrEqual(single);
    },
  );

  test.prop([deliveries, fc.oneof(fc.ipV4(), fc.ipV6())], { seed: 67, numRuns: 100 })(
    'W4 a client address reaches no output, not even through a broken record',
    (sent, clientAddress) => {
      // Too short to be told from a time or a number: `::`, `::1`, …
      fc.pre(clientAddress.length > 6);
      const log = createListLog(1);
      const sink = createListSink();
      const pipeline = createPipeline(pipelineOptions({ log, sink }));
      for (const one of sent) {
        const event = eventOf(one);
        const raw = one.isBroken ? { ...event, address: clientAddress } : event;
        log.append({ clientAddress, raw });
      }
      log.append({ clientAddress, raw: { unparsed: `${clientAddress} - -`, reason: 'no line' } });
      pipeline.finish(START_US);
      const written = JSON.stringify(sink.batches);
      expect(written).toContain('[address]');
      expect(written).not.toContain(clientAddress);
      expect(written).not.toContain('clientAddress');
    },
  );
});
