/** The concurrency limits once more, written as objects that change, straight from the published
 * descriptions: what the reducers are held against. Nothing is shared with the sources. */
import type { LimitSample } from '../../../src/queueing/limits/limit-sample.ts';

/** A limiter that learns in place. */
export interface ReferenceLimit {
  limit(): number;
  learn(sample: LimitSample): void;
}

/** AIMD with its published defaults. */
export function referenceAimd(): ReferenceLimit {
  let limit = 20;
  return {
    limit: () => limit,
    learn(s) {
      if (s.dropped || s.durationUs > 5e6) limit = Math.trunc(limit * 0.9);
      else if (s.inFlight * 2 >= limit) limit += 1;
      if (limit < 20) limit = 20;
      if (limit > 200) limit = 200;
    },
  };
}

/** Vegas with its published defaults. */
export function referenceVegas(): ReferenceLimit {
  let estimate = 20;
  let baseline: number | undefined;
  let probes = 0;
  let jitter: number | undefined;
  const lg = (n: number) => Math.max(1, String(Math.trunc(n)).length - 1);
  return {
    limit: () => Math.trunc(estimate),
    learn(s) {
      const rtt = s.durationUs;
      jitter ??= 0.5 + 0.5 * s.u;
      probes += 1;
      if (probes >= jitter * 30 * estimate) {
        jitter = 0.5 + 0.5 * s.u;
        probes = 0;
        baseline = rtt;
        return;
      }
      if (baseline === undefined || rtt < baseline) {
        baseline = rtt;
        return;
      }
      const queue = Math.ceil(estimate * (1 - baseline / rtt));
      const step = lg(estimate);
      if (s.dropped) estimate -= step;
      else if (s.inFlight * 2 < estimate) return;
      else if (queue <= step) estimate += 6 * step;
      else if (queue < 3 * step) estimate += step;
      else if (queue > 6 * step) estimate -= step;
      estimate = Math.max(1, Math.min(1000, estimate));
    },
  };
}

/** Gradient with its published defaults. */
export function referenceGradient(): ReferenceLimit {
  let estimate = 50;
  let fastest = Number.POSITIVE_INFINITY;
  let left: number | undefined;
  return {
    limit: () => Math.trunc(estimate),
    learn(s) {
      const room = Math.max(4, Math.trunc(Math.sqrt(Math.trunc(estimate))));
      left ??= 1000 + Math.trunc(s.u * 1000);
      if (left <= 0) {
        left = 1000 + Math.trunc(s.u * 1000);
        estimate = Math.max(1, room);
        fastest = Number.POSITIVE_INFINITY;
        return;
      }
      left -= 1;
      fastest = Math.min(fastest, s.durationUs);
      const g = Math.max(0.5, Math.min(1, (2 * fastest) / s.durationUs));
      let next: number;
      if (s.dropped) next = 0.9 * estimate;
      else if (s.inFlight < estimate / 2) return;
      else next = g * estimate + room;
      if (next < estimate) next = Math.max(1, 0.8 * estimate + 0.2 * next);
      estimate = Math.max(room, Math.min(1000, next));
    },
  };
}

/** Gradient2 with its published defaults. */
export function referenceGradient2(): ReferenceLimit {
  let estimate = 20;
  let long = 0;
  const first: number[] = [];
  return {
    limit: () => Math.trunc(estimate),
    learn(s) {
      if (first.length < 10) {
        first.push(s.durationUs);
        long = first.reduce((a, b) => a + b) / first.length;
      } else {
        long += (s.durationUs - long) * (2 / 601);
      }
      const seen = long;
      if (long > 2 * s.durationUs) long *= 0.95;
      if (s.inFlight < estimate / 2) return;
      const g = Math.max(0.5, Math.min(1, (1.5 * seen) / s.durationUs));
      estimate = Math.max(20, Math.min(200, 0.8 * estimate + 0.2 * (g * estimate + 4)));
    },
  };
}
