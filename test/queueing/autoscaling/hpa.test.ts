/** The autoscaler: each branch by hand, and step by step against an independent controller. */
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import { type HpaState, hpaStep, NEW_HPA } from '../../../src/queueing/autoscaling/hpa.ts';
import {
  HPA_DEFAULTS,
  type HpaConfig,
  type HpaMetric,
  type ScalingRules,
} from '../../../src/queueing/autoscaling/hpa-config.ts';
import type {
  HpaObservation,
  MetricReading,
  PodSight,
} from '../../../src/queueing/autoscaling/metric-replicas.ts';
import { withChange } from '../../../src/queueing/autoscaling/scaling-rates.ts';
import { type Dice, diceOf, randomConfig, randomObservation } from './hpa-traces.ts';
import { ReferenceHpa } from './reference-hpa.ts';

const SECOND = 1_000_000;
const NOW = 10_000 * SECOND;
const CPU: HpaMetric = { kind: 'resource-utilization', resource: 'cpu', targetPercent: 50 };

const OLD: PodSight = {
  phase: 'running',
  isDeleting: false,
  requestMilli: 100,
  startedUs: NOW - 3_600 * SECOND,
  readiness: { isReady: true, sinceUs: NOW - 3_500 * SECOND },
};
const PENDING: PodSight = { ...OLD, phase: 'pending' };

function config(part: Partial<HpaConfig> = {}): HpaConfig {
  return { ...HPA_DEFAULTS, maxReplicas: 1_000, metrics: [CPU], ...part };
}

/** A reading of each pod; undefined where it was not measured. */
function perPod(values: readonly (number | undefined)[]): MetricReading {
  const byPod = values.map((valueMilli) =>
    valueMilli === undefined ? undefined : { valueMilli, atUs: NOW, windowUs: 15 * SECOND },
  );
  return { kind: 'per-pod', byPod };
}

function seen(
  pods: readonly PodSight[],
  readings: readonly MetricReading[],
  part: Partial<HpaObservation> = {},
): { observation: HpaObservation; nowUs: number } {
  const count = pods.length;
  const observation = { currentReplicas: count, statusReplicas: count, pods, readings, ...part };
  return { observation, nowUs: NOW };
}

/** Old pods that all use the same. */
function uniform(count: number, valueMilli: number) {
  return seen(
    Array.from({ length: count }, () => OLD),
    [perPod(Array.from({ length: count }, () => valueMilli))],
  );
}

/** What the metrics ask for, before anything holds it back. */
function asks(part: Partial<HpaConfig>, what: ReturnType<typeof seen>): number | undefined {
  return hpaStep(config(part), NEW_HPA, what).recommendation;
}

