/** The anticipating reducer by hand, and its recommendation among the metrics of the autoscaler. */
import { describe, expect, it } from 'vitest';
import {
  type AnticipationConfig,
  type AnticipationState,
  anticipate,
  type LoadOutlook,
  NEW_ANTICIPATION,
  noteReading,
} from '../../../src/queueing/autoscaling/anticipation.ts';
import { hpaStep, NEW_HPA } from '../../../src/queueing/autoscaling/hpa.ts';
import { HPA_DEFAULTS, type HpaConfig } from '../../../src/queueing/autoscaling/hpa-config.ts';

const SECOND = 1_000_000;
const config: AnticipationConfig = {
  leadUs: 90 * SECOND,
  workersPerReplica: 2,
  targetUtilization: 0.5,
  workPerRequestUs: SECOND / 2,
  metricLagUs: 15 * SECOND,
  correction: { windowUs: 300 * SECOND, least: 0.5, most: 2 },
};

/** Two a second until `fromUs`, ten from then on. */
const step = (fromUs: number): LoadOutlook => ({
  expected: (from, to) =>
    (2 * (Math.min(to, fromUs) - Math.min(from, fromUs)) +
      10 * (Math.max(to, fromUs) - Math.max(from, fromUs))) /
    SECOND,
  highestPerSec: (_, to) => (to >= fromUs ? 10 : 2),
});

/** What had come by each 15 s at so many requests a second. */
function readings(perSec: number, untilS: number, workUs = SECOND / 2): AnticipationState {
  let state = NEW_ANTICIPATION;
  for (let at = 15; at <= untilS; at += 15) {
    const requests = perSec * at;
    state = noteReading(config, state, { atUs: at * SECOND, requests, workUs: requests * workUs });
  }
  return state;
}

describe('anticipate', () => {
  it('Q130: replicas = ⌈rate × work ÷ (workers × target)⌉, as early as the lead', () => {
    const outlook = step(600 * SECOND);
    const at = (seconds: number) =>
      anticipate(config, readings(2, seconds), { outlook, nowUs: seconds * SECOND }).replicas;
    expect(at(495)).toBe(1);
    expect(at(510)).toBe(5);
  });

  it('Q131: what is still to come now counts as long as it lasts', () => {
    const peak: LoadOutlook = {
      expected: (from, to) => (2 * (to - from)) / SECOND,
      highestPerSec: (from, to) => (from < 600 * SECOND && to >= 570 * SECOND ? 10 : 2),
    };
    const look = (nowUs: number) =>
      anticipate(config, readings(2, 450), { outlook: peak, nowUs }).replicas;
    expect([470, 490, 599, 601].map((at) => look(at * SECOND))).toEqual([1, 5, 5, 1]);
  });

  it('Q132: what is seen corrects the forecast, within bounds', () => {
    const outlook = step(1e15);
    const look = (perSec: number) =>
      anticipate(config, readings(perSec, 600), { outlook, nowUs: 615 * SECOND }).correction;
    expect([0.1, 1.5, 2, 3, 50].map(look)).toEqual([0.5, 0.75, 1, 1.5, 2]);
    const nothing: LoadOutlook = { expected: () => 0, highestPerSec: () => 0 };
    const seen = anticipate(config, readings(2, 600), { outlook: nothing, nowUs: 615 * SECOND });
    expect(seen).toMatchObject({ correction: 2, replicas: 0 });
  });

  it('Q132: readings count once they are known, and few requests correct nothing', () => {
    const outlook = step(1e15);
    const state = readings(4, 60);
    expect(anticipate(config, state, { outlook, nowUs: 20 * SECOND }).correction).toBe(1);
    expect(anticipate(config, state, { outlook, nowUs: 75 * SECOND }).correction).toBe(2);
    const few = readings(0.05, 60);
    expect(anticipate(config, few, { outlook: step(0), nowUs: 16 * SECOND }).correction).toBe(1);
  });

  it('Q133: work is measured where it is not given; unknown, nothing is asked for', () => {
    const outlook = step(1e15);
    const measured = { ...config, workPerRequestUs: undefined };
    const early = anticipate(measured, NEW_ANTICIPATION, { outlook, nowUs: 15 * SECOND });
    expect(early.replicas).toBeUndefined();
    const state = readings(2, 300, 2 * SECOND);
    const later = anticipate(measured, state, { outlook, nowUs: 315 * SECOND });
    expect(later).toMatchObject({ workPerRequestUs: 2 * SECOND, replicas: 4 });
  });

  it('Q132: no more readings are kept than the window needs', () => {
    expect(readings(2, 3_600).readings.length).toBeLessThan(24);
  });
});

describe('a forecast beside the metrics', () => {
  const hpa: HpaConfig = {
    ...HPA_DEFAULTS,
    maxReplicas: 12,
    metrics: [{ kind: 'pods-average', targetMilli: 1_000 }],
  };
  const pod = {
    phase: 'running',
    isDeleting: false,
    requestMilli: 1_000,
    startedUs: -3_600 * SECOND,
    readiness: { isReady: true, sinceUs: -3_500 * SECOND },
  } as const;
  const seen = (milli: number | undefined, atLeast: number | undefined) => ({
    observation: {
      currentReplicas: 4,
      statusReplicas: 4,
      pods: [pod, pod, pod, pod],
      readings: [
        milli === undefined
          ? ({ kind: 'failed' } as const)
          : ({
              kind: 'per-pod',
              byPod: [0, 1, 2, 3].map(() => ({ valueMilli: milli, atUs: 0, windowUs: SECOND })),
            } as const),
      ],
    },
    nowUs: 0,
    atLeast,
  });
  const desired = (milli: number | undefined, atLeast: number | undefined) =>
    hpaStep(hpa, NEW_HPA, seen(milli, atLeast)).desiredReplicas;

  it('Q134: the greater of usage and forecast counts', () => {
    expect(desired(1_000, undefined)).toBe(4);
    expect(desired(1_000, 7)).toBe(7);
    expect(desired(2_000, 5)).toBe(8);
    expect(desired(2_000, undefined)).toBe(8);
  });

  it('Q134: rates and bounds hold for it', () => {
    expect(desired(1_000, 50)).toBe(8);
    const state = hpaStep(hpa, NEW_HPA, seen(1_000, 50)).state;
    expect(hpaStep(hpa, state, { ...seen(1_000, 50), nowUs: 1 }).reason).toBe('ScaleUpLimit');
  });

  it('Q134: without usage a forecast may add replicas, and takes none', () => {
    expect(desired(undefined, 6)).toBe(6);
    expect(desired(undefined, 2)).toBe(4);
    expect(desired(undefined, undefined)).toBe(4);
  });
});
