/** Properties of one run: what went in came out, watermarks and keys keep their order.
 * Spec: T85, T92–T94. */
import type { StepCount } from '../../../streams/operators/step-counts.ts';
import { textOf } from '../differences.ts';
import type { PipelineCase } from '../pipeline-case.ts';
import { withoutDuplicates } from '../stream-trial.ts';
import type { PipelineProperty } from './property.ts';

/** In = out + rejected + late. Stages and plans keep ledgers, step by step, and hold nothing after
 * the end.
 * @param counted - For what keeps none: how many events a final result counts. Then every event,
 * delivered once, is in one result, or was told as late or rejected. */
export function conserves<Row, Result>(
  counted?: (result: Result) => number,
): PipelineProperty<Row, Result> {
  return {
    name: 'conserves',
    claim: 'in = out + rejected + late',
    needsCounts: counted === undefined,
    check(seen) {
      const { counts, stateSize } = seen.outcome;
      if (counted !== undefined) return countedProblem(seen, counted);
      const problem = ledgerProblem(counts ?? [], seen.outcome);
      if (problem !== undefined) return problem;
      return stateSize === undefined || stateSize === 0
        ? undefined
        : `${stateSize} keys, rows or windows are held after the end`;
    },
  };
}

function countedProblem<Row, Result>(
  seen: PipelineCase<Row, Result>,
  counted: (result: Result) => number,
): string | undefined {
  const outcome = seen.run(withoutDuplicates(seen.trial));
  const received = outcome.items.filter(({ kind }) => kind === 'row' || kind === 'poison').length;
  const out = seen.final(outcome).reduce((sum, result) => sum + counted(result), 0);
  const { late, rejected } = outcome;
  if (received === out + late.length + rejected.length) return undefined;
  return `${received} in, ${out} out + ${rejected.length} rejected + ${late.length} late`;
}

function ledgerProblem(counts: readonly StepCount[], { items }: Outcome): string | undefined {
  const given = items.filter(({ kind }) => kind === 'row' || kind === 'poison').length;
  const sources = counts.filter(({ step }) => step.startsWith('source '));
  const taken = (sources.length > 0 ? sources : counts.slice(0, 1)).reduce(
    (sum, { received }) => sum + received,
    0,
  );
  if (taken !== given) return `${given} rows were delivered, and ${taken} received`;
  for (const { step, received, passed, rejected, dropped } of counts) {
    const [bad, gone] = [rejected, dropped].map((reasons) =>
      Object.values(reasons).reduce((sum, n) => sum + n, 0),
    ) as [number, number];
    if (received === passed + bad + gone) continue;
    return `${step}: ${received} in, ${passed} passed + ${bad} rejected + ${gone} dropped`;
  }
  return undefined;
}

/** Watermarks that come out never go back, say no more than the one that came in, and reach the
 * end; no result comes behind a watermark that spoke about it, but for what late rows cause. */
export function watermarkMonotone<Row, Result>(): PipelineProperty<Row, Result> {
  return {
    name: 'watermark-monotone',
    claim: 'watermarks go on, promise no more than they were promised, and reach the end',
    check({ outcome }) {
      if (outcome.thrown !== undefined) return undefined;
      return watermarkProblem(outcome) ?? behindProblem(outcome);
    },
  };
}

type Outcome = PipelineCase<unknown, unknown>['outcome'];

function watermarkProblem({ watermarks, items }: Outcome): string | undefined {
  let lastUs = Number.NEGATIVE_INFINITY;
  for (const { timeUs, item } of watermarks) {
    if (timeUs < lastUs) return `watermark ${timeUs} µs comes behind ${lastUs} µs`;
    lastUs = timeUs;
    const inUs = watermarkBy(items, item);
    if (timeUs > inUs) return `watermark ${timeUs} µs comes out where ${inUs} µs went in`;
  }
  if (lastUs === Number.POSITIVE_INFINITY || watermarks.length === 0) {
    return watermarks.length > 0 ? undefined : 'no watermark comes out';
  }
  return `the last watermark that comes out is ${lastUs} µs, not the end`;
}

/** The watermark that had gone in by an item. */
function watermarkBy(items: Outcome['items'], last: number): number {
  for (let at = Math.min(last, items.length - 1); at >= 0; at -= 1) {
    const item = items[at];
    if (item?.kind === 'watermark') return item.timeUs;
  }
  return Number.NEGATIVE_INFINITY;
}

function behindProblem({ watermarks, results, items }: Outcome): string | undefined {
  for (const { value, timeUs, item, order } of results) {
    if (timeUs === undefined || isAboutLate(items, item)) continue;
    const told = watermarks.findLast((one) => one.order < order);
    if (told === undefined || timeUs > told.timeUs) continue;
    return `${textOf(value)} of ${timeUs} µs comes behind the watermark ${told.timeUs} µs`;
  }
  return undefined;
}

/** Whether late rows may have caused what came out at an item. */
function isAboutLate(items: Outcome['items'], at: number): boolean {
  const cause = items[at];
  if (cause?.kind === 'row') return cause.isLate;
  return items.slice(0, at).some((item) => item.kind === 'row' && item.isLate);
}

/** Results of one key come in the order of their times.
 * @param keyOf - Key of a result. @param orderOf - Default: the result's event time, which stages,
 * plans and operators over stream items give. */
export function eachKeyInOrder<Row, Result>(
  keyOf: (result: Result) => string,
  orderOf?: (result: Result) => number,
): PipelineProperty<Row, Result> {
  return {
    name: 'each-key-in-order',
    claim: 'results of one key come in the order of their times',
    check({ outcome }) {
      const last = new Map<string, number>();
      for (const { value, timeUs } of outcome.results) {
        const at = orderOf === undefined ? timeUs : orderOf(value);
        const key = keyOf(value);
        const before = last.get(key);
        if (at === undefined) return 'results have no event time: say which by `orderOf`';
        if (before !== undefined && at < before) {
          return `key ${JSON.stringify(key)}: ${at} comes behind ${before}`;
        }
        last.set(key, at);
      }
      return undefined;
    },
  };
}