describe('one metric', () => {
  it('Q52: asks for usage over target times the ready pods, rounded up', () => {
    expect(asks({}, uniform(4, 100))).toBe(8);
    expect(asks({}, uniform(3, 60))).toBe(4);
    expect(asks({}, uniform(10, 20))).toBe(4);
  });

  it('Q51: keeps within the dead band: 10 % of hundreds of pods is tens of pods', () => {
    // Utilisation 45 … 55 % at a target of 50 %.
    expect(asks({}, uniform(300, 55))).toBe(300);
    expect(asks({}, uniform(300, 45))).toBe(300);
    // 1.12 · 300 is a little more than 336 in doubles, and upstream rounds that up too.
    expect(asks({}, uniform(300, 56))).toBe(337);
    expect(asks({}, uniform(300, 44))).toBe(264);
    // Forty tasks on ten workers of four; the forty-fourth changes nothing, nor does the 36th.
    const tasks = (total: number) =>
      asks(
        { metrics: [{ kind: 'object-average', targetMilli: 4_000 }] },
        seen(
          Array.from({ length: 10 }, () => OLD),
          [{ kind: 'total', valueMilli: total * 1_000 }],
        ),
      );
    expect([36, 40, 44, 45, 35].map(tasks)).toEqual([10, 10, 10, 12, 9]);
  });

  it('Q51: has a dead band of its own in each direction', () => {
    const tight = { ...HPA_DEFAULTS.scaleUp, tolerance: 0.01 };
    expect(asks({ scaleUp: tight }, uniform(300, 51))).toBe(306);
    expect(asks({ scaleUp: tight }, uniform(300, 45))).toBe(300);
  });

  it('Q52: rounds utilisation down to whole percents first', () => {
    // 3 · 56.6 = 170 of 300: 56 %, not 56.67 %.
    const what = seen([OLD, OLD, OLD], [perPod([57, 57, 56])]);
    expect(asks({ metrics: [{ ...CPU, targetPercent: 28 }] }, what)).toBe(6);
  });

  it('Q52: takes pods that were not measured for idle on the way up', () => {
    // 80 % on three, with the fourth 60 %: ratio 1.2, four pods: 4.8.
    expect(asks({}, seen([OLD, OLD, OLD, OLD], [perPod([80, 80, 80, undefined])]))).toBe(5);
    // 60 % on three, with the fourth 45 %: the direction turns, so nothing changes.
    expect(asks({}, seen([OLD, OLD, OLD, OLD], [perPod([60, 60, 60, undefined])]))).toBe(4);
  });

  it('Q52: takes pods that were not measured for busy on the way down', () => {
    // 10 % on three, with the fourth at 100 %: 130 / 4 = 32 %: ratio 0.64, four pods: 2.56.
    expect(asks({}, seen([OLD, OLD, OLD, OLD], [perPod([10, 10, 10, undefined])]))).toBe(3);
    // 40 % on three: 220 / 4 = 55 %: turned.
    expect(asks({}, seen([OLD, OLD, OLD, OLD], [perPod([40, 40, 40, undefined])]))).toBe(4);
    // A target above 100 % fills in the target: 60, 60, 60, 150 of 400 = 82 %: 0.55 · 4 = 2.2.
    const high = [{ ...CPU, targetPercent: 150 }];
    expect(
      asks({ metrics: high }, seen([OLD, OLD, OLD, OLD], [perPod([60, 60, 60, undefined])])),
    ).toBe(3);
  });

  it('Q52: takes pods that are not ready for idle on the way up only', () => {
    const up = seen([OLD, OLD, PENDING, PENDING], [perPod([90, 90, undefined, undefined])]);
    // 90 % on two, 45 % on four: turned.
    expect(asks({}, up)).toBe(4);
    const far = seen([OLD, OLD, PENDING, PENDING], [perPod([150, 150, undefined, undefined])]);
    expect(asks({}, far)).toBe(6);
    const down = seen([OLD, OLD, PENDING, PENDING], [perPod([10, 10, undefined, undefined])]);
    expect(asks({}, down)).toBe(1);
  });

  it('Q52: never turns round because fewer pods count', () => {
    // Two at 90 %, one not measured: 1.2 · 3 is 4 of the present 9, though the ratio says up.
    const pods = [OLD, OLD, ...Array.from({ length: 6 }, () => ({ ...OLD, isDeleting: true }))];
    const what = seen([...pods, OLD], [perPod([90, 90, ...Array(6).fill(undefined), undefined])]);
    expect(asks({}, what)).toBe(9);
  });

  it('Q52: ignores pods that go or have failed', () => {
    const pods = [OLD, OLD, { ...OLD, isDeleting: true }, { ...OLD, phase: 'failed' as const }];
    expect(asks({}, seen(pods, [perPod([100, 100, 900, 900])]))).toBe(4);
  });

  it('Q52: reads the CPU of a young pod only once it was ready for a whole window', () => {
    const young = (sinceS: number, isReady = true): PodSight => ({
      ...OLD,
      startedUs: NOW - 60 * SECOND,
      readiness: { isReady, sinceUs: NOW - sinceS * SECOND },
    });
    const both = (pod: PodSight) => asks({}, seen([OLD, pod], [perPod([100, 400])]));
    // Counted: 250 % of two. Not ready: 100 % of one, 50 % of two: kept.
    expect(both(young(15))).toBe(10);
    expect(both(young(14))).toBe(2);
    expect(both(young(40, false))).toBe(2);
    // Memory is read at any age.
    const memory = [{ ...CPU, resource: 'memory' as const }];
    expect(asks({ metrics: memory }, seen([OLD, young(14)], [perPod([100, 400])]))).toBe(10);
  });

  it('Q52: leaves out an old pod only if it has never been ready', () => {
    const old = (sinceS: number): PodSight => ({
      ...OLD,
      readiness: { isReady: false, sinceUs: (OLD.startedUs ?? 0) + sinceS * SECOND },
    });
    const both = (pod: PodSight) => asks({}, seen([OLD, pod], [perPod([100, 400])]));
    expect(both(old(29))).toBe(2);
    expect(both(old(30))).toBe(10);
    expect(both({ ...OLD, startedUs: undefined })).toBe(2);
  });

  it('Q52: counts an object’s value by ready pods and its average by replicas', () => {
    const pods = [OLD, OLD, OLD, PENDING];
    const value: HpaMetric = { kind: 'object-value', targetMilli: 1_000 };
    const total = (valueMilli: number): MetricReading[] => [{ kind: 'total', valueMilli }];
    expect(asks({ metrics: [value] }, seen(pods, total(2_000)))).toBe(6);
    expect(asks({ metrics: [value] }, seen(pods, total(1_100)))).toBe(4);
    expect(
      asks({ metrics: [{ ...value, kind: 'object-average' }] }, seen(pods, total(6_000))),
    ).toBe(6);
    const off = seen([], total(2_500), { currentReplicas: 0 });
    expect(asks({ metrics: [value], minReplicas: 0 }, off)).toBe(3);
  });

  it('Q52: asks by a plain average in whole thousandths', () => {
    const average: HpaMetric = { kind: 'pods-average', targetMilli: 10 };
    const what = seen([OLD, OLD, OLD], [perPod([15, 15, 14])]);
    expect(asks({ metrics: [average] }, what)).toBe(5);
    const unmeasured = seen([OLD, OLD, OLD], [perPod([4, 4, undefined])]);
    expect(asks({ metrics: [average] }, unmeasured)).toBe(2);
  });
});

