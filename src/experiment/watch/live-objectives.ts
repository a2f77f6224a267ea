/** Objectives while the run goes on: what pages alone tell, over all of them so far, warm-up and
 * all. Windows, scopes, recoveries, and what is counted elsewhere are known when the run is over,
 * and stay unknown until then. Spec: L26. */
import type { LiveObjective } from '../../domain/live/live-frame.ts';
import type { ApiOutcome } from '../../domain/page.ts';
import { hours, US_PER_SECOND } from '../../kernel/time.ts';
import { createHistogram, type Histogram } from '../../stats/hdr-histogram.ts';
import { holds } from '../objectives/condition-holds.ts';
import { fromBase } from '../objectives/language/units.ts';
import { matches } from '../objectives/measure/label-match.ts';
import type { Objective, Term } from '../objectives/objective.ts';

/** The lights of one world. */
export interface LiveObjectives {
  /** A page has ended. */
  see(page: string, outcome: ApiOutcome, pageLoadTimeUs: number): void;
  /** @param nowUs - Rates are over the time up to now. */
  read(nowUs: number): readonly LiveObjective[];
}

/** What a term has come to. */
interface Tally {
  readonly term: Term;
  /** By page and outcome, so that labels are looked at once. */
  readonly counts: Map<string, boolean>;
  readonly times: Histogram;
  seen: number;
  counted: number;
}

const KNOWN: ReadonlyMap<string, readonly ApiOutcome[] | undefined> = new Map([
  ['page.load', undefined],
  ['page.requests', undefined],
  ['page.errors', ['failed', 'timeout']],
  ['page.degraded', ['degraded']],
  ['page.partial', ['partial']],
]);
const LABELS: readonly string[] = ['page', 'outcome'];

/** Lights for these objectives. */
export function watchObjectives(objectives: readonly Objective[]): LiveObjectives {
  const watched = objectives.map((objective) => ({ objective, tallies: talliesOf(objective) }));
  const all = watched.flatMap(({ tallies }) => tallies ?? []);
  return {
    see(page, outcome, timeUs) {
      for (const tally of all) count(tally, { page, outcome, timeUs });
    },
    read: (nowUs) =>
      watched.map(({ objective, tallies }) => {
        const value = tallies === undefined ? null : objectiveValue(objective, tallies, nowUs);
        if (value === null) return { text: objective.text, state: 'unknown', value: '' };
        const { condition } = objective;
        const shown = Number(fromBase(value, condition.unit).toPrecision(3));
        return {
          text: objective.text,
          state: holds(condition, value) ? 'holds' : 'missed',
          value: `${shown.toLocaleString('en-US')}${spaced(condition.unit)}`,
        };
      }),
  };
}

function spaced(unit: string): string {
  return unit === '' ? '' : `\u00a0${unit}`;
}

/** Undefined where pages alone do not tell it. */
function talliesOf({ condition, windows, scopes, recovery }: Objective) {
  if (windows !== null || scopes.length > 0 || recovery !== null) return undefined;
  const { expression } = condition;
  const terms = expression.kind === 'term' ? [expression] : [expression.over, expression.under];
  const isKnown = terms.every(
    ({ metric, labels, subject }) =>
      KNOWN.has(metric) && subject === null && labels.every(({ label }) => LABELS.includes(label)),
  );
  return isKnown ? terms.map(newTally) : undefined;
}

function newTally(term: Term): Tally {
  const times = createHistogram({ significantDigits: 3, maxValue: hours(24) });
  return { term, counts: new Map(), times, seen: 0, counted: 0 };
}

function count(
  tally: Tally,
  { page, outcome, timeUs }: { page: string; outcome: ApiOutcome; timeUs: number },
): void {
  tally.seen += 1;
  const key = `${page} ${outcome}`;
  let isCounted = tally.counts.get(key);
  if (isCounted === undefined) {
    const { metric, labels } = tally.term;
    const isKind = KNOWN.get(metric)?.includes(outcome) ?? true;
    isCounted = isKind && matches(labels, { page, outcome });
    tally.counts.set(key, isCounted);
  }
  if (!isCounted) return;
  tally.counted += 1;
  if (tally.term.metric === 'page.load') tally.times.record(timeUs);
}

function objectiveValue(
  { condition: { expression } }: Objective,
  [first, second]: readonly Tally[],
  nowUs: number,
): number | null {
  const above = first === undefined ? null : termValue(first, nowUs);
  if (expression.kind === 'term') return above;
  const below = second === undefined ? null : termValue(second, nowUs);
  return above === null || below === null || below === 0 ? null : above / below;
}

function termValue({ term, times, seen, counted }: Tally, nowUs: number): number | null {
  const { aggregate, metric } = term;
  if (seen === 0) return null;
  if (aggregate.kind === 'rate') return nowUs === 0 ? null : counted / (nowUs / US_PER_SECOND);
  if (metric !== 'page.load') return aggregate.kind === 'mean' ? counted / seen : counted;
  if (counted === 0) return null;
  if (aggregate.kind === 'quantile') return times.quantile(aggregate.q);
  if (aggregate.kind === 'count') return counted;
  if (aggregate.kind === 'sum') return times.mean * counted;
  return times[aggregate.kind];
}
