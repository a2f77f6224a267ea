/** Random lives of an SDK: policies, what the user does, and everything that can go wrong. Recipes
 * are plain data. */
import * as fc from 'fast-check';
import { hours, minutes, ms, seconds } from '../../src/kernel/time.ts';
import type { SdkPolicy } from '../../src/sdk/sdk-policy.ts';
import type { Fate, SdkBench } from './sdk-bench.ts';

/** One thing that happens. */
export type Happening =
  | { readonly kind: 'capture'; readonly count: number; readonly text: string }
  | { readonly kind: 'wait'; readonly forUs: number }
  | { readonly kind: 'fates'; readonly fates: readonly FateRecipe[] }
  | { readonly kind: 'network'; readonly online: boolean }
  | { readonly kind: 'consent'; readonly granted: boolean }
  | { readonly kind: 'reload'; readonly afterUs: number }
  | { readonly kind: 'jump'; readonly byUs: number }
  | { readonly kind: 'hide' | 'show' | 'flush' };

/** What becomes of a request; of judged ones, the verdicts in turn. */
export type FateRecipe =
  | 'lost'
  | 'unanswered'
  | { readonly status: number; readonly retryAfterUs?: number }
  | { readonly verdicts: readonly string[] };

/** A life of an SDK. */
export interface Schedule {
  readonly policy: Partial<SdkPolicy>;
  readonly happenings: readonly Happening[];
}

const duration = fc.oneof(
  fc.integer({ min: 1, max: ms(200) }),
  fc.integer({ min: ms(200), max: seconds(30) }),
  fc.integer({ min: seconds(30), max: minutes(45) }),
  fc.integer({ min: minutes(45), max: hours(30) }),
);
const fate: fc.Arbitrary<FateRecipe> = fc.oneof(
  fc.constantFrom<FateRecipe>('lost', 'unanswered'),
  fc.record({ status: fc.constantFrom(500, 502, 503, 504, 408, 429, 400, 401, 403, 413, 413) }),
  fc.record({
    status: fc.constantFrom(429, 503),
    retryAfterUs: fc.constantFrom(0, seconds(1), minutes(2), hours(2)),
  }),
  fc.record({
    verdicts: fc.array(fc.constantFrom('ok', 'retry', 'drop', 'odd', 'none'), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
);
const text = fc.constantFrom('home', 'Amélie', '千と千尋', '🎬🍿', 'q'.repeat(300), '"\\\n');
/** Any one thing that happens. */
export const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('capture' as const),
      count: fc.integer({ min: 1, max: 9 }),
      text,
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), forUs: duration }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('fates' as const),
      fates: fc.array(fate, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('network' as const), online: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('consent' as const),
      granted: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.boolean()),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('reload' as const), afterUs: duration }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('jump' as const),
      byUs: fc.integer({ min: -hours(3), max: hours(3) }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('hide', 'show', 'flush') }) },
);

/** Policies with small limits, so that all of them are reached. */
export const policy: fc.Arbitrary<Partial<SdkPolicy>> = fc.record({
  maxBatchEvents: fc.integer({ min: 1, max: 6 }),
  maxBatchBytes: fc.constantFrom(2_000, 40_000),
  maxBatchAgeUs: fc.constantFrom(seconds(1), seconds(10)),
  maxQueueEvents: fc.constantFrom(4, 12, 1_000),
  dropPolicy: fc.constantFrom('newest' as const, 'oldest' as const),
  maxEventBytes: fc.constantFrom(450, 900),
  retry: fc.record({
    maxAttempts: fc.integer({ min: 1, max: 5 }),
    backoffBaseUs: fc.constant(seconds(1)),
    backoffCapUs: fc.constant(seconds(60)),
  }),
  maxPushbacks: fc.integer({ min: 0, max: 3 }),
  maxAgeUs: fc.constantFrom(hours(1), hours(12)),
  maxBeaconBytes: fc.constantFrom(0, 2_500, 65_536),
  eventBurst: fc.constantFrom(5, 100),
  consent: fc.constantFrom('not-needed' as const, 'ask' as const),
});

/** Lives of an SDK with small limits, so that all of them are reached. */
export const schedule: fc.Arbitrary<Schedule> = fc.record({
  policy,
  happenings: fc.array(happening, { minLength: 5, maxLength: 30 }),
});

/** Lets a thing happen; fates are queued for the requests to come. */
export function happen(bench: SdkBench, what: Happening, fates: Fate[]): void {
  switch (what.kind) {
    case 'capture':
      bench.capture(what.count, what.text);
      break;
    case 'wait':
      bench.wait(what.forUs);
      break;
    case 'fates':
      fates.push(...what.fates.map(cooked));
      break;
    case 'network':
      bench.network(what.online);
      break;
    case 'consent':
      bench.tell({ type: 'consent.decided', granted: what.granted });
      break;
    case 'reload':
      bench.reload(what.afterUs);
      break;
    case 'jump':
      bench.jump(what.byUs);
      break;
    case 'hide':
      bench.tell({ type: 'app.hidden' });
      break;
    case 'show':
      bench.tell({ type: 'app.shown' });
      break;
    default:
      bench.tell({ type: 'flush.asked' });
  }
}

function cooked(recipe: FateRecipe): Fate {
  if (typeof recipe === 'string' || 'status' in recipe) return recipe;
  const { verdicts } = recipe;
  return {
    results: (_, index) => {
      const verdict = verdicts[index % verdicts.length];
      return verdict === 'none' ? undefined : verdict;
    },
  };
}