describe('several metrics', () => {
  const two: HpaConfig['metrics'] = [CPU, { kind: 'pods-average', targetMilli: 100 }];
  const four = [OLD, OLD, OLD, OLD];
  const all = (value: number) => perPod([value, value, value, value]);

  it('Q53: the greatest counts', () => {
    expect(asks({ metrics: two }, seen(four, [all(100), all(120)]))).toBe(8);
    expect(asks({ metrics: two }, seen(four, [all(20), all(150)]))).toBe(6);
  });

  it('Q53: with one failed the others may scale up, not down', () => {
    const up = hpaStep(
      config({ metrics: two }),
      NEW_HPA,
      seen(four, [{ kind: 'failed' }, all(150)]),
    );
    expect([up.desiredReplicas, up.reason]).toEqual([6, 'DesiredWithinRange']);
    const down = hpaStep(
      config({ metrics: two }),
      NEW_HPA,
      seen(four, [{ kind: 'failed' }, all(10)]),
    );
    expect([down.desiredReplicas, down.reason]).toEqual([4, 'FailedGetMetrics']);
    const none = hpaStep(config(), NEW_HPA, seen(four, [{ kind: 'failed' }]));
    expect([none.desiredReplicas, none.reason]).toEqual([4, 'FailedGetMetrics']);
  });
});

