/** Measuring, against figures worked out by hand. */
import { describe, expect, it } from 'vitest';
import { measureObjectives } from '../../../src/experiment/objectives/measure-objectives.ts';
import type { ObjectiveMeasure } from '../../../src/experiment/objectives/objective.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { type Handmade, type HandmadeLoad, handmadeRun } from './measure/handmade-run.ts';

type Faults = NonNullable<ScenarioInput['faults']>;

/** One objective on a run made by hand. */
function measure(
  text: string,
  made: Omit<Handmade, 'objectives'>,
): ObjectiveMeasure & { readonly objective: string } {
  const [first] = measureObjectives(handmadeRun({ ...made, objectives: [text] }));
  if (first === undefined) throw new Error('nothing measured');
  return first;
}

/** A load every second, from one second up to another. */
function steadily(from: number, to: number, of: Omit<HandmadeLoad, 'atS'>): HandmadeLoad[] {
  return Array.from({ length: to - from }, (_, i) => ({ atS: from + i, ...of }));
}

const ZONE_LOSS: Faults = [{ kind: 'zone.loss', zone: 0, at: seconds(200), for: seconds(60) }];

describe('values of pages', () => {
  const loads = [100, 200, 300, 400].flatMap((ms, i) => [
    { atS: 10 + i, ms },
    { atS: 20 + i, ms: 10 * ms, page: 'play', viewer: 1, outcome: 'timeout' as const },
  ]);

  it('E104: every aggregate, labels picked, time-outs included', () => {
    const values = Object.entries({
      'p50(page.load) < 1s': 400_000,
      'p99(page.load) < 1s': 4_000_000,
      'p50(page.load{page="home"}) < 1s': 200_000,
      'mean(page.load{page!="play"}) < 1s': 250_000,
      'sum(page.load{device="tv"}) < 1s': 1_000_000,
      'min(page.load{country="DE"}) < 1s': 1_000_000,
      'max(page.load{outcome=~"time.*"}) < 1s': 4_000_000,
      'count(page.load) < 9': 8,
      'rate(page.load) > 1/h': 8 / 600,
      'count(page.requests) < 9': 8,
      'count(page.errors) < 9': 4,
      'count(page.errors{page="home"}) < 9': 0,
      'rate(page.errors) / rate(page.requests) < 1%': 0.5,
      'p50(page.load{page="play"}) / p50(page.load{page="home"}) < 3': 10,
    });
    for (const [text, value] of values) {
      expect([text, measure(text, { loads }).value]).toEqual([text, value]);
    }
  });

  it('E104: nothing asked for is no zero', () => {
    for (const text of [
      'count(page.errors) == 0',
      'mean(page.load) < 1s',
      'rate(page.load) < 1/s',
    ]) {
      const { value, samples, pooled, worst } = measure(text, {});
      expect([value, samples, pooled.kind, worst]).toEqual([null, 0, 'none', null]);
    }
  });

  it('E104: pages of offline devices are errors, and no page loads', () => {
    const made = { loads, refused: [{ atS: 30 }] };
    expect(measure('count(page.errors) < 9', made).value).toBe(5);
    expect(measure('count(page.errors{outcome="offline"}) < 9', made).value).toBe(1);
    expect(measure('count(page.load) < 99', made).value).toBe(8);
  });

  it('E104: the warm-up is cut as in the figures: times by viewer, counts by time', () => {
    const clock = { start: '2026-11-20T20:00:00Z', duration: minutes(10), warmUp: minutes(1) };
    const made = {
      scenario: { clock },
      loads: [
        { atS: 30, ms: 1, isMeasured: false },
        { atS: 70, ms: 2, isMeasured: false },
        { atS: 80, ms: 3 },
      ],
    };
    expect(measure('max(page.load) < 1s', made).value).toBe(3_000);
    expect(measure('count(page.load) < 9', made).value).toBe(1);
    expect(measure('count(page.requests) < 9', made).value).toBe(2);
    expect(measure('rate(page.requests) > 1/h', made).value).toBe(2 / 540);
  });

  it('E104: the drain counts for values and counts, and not for rates', () => {
    const made = { loads: [...loads, { atS: 610, ms: 9_000 }] };
    expect(measure('max(page.load) < 1s', made).value).toBe(9_000_000);
    expect(measure('count(page.requests) < 99', made).value).toBe(9);
    expect(measure('rate(page.requests) > 1/h', made).value).toBe(8 / 600);
  });

  it('E104: what pools are sums, and histograms to three digits', () => {
    expect(measure('mean(page.load{page="home"}) < 1s', { loads }).pooled).toEqual({
      kind: 'ratio',
      over: 1_000_000,
      under: 4,
    });
    const { pooled } = measure('p99(page.load) < 1s', { loads });
    if (pooled.kind !== 'histogram') throw new Error('no histogram');
    expect(pooled.counts.reduce((sum, count) => sum + count)).toBe(8);
    expect(Math.abs((pooled.values.at(-1) ?? 0) / 4_000_000 - 1)).toBeLessThan(1e-3);
  });
});

