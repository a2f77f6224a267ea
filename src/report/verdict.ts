/** The verdict: a few plain sentences made of the data. An architecture or variant is called faster
 * only where the judged interval of the paired difference says so; counts are called counts. */
import type { ArchitectureResult, CompareDocument, RunDocument } from '../experiment/result.ts';
import { ledgerSentence } from './ledger-text.ts';
import {
  formatCount,
  formatEstimate,
  formatNumber,
  formatShare,
  inWords,
  plural,
} from './numbers.ts';
import { verdictSentence } from './objective-values.ts';
import { publishedSentence } from './published.ts';
import { raceSentence } from './race.ts';
import { stoppingSentence } from './sections/planning/campaign.ts';
import type { JudgedDifference, Judgement } from './significance.ts';
import { isMany, subjectNoun } from './subjects.ts';
import { warmUpSentence } from './warm-up-words.ts';

/** Speed, errors, published figures where there are any, ledger. */
export function runVerdict(document: RunDocument, judgement: Judgement): readonly string[] {
  const { architectures } = document;
  const metric = headlineMetric(judgement.differences);
  const contenders = architectures.map((one) => ({
    name: one.name,
    estimate: one.pageLoadTimeIntervalsMs.p95,
  }));
  const noun = subjectNoun(architectures);
  const race = { contenders, what: '95th-percentile page-load time', metric, unit: 'ms', noun };
  const closing = ' This is one replication; compare several before you decide.';
  const speed =
    contenders.length < 2 ? aloneSentence(document) : raceSentence(race, judgement) + closing;
  const published = publishedSentence(document.references);
  const objectives = verdictSentence(document.verdicts);
  const warmUp = warmUpSentence(architectures);
  return [
    speed + throughputSentence(architectures),
    errorSentence(architectures) + unwholeSentence(architectures) + wasteSentence(architectures),
    ...(warmUp === undefined ? [] : [warmUp]),
    ...(published === undefined ? [] : [published]),
    ...(objectives === undefined ? [] : [objectives]),
    ledgerSentence(document.ledger),
  ];
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
  const noun = subjectNoun(document.architectures);
  const race = { contenders, what: metric, metric, unit: shownUnit, noun };
  const objectives = verdictSentence(document.verdicts);
  const closing = [
    ...(document.stopping.decision === 'fixed' ? [] : [stoppingSentence(document)]),
    ...(objectives === undefined ? [] : [objectives]),
    ...document.broken.map((line) => `BROKEN, a bug: ${line}.`),
    ledgerSentence(document.ledger),
  ];
  if (contenders.length < 2) return [...aloneReplicated(document), ...closing];
  return [raceSentence(race, judgement), shownSentence(document, judgement), ...closing];
}

/** The metric that people ask for first: p95 of page loads, else the first there is. */
export function headlineMetric(differences: readonly JudgedDifference[]): string | undefined {
  const metrics = differences.map(({ metric }) => metric);
  return metrics.find((metric) => /p95/i.test(metric)) ?? metrics[0];
}

function aloneSentence({ architectures }: RunDocument): string {
  const [only] = architectures;
  if (only === undefined) return 'Nothing was run.';
  const { p50, p95, p99 } = only.pageLoadTimeIntervalsMs;
  if (!Number.isFinite(p50.value)) return `${only.name} was asked for no page that counts.`;
  return (
    `${only.name} shows half of its pages within ${formatEstimate(p50)} ms, 95 of 100 within ` +
    `${formatEstimate(p95)} ms and 99 of 100 within ${formatEstimate(p99)} ms.`
  );
}

function aloneReplicated({ architectures, replications }: CompareDocument): readonly string[] {
  const [only] = architectures;
  if (only === undefined) return ['Nothing was run.'];
  const p95 = only.metrics['page load p95'];
  const value =
    p95 === undefined ? '' : `: its page load p95 is ${formatEstimate(p95)} ${p95.unit} on average`;
  return [
    `${only.name} was run alone over ${plural(replications, 'replication')}, so there is nothing ` +
      `to compare it with${value}.`,
  ];
}

/** What a load test asks first: how many pages a second came out. */
function throughputSentence(architectures: readonly ArchitectureResult[]): string {
  if (architectures.every(({ demand }) => demand.test === null)) return '';
  const sorted = [...architectures].sort((a, b) => b.pagesPerSec - a.pagesPerSec);
  const [most, least] = [sorted[0], sorted.at(-1)];
  if (most === undefined || least === undefined) return '';
  const pages = (one: ArchitectureResult) => `${formatNumber(one.pagesPerSec)} pages a second`;
  if (most === least) return ` It showed ${pages(most)}.`;
  const fewest = formatNumber(least.pagesPerSec);
  if (formatNumber(most.pagesPerSec) === fewest) return ` Each showed ${pages(most)}.`;
  return (
    ` As counted, ${most.name} showed the most, ${pages(most)}, and ${least.name} the fewest, ` +
    `${fewest}.`
  );
}

/** One by one, or the range of many. */
function errorSentence(architectures: readonly ArchitectureResult[]): string {
  const pages = architectures.reduce((sum, one) => sum + one.requests, 0);
  if (architectures.every(({ errors }) => errors === 0)) {
    return `None of ${plural(pages, 'page')} failed or timed out.`;
  }
  if (isMany(architectures)) {
    const sorted = [...architectures].sort((a, b) => a.errorShare - b.errorShare);
    const [least, most] = [sorted[0], sorted.at(-1)];
    return (
      `Failed or timed out, as counted: from ${formatShare(least?.errorShare)} of the pages ` +
      `(${least?.name}) to ${formatShare(most?.errorShare)} (${most?.name}).`
    );
  }
  const parts = architectures.map(
    (one) =>
      `${one.name} ${formatCount(one.errors)} of ${plural(one.requests, 'page')} ` +
      `(${formatShare(one.errorShare)})`,
  );
  return `Failed or timed out, as counted: ${inWords(parts)}.`;
}

/** Pages that were shown, but not as they should have been. */
function unwholeSentence(architectures: readonly ArchitectureResult[]): string {
  const sum = (of: (one: ArchitectureResult) => number): number =>
    architectures.reduce((total, one) => total + of(one), 0);
  const partial = sum((one) => one.partial);
  const degraded = sum((one) => one.degraded);
  const missing = partial === 0 ? '' : ` ${plural(partial, 'more page')} came with parts missing.`;
  if (degraded === 0) return missing;
  const [most] = [...architectures].sort((a, b) => b.degraded - a.degraded);
  const share = most?.degraded === degraded ? 'all' : `most (${formatCount(most?.degraded)})`;
  const whose = architectures.length < 2 ? '' : `, ${share} of them in ${most?.name}`;
  const kind = 'with stale or default values in place of answers';
  return `${missing} ${plural(degraded, 'more page')} came degraded, ${kind}${whose}.`;
}

const WASTE_WORTH_SAYING = 0.005;

function wasteSentence(architectures: readonly ArchitectureResult[]): string {
  const [most] = [...architectures].sort((a, b) => b.wastedWorkShare - a.wastedWorkShare);
  if (most === undefined || !(most.wastedWorkShare >= WASTE_WORTH_SAYING)) return '';
  const share = formatShare(most.wastedWorkShare);
  const where = architectures.length < 2 ? '' : ` in ${most.name}`;
  return ` Up to ${share} of the worker time${where} went into answers that nobody waited for.`;
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