describe('holding back', () => {
  /** Steps every 15 s at the utilisations given; scales at once. @returns replicas after each. */
  function run(part: Partial<HpaConfig>, replicas: number, percents: readonly number[]) {
    let state: HpaState = NEW_HPA;
    let now = replicas;
    return percents.map((percent, i) => {
      const pods = Array.from({ length: now }, () => OLD);
      const observation = seen(pods, [perPod(pods.map(() => percent))]).observation;
      const step = hpaStep(config(part), state, { observation, nowUs: NOW + i * 15 * SECOND });
      state = JSON.parse(JSON.stringify(step.state)) as HpaState;
      now = step.desiredReplicas;
      return [now, step.reason] as const;
    });
  }
  const rules = (part: Partial<ScalingRules>): ScalingRules => ({
    ...HPA_DEFAULTS.scaleUp,
    stabilizationUs: 0,
    ...part,
  });

  it('Q54: doubles or adds four in 15 s, whichever is more', () => {
    expect(run({}, 1, [500])).toEqual([[5, 'ScaleUpLimit']]);
    expect(run({}, 10, [500, 500])).toEqual([
      [20, 'ScaleUpLimit'],
      [40, 'ScaleUpLimit'],
    ]);
  });

  it('Q53: goes down only to the greatest recommendation of five minutes', () => {
    const quiet = run(
      {},
      10,
      Array.from({ length: 22 }, () => 10),
    );
    expect(quiet.slice(0, 20).every(([n, why]) => n === 10 && why === 'ScaleDownStabilized')).toBe(
      true,
    );
    expect(quiet[20]).toEqual([2, 'DesiredWithinRange']);
  });

  it('Q53: goes up only to the least recommendation of its window, if it has one', () => {
    const scaleUp = rules({ stabilizationUs: 60 * SECOND });
    const busy = run({ scaleUp }, 4, [100, 100, 100, 100, 100]);
    expect(busy.map(([n]) => n)).toEqual([4, 4, 4, 4, 8]);
    expect(busy[0]?.[1]).toBe('ScaleUpStabilized');
  });

  it('Q54: rounds percentages in favour of the change: 72 replicas, 10 %: 8 go', () => {
    const scaleDown = rules({ policies: [{ kind: 'percent', value: 10, periodUs: 60 * SECOND }] });
    expect(run({ scaleDown }, 72, [10])).toEqual([[64, 'ScaleDownLimit']]);
    const scaleUp = rules({ policies: [{ kind: 'percent', value: 10, periodUs: 60 * SECOND }] });
    expect(run({ scaleUp }, 72, [90])).toEqual([[80, 'ScaleUpLimit']]);
  });

  it('Q54: counts what was changed in the period of each policy', () => {
    const scaleUp = rules({ policies: [{ kind: 'pods', value: 3, periodUs: 45 * SECOND }] });
    const found = run({ scaleUp }, 4, [200, 200, 200, 200, 200]);
    expect(found.map(([n]) => n)).toEqual([7, 7, 7, 10, 10]);
  });

  it('Q54: writes over the last change that its own policies cannot see any more', () => {
    const up = rules({ policies: [{ kind: 'pods', value: 4, periodUs: 15 * SECOND }] });
    const changes = [0, 10, 90].map((second, i) => ({ replicas: i + 1, atUs: second * SECOND }));
    const after = withChange(changes, up, { replicas: 9, atUs: 100 * SECOND });
    expect(after.map((one) => one.replicas)).toEqual([1, 9, 3]);
    const recent = withChange(after, up, { replicas: 5, atUs: 15 * SECOND });
    expect(recent.map((one) => one.replicas)).toEqual([1, 9, 3, 5]);
  });

  it('Q54: takes the least of the policies, or none, if told so', () => {
    const policies = [
      { kind: 'pods' as const, value: 2, periodUs: 15 * SECOND },
      { kind: 'percent' as const, value: 100, periodUs: 15 * SECOND },
    ];
    const scaleUp = rules({ policies, selectPolicy: 'min' });
    expect(run({ scaleUp }, 10, [500])).toEqual([[12, 'ScaleUpLimit']]);
    const never = rules({ policies, selectPolicy: 'disabled' });
    expect(run({ scaleUp: never }, 10, [500])).toEqual([[10, 'ScaleUpLimit']]);
    expect(run({ scaleDown: never }, 10, [5])).toEqual([[10, 'ScaleDownLimit']]);
    const least = rules({ policies, selectPolicy: 'min' });
    expect(run({ scaleDown: least }, 10, [5])).toEqual([[8, 'ScaleDownLimit']]);
  });

  it('Q55: stays between minReplicas and maxReplicas', () => {
    expect(run({ maxReplicas: 6 }, 4, [500])).toEqual([[6, 'TooManyReplicas']]);
    const scaleDown = rules({ policies: HPA_DEFAULTS.scaleDown.policies });
    expect(run({ minReplicas: 3, scaleDown }, 4, [1])).toEqual([[3, 'TooFewReplicas']]);
    expect(run({ maxReplicas: 6 }, 9, [50])).toEqual([[6, 'AboveMaxReplicas']]);
    expect(run({ minReplicas: 6 }, 2, [50])).toEqual([[6, 'BelowMinReplicas']]);
    expect(run({}, 0, [50])).toEqual([[0, 'ScalingDisabled']]);
  });
});

/** Steps both through one trace. @returns the reasons given. */
function compareTrace(trace: number, dice: Dice): string[] {
  const hpa = randomConfig(dice);
  const reference = new ReferenceHpa(hpa);
  let state = NEW_HPA;
  let replicas = dice.int(hpa.minReplicas, Math.min(20, hpa.maxReplicas));
  let nowUs = 0;
  return Array.from({ length: 25 }, (_, i) => {
    nowUs += dice.chance(0.9) ? 15 * SECOND : dice.int(1, 200) * SECOND;
    const observation = randomObservation(dice, hpa, { currentReplicas: replicas, nowUs });
    const step = hpaStep(hpa, state, { observation, nowUs });
    const expected = reference.sync(observation, nowUs);
    if (step.desiredReplicas !== expected) {
      expect([trace, i, step.desiredReplicas]).toEqual([trace, i, expected]);
    }
    state = step.state;
    replicas = step.desiredReplicas;
    if (replicas < hpa.minReplicas || replicas > hpa.maxReplicas) expect.fail(`${trace}, ${i}`);
    return step.reason;
  });
}

describe('the autoscaler', () => {
  it('Q51–Q55: equals an independent controller on 2,500 random traces', () => {
    const draws = createChance({ seed: 20261125, replication: 0 }).draws('hpa-traces');
    const reasons = new Map<string, number>();
    let steps = 0;
    for (let trace = 0; trace < 2_500; trace += 1) {
      for (const reason of compareTrace(trace, diceOf(draws, trace))) {
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        steps += 1;
      }
    }
    expect(steps).toBe(62_500);
    for (const reason of [
      'DesiredWithinRange',
      'FailedGetMetrics',
      'ScaleDownLimit',
      'ScaleDownStabilized',
      'ScaleUpLimit',
      'ScaleUpStabilized',
      'TooFewReplicas',
      'TooManyReplicas',
    ]) {
      expect([reason, (reasons.get(reason) ?? 0) > 100]).toEqual([reason, true]);
    }
  });
});