describe('scopes', () => {
  const loads = [
    ...steadily(0, 200, { ms: 100 }),
    { atS: 199.9, ms: 500 },
    ...steadily(200, 260, { ms: 900 }),
    ...steadily(260, 600, { ms: 200 }),
  ];
  const scenario = {
    faults: ZONE_LOSS,
    phases: [{ name: 'peak', from: seconds(250), to: seconds(270) }],
  };

  it.each([
    ['during phase("peak")', 20, (10 * 900 + 10 * 200) / 20],
    ['during 0s..2m', 120, 100],
    ['during "20:03:20".."20:04"', 40, 900],
    ['outside fault()', 540, (200 * 100 + 340 * 200) / 540],
    ['outside fault("zone.loss:0")', 540, (200 * 100 + 340 * 200) / 540],
    ['after fault("zone.loss")', 340, 200],
    ['during phase("peak") outside fault()', 10, 200],
  ])('E105: %s', (scope, samples, meanMs) => {
    const found = measure(`mean(page.load) < 1s ${scope}`, { scenario, loads });
    expect(found.samples).toBe(samples);
    expect(found.value).toBeCloseTo(meanMs * 1_000, 6);
  });

  it('E105: rates are per second of what the scope leaves', () => {
    const found = measure('rate(page.requests) > 1/h outside fault()', { scenario, loads });
    expect(found.value).toBe(540 / 540);
  });
});

describe('windows', () => {
  const loads = [
    ...steadily(0, 60, { ms: 100 }),
    ...steadily(60, 120, { ms: 800 }),
    ...steadily(180, 240, { ms: 200 }),
  ];

  it('E106: the share of windows that hold; empty ones are not counted', () => {
    const found = measure('p99(page.load) < 500ms over 1m windows for 50%', { loads });
    expect(found).toMatchObject({
      value: 2 / 3,
      samples: 3,
      pooled: { kind: 'ratio', over: 2, under: 3 },
      worst: { fromUs: seconds(60), toUs: seconds(120), value: 800_000 },
    });
  });

  it('E106: they begin with the scope, and only whole ones count', () => {
    const found = measure('p99(page.load) < 500ms over 1m windows during 30s..2m', { loads });
    // 30–90 s has slow ones in it; 90–120 s is no minute.
    expect(found).toMatchObject({ value: 0, samples: 1, worst: { fromUs: seconds(30) } });
  });

  it('E106: without windows the worst stretch as long as a point of the charts is shown', () => {
    const found = measure('p99(page.load) < 500ms', { loads });
    expect(found.worst).toEqual({ fromUs: seconds(60), toUs: seconds(120), value: 800_000 });
    const least = measure('rate(page.requests) > 1/h during 0s..4m', { loads });
    // In the third minute nobody asked.
    expect(least.worst).toEqual({ fromUs: seconds(120), toUs: seconds(180), value: 0 });
    expect(measure('mean(page.load) > 1ms', { loads }).worst?.fromUs).toBe(0);
  });
});

describe('recoveries', () => {
  const text = 'recover(p95(page.load) < 500ms) within 90s after fault("zone.loss")';
  const recovered = (
    loads: readonly HandmadeLoad[],
    faults: Faults = ZONE_LOSS,
  ): ObjectiveMeasure => measure(text, { scenario: { faults }, loads });

  it('E107: counted from the start of the fault to the first window after which all hold', () => {
    const loads = [
      ...steadily(0, 200, { ms: 100 }),
      ...steadily(200, 230, { ms: 900 }),
      ...steadily(230, 600, { ms: 100 }),
    ];
    // Windows of 10 s with a slow one in them break it; the one from 230 s on has none.
    expect(recovered(loads)).toMatchObject({
      value: seconds(30),
      worst: { fromUs: seconds(200), toUs: seconds(230), value: seconds(30) },
    });
  });

  it('E107: a relapse counts: it must hold through', () => {
    const loads = [
      ...steadily(200, 210, { ms: 900 }),
      ...steadily(210, 300, { ms: 100 }),
      { atS: 300, ms: 900 },
      ...steadily(301, 600, { ms: 100 }),
    ];
    expect(recovered(loads).value).toBe(seconds(101));
  });

  it('E107: what never broke has recovered at once, what never held has not', () => {
    expect(recovered(steadily(0, 600, { ms: 100 })).value).toBe(0);
    const never = recovered(steadily(0, 600, { ms: 900 }));
    expect([never.value, never.isCensored]).toEqual([seconds(400), true]);
    expect(recovered(steadily(0, 200, { ms: 100 })).value).toBeNull();
  });

  it('E107: of several faults the longest, each up to the next', () => {
    const again: Faults = [
      ...ZONE_LOSS,
      { kind: 'zone.loss', zone: 0, at: seconds(300), for: seconds(10) },
    ];
    const loads = [
      ...steadily(200, 220, { ms: 900 }),
      ...steadily(220, 300, { ms: 100 }),
      ...steadily(300, 345, { ms: 900 }),
      ...steadily(345, 600, { ms: 100 }),
    ];
    expect(recovered(loads, again)).toMatchObject({
      value: seconds(45),
      worst: { fromUs: seconds(300) },
    });
  });
});

