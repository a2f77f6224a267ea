/** Bugs in concurrency limits and the autoscaler. */
import type { Bug } from '../hunt/bug.ts';

const HPA = 'src/queueing/autoscaling/hpa.ts';
const RATES = 'src/queueing/autoscaling/scaling-rates.ts';

/** Each with the property that must catch it. */
export const SCALING_BUGS: readonly Bug[] = [
  {
    name: 'limiter-below-its-minimum',
    file: 'src/queueing/limits/aimd-limit.ts',
    find: 'return Math.min(config.maxLimit, Math.max(config.minLimit, next));',
    replace: 'return Math.min(config.maxLimit, next);',
    story: 'After a minute of drops the limit is 0 and nothing ever gets through again.',
    property: 'scaling/limits-keep-their-bounds',
    withinRuns: 100,
  },
  {
    name: 'vegas-limit-reaches-zero',
    file: 'src/queueing/limits/vegas-limit.ts',
    find: 'const bounded = Math.max(1, Math.min(config.maxLimit, wanted));',
    replace: 'const bounded = Math.min(config.maxLimit, wanted);',
    story: 'A limit of 0 lets no sample through that could raise it.',
    property: 'scaling/limits-keep-their-bounds',
    withinRuns: 1_000,
  },
  {
    name: 'gradient2-above-its-maximum',
    file: 'src/queueing/limits/gradient2-limit.ts',
    find: 'Math.max(config.minLimit, Math.min(config.maxLimit, smoothed))',
    replace: 'Math.max(config.minLimit, smoothed)',
    story: 'The limit drifts up until the service falls over.',
    property: 'scaling/limits-keep-their-bounds',
    withinRuns: 500,
  },
  {
    name: 'hpa-dead-band-on-the-wrong-side',
    file: 'src/queueing/autoscaling/metric-replicas.ts',
    find:
      'return 1 - config.scaleDown.tolerance <= ratio && ratio <= 1 + ' +
      'config.scaleUp.tolerance;',
    replace:
      'return 1 - config.scaleUp.tolerance <= ratio && ratio <= 1 + config.scaleDown.tolerance;',
    story: 'A fleet that was tuned to grow early waits until it is far over its target.',
    property: 'scaling/autoscaler-step-for-step',
    withinRuns: 100,
  },
  {
    name: 'hpa-stabilisation-ignored',
    file: HPA,
    find: 'if (one.atUs > downSinceUs) greatest = Math.max(greatest, one.replicas);',
    replace: '',
    story: 'The fleet shrinks in the first quiet minute and is too small in the next.',
    property: 'scaling/autoscaler-step-for-step',
    withinRuns: 100,
  },
  {
    name: 'hpa-forgets-a-recommendation-that-counts',
    file: HPA,
    find: 'const oldUs = Math.min(upSinceUs, downSinceUs);',
    replace: 'const oldUs = Math.max(upSinceUs, downSinceUs);',
    story: 'A short window up makes the long window down forget the peak it was to remember.',
    property: 'scaling/autoscaler-step-for-step',
    withinRuns: 500,
  },
  {
    name: 'hpa-rate-counts-its-own-edge',
    file: RATES,
    find: 'if (change.atUs > sinceUs) replicas += change.replicas;',
    replace: 'if (change.atUs >= sinceUs) replicas += change.replicas;',
    story: 'With steps as far apart as the period, every second step may not scale.',
    property: 'scaling/autoscaler-step-for-step',
    withinRuns: 300,
  },
  {
    name: 'hpa-below-its-minimum',
    file: HPA,
    find: 'const fewest = Math.max(config.minReplicas, fastest);',
    replace: 'const fewest = fastest;',
    story: 'At night the fleet scales to nothing, and nobody wakes it.',
    property: 'scaling/autoscaler-step-for-step',
    withinRuns: 100,
  },
];
