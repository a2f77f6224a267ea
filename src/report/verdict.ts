/** The verdict: three plain sentences made of the data. An architecture is called faster only where
 * the judged interval of the paired difference says so; counts are called counts. */
import type { CompareDocument, Estimate, RunDocument } from '../experiment/result.ts';
import { ledgerSentence } from './ledger-text.ts';
import { formatCount, formatEstimate, formatShare, inWords, plural } from './numbers.ts';
import { differenceBetween, type JudgedDifference, type Judgement } from './significance.ts';

/** One architecture's value of the metric that the verdict is about. */
interface Contender {
  readonly name: string;
  readonly estimate: Estimate;
}

/** Speed, errors, ledger. */
export function runVerdict(document: RunDocument, judgement: Judgement): readonly string[] {
  const metric = headlineMetric(judgement.differences);
  const contenders = document.architectures.map((one) => ({
    name: one.name,
    estimate: one.pageLoadTimeIntervalsMs.p95,
  }));
  const race = { contenders, what: '95th-percentile page-load time', metric, unit: 'ms' };
  const closing = ' This is one replication; compare several before you decide.';
  const speed =
    contenders.length < 2 ? aloneSentence(document) : raceSentence(race, judgement) + closing;
  return [speed, errorSentence(document), ledgerSentence(document.ledger)];
}

/** Speed, how many differences are shown, ledger. */
export function compareVerdict(document: CompareDocument, judgement: Judgement): readonly string[] {
  const metric = headlineMetric(judgement.differences) ?? '';
  const contenders = document.architectures.flatMap(({ name, metrics }) => {
    const estimate = metrics[metric];
    return estimate === undefined ? [] : [{ name, estimate }];
  });
  const unit = judgement.differences.find((one) => one.metric === metric)?.unit ?? '';
  const shownUnit = unit === '1' ? '' : unit;
  const race = { contenders, what: metric, metric, unit: shownUnit };
  const speed =
    contenders.length < 2
      ? `There are no two architectures to compare over ${document.replications} replications.`
      : raceSentence(race, judgement);
  return [speed, shownSentence(document, judgement), ledgerSentence(document.ledger)];
}

/** The metric that people ask for first: p95 of page loads, else the first there is. */
export function headlineMetric(differences: readonly JudgedDifference[]): string | undefined {
  const metrics = differences.map(({ metric }) => metric);
  return metrics.find((metric) => /p95/i.test(metric)) ?? metrics[0];
}

function raceSentence(
  {
    contenders,
    what,
    metric,
    unit,
  }: {
    readonly contenders: readonly Contender[];
    readonly what: string;
    readonly metric: string | undefined;
    readonly unit: string;
  },
  { differences }: Judgement,
): string {
  const [best, ...rest] = [...contenders].sort((x, y) => x.estimate.value - y.estimate.value);
  if (best === undefined) return '';
  if (contenders.some(({ estimate }) => !Number.isFinite(estimate.value))) {
    return `There is nothing to compare: some architecture has no ${what}.`;
  }
  const rivals = rest.map(({ name }) => {
    const from = best.name;
    const between =
      metric === undefined ? undefined : differenceBetween(differences, { metric, from, to: name });
    return { name, between };
  });
  const beaten = rivals.filter(({ between }) => between?.shown === 'higher');
  const open = rivals.filter(({ between }) => between?.shown !== 'higher');
  const value = `${formatEstimate(best.estimate)} ${unit}`;
  const gap = (rival: (typeof rivals)[number]): string =>
    rival.between === undefined
      ? `${rival.name} (no paired difference)`
      : `${rival.name} (${formatEstimate(rival.between.difference, true)} ${unit})`;
  if (open.length === 0) {
    const [next] = beaten;
    return (
      `${best.name} has the lowest ${what}, ${value}; every other architecture is shown to be ` +
      `higher, the nearest being ${next === undefined ? '' : gap(next)}.`
    );
  }
  const verb = beaten.length === 1 ? 'is' : 'are';
  const also =
    beaten.length === 0 ? '' : ` ${inWords(beaten.map(gap))} ${verb} shown to be higher.`;
  return (
    `No architecture is shown to be best by ${what}: ${best.name} has the lowest value, ` +
    `${value}, but its distance to ${inWords(open.map(gap))} may be chance.${also}`
  );
}

function aloneSentence({ architectures }: RunDocument): string {
  const [only] = architectures;
  if (only === undefined) return 'No architecture was run.';
  const { p50, p95, p99 } = only.pageLoadTimeIntervalsMs;
  return (
    `${only.name} shows half of its pages within ${formatEstimate(p50)} ms, 95 of 100 within ` +
    `${formatEstimate(p95)} ms and 99 of 100 within ${formatEstimate(p99)} ms.`
  );
}

function errorSentence({ architectures }: RunDocument): string {
  const parts = architectures.map(
    (one) =>
      `${one.name} ${formatCount(one.errors)} of ${plural(one.requests, 'page')} ` +
      `(${formatShare(one.errorShare)})`,
  );
  const partial = architectures.reduce((sum, one) => sum + one.partial, 0);
  const also = partial === 0 ? '' : ` ${plural(partial, 'more page')} came with parts missing.`;
  return `Failed or timed out, as counted: ${inWords(parts)}.${also}`;
}

function shownSentence({ replications }: CompareDocument, { differences }: Judgement): string {
  const shown = differences.filter((one) => one.shown !== 'none').length;
  const open = differences.length - shown;
  return (
    `Of ${plural(differences.length, 'paired difference')} over ` +
    `${plural(replications, 'replication')}, ${shown} ${shown === 1 ? 'is' : 'are'} shown` +
    (open === 0 ? '.' : `; for the other ${open} the sign may be chance.`)
  );
}