describe('rows of the warehouse', () => {
  const start = Date.parse('2026-11-20T20:00:00Z') * 1_000;

  it('E108: freshness is of each stored event, from capture to commit, by capture', () => {
    const row = (atS: number, s: number, device = 'tv') => ({
      captured: start + seconds(atS),
      stored: start + seconds(atS + s),
      device,
      country: 'US',
    });
    const rows = { fact_event: [row(10, 2), row(20, 4), row(290, 40), row(310, 9, 'phone')] };
    expect(measure('max(clickstream.freshness) < 1s', { rows }).value).toBe(seconds(40));
    const late = measure('mean(clickstream.freshness) < 1s during 5m..6m', { rows });
    expect(late).toMatchObject({ value: seconds(9), samples: 1 });
    const phones = measure('count(clickstream.freshness{device="phone"}) > 3', { rows });
    expect(phones.value).toBe(1);
  });

  it('E108: late and bad rows, and events that are lost', () => {
    const rows = { late_event: [{ at_us: start + seconds(30) }, { at_us: start + seconds(90) }] };
    expect(measure('count(events.late) < 3 during 1m..2m', { rows }).value).toBe(1);
    expect(measure('count(events.bad) == 0', { rows }).value).toBe(0);
    // 10 accepted, 8 stored, 1 bad, 1 not read yet.
    const bad = { 'WITH bad AS': [{ n: 1 }] };
    const stored = { bad_events: [{ facts: 8 }], ...bad };
    expect(measure('count(events.lost) == 0', { rows: stored }).value).toBe(0);
    const fewer = { bad_events: [{ facts: 7 }], ...bad };
    expect(measure('count(events.lost) == 0', { rows: fewer }).value).toBe(1);
  });
});

describe('counters and states', () => {
  const atUs = [1, 2, 3, 4].map((s) => seconds(s));
  const goalTicks = {
    tickUs: seconds(1),
    atUs,
    edges: [
      { from: 'router', service: 'movie', counts: [10, 20, 20, 40].map((n) => counts(n, 2 * n)) },
      { from: 'router', service: 'talent', counts: [1, 2, 3, 4].map((n) => counts(n, n)) },
    ],
    servers: [
      { service: 'movie', states: [0.5, 1.5, 1.5, 2.5].map((busyS) => state(busyS, 2, 0)) },
      { service: 'talent', states: [0, 0, 0, 1].map((busyS) => state(busyS, 1, 7)) },
    ],
    bytes: [1, 2, 3, 4].map((n) => ({ up: n, down: 100 * n })),
    events: [1, 5, 5, 9].map((captured) => ({
      captured,
      accepted: captured - 1,
      droppedByReason: { sdk_too_old: captured },
    })),
  };

  function counts(begun: number, attempts: number) {
    return { begun, attempts, retries: attempts - begun, failed: 0 };
  }

  function state(busyS: number, workers: number, waiting: number) {
    return { busyUs: seconds(busyS), workers, ready: workers, waiting };
  }

  it.each([
    ['count(calls.attempts) < 99', 84],
    ['count(calls.begun{service="talent"}) < 99', 4],
    ['count(calls.retries) / count(calls.attempts) < 9', 40 / 84],
    ['max(calls.amplification) < 9', 2],
    ['mean(calls.amplification) < 9', 84 / 44],
    // 3.5 s of work on 3 workers over 4 s.
    ['mean(server.utilization) < 90%', 3.5 / 12],
    ['max(server.utilization{service="movie"}) < 90%', 0.5],
    ['max(server.queue) < 9', 7],
    ['mean(server.queue) < 9', 3.5],
    ['min(server.replicas) > 9', 1],
    ['sum(wan.bytes) < 9kB', 404],
    ['sum(wan.bytes{direction="up"}) < 9kB', 4],
    ['rate(wan.bytes) < 9kB/s', 404 / 600],
    ['count(events.captured) < 99', 9],
    ['count(events.dropped{reason="sdk_too_old"}) < 99', 9],
    ['count(events.captured) < 99 during 1s..2s', 4],
  ])('E108: %s', (text, value) => {
    expect(measure(text, { goalTicks }).value).toBeCloseTo(value, 12);
  });
});

describe('ratios between architectures', () => {
  const text = 'mean(page.load, arch="federated") / mean(page.load, arch="monolith") < 2';
  const loads = [
    { atS: 1, ms: 100 },
    { atS: 2, ms: 300 },
  ];

  it('E108: each run contributes its own side, and others nothing', () => {
    const own = measure(text, { loads, subject: 'monolith' });
    expect(own).toMatchObject({ value: 200_000, pooled: { over: 400_000, under: 2 } });
    expect(measure(text, { loads, subject: 'direct' }).pooled).toEqual({ kind: 'none' });
  });
});
