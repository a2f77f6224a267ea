/** Objectives that nothing can meet, or that the run cannot decide. Spec: E259, E260. */
import { US_PER_SECOND } from '../../../kernel/time.ts';
import type { Objective, Term } from '../../objectives/objective.ts';
import type { Finding } from '../check-document.ts';
import { duration, finding, type Lint, type LintedSubject, number } from './finding.ts';

/** Effective samples beyond a quantile: below, it hangs on single values. */
const SAMPLES_BEYOND = 10;
/** A median may lie below the mean, by a third for the distributions of service times here. */
const MEDIAN_OF_MEAN = 0.7;

/** L-OBJECTIVE: a limit on page times below what a page takes when nobody is in its way. */
export const reachLints: Lint = ({ scenario, subjects }) =>
  scenario.objectives.flatMap((objective, i) =>
    subjects.flatMap((subject) => reachFinding(objective, i, subject)),
  );

function reachFinding(
  objective: Objective,
  i: number,
  { preflight }: LintedSubject,
): readonly Finding[] {
  const { condition } = objective;
  const { expression, comparison, limit } = condition;
  if (expression.kind !== 'term' || !comparison.startsWith('<')) return [];
  if (!isOfSubject(expression, preflight.name) || expression.metric !== 'page.load') return [];
  const share = shareOfMean(expression);
  const pages = preflight.byPage.filter(({ page }) => matchesPage(expression, page));
  const expected = pages.reduce((sum, page) => sum + page.expected, 0);
  if (share === undefined || expected === 0) return [];
  const weighted = (of: (page: (typeof pages)[number]) => number) =>
    pages.reduce((sum, page) => sum + of(page) * page.expected, 0) / expected;
  const unhinderedUs = weighted((page) => page.unhinderedMs) * 1_000;
  if (limit > share * unhinderedUs) return [];
  const networkUs = weighted((page) => page.networkMs) * 1_000;
  const rule =
    `nothing can meet it: unhindered, a page takes ${duration(unhinderedUs)} on average, ` +
    `${duration(networkUs)} of it on the network`;
  const place = { subject: preflight.name, path: `objectives.${i}` };
  const severity = objective.severity === 'fail' ? 'error' : 'warning';
  return [finding(severity, 'L-OBJECTIVE', { ...place, found: objective.text, rule })];
}

/** How far below the unhindered mean the aggregate may lie; undefined where it may lie anywhere. */
function shareOfMean({ aggregate }: Term): number | undefined {
  if (aggregate.kind === 'mean' || aggregate.kind === 'max') return 0.95;
  if (aggregate.kind !== 'quantile' || aggregate.q < 0.5) return undefined;
  return aggregate.q < 0.75 ? MEDIAN_OF_MEAN : 1;
}

/** L-SAMPLES: fewer values than a quantile needs, or fewer windows than a share of them does. */
export const sampleLints: Lint = ({ scenario, subjects, replications }) =>
  scenario.objectives.flatMap((objective, i) =>
    subjects.flatMap((subject): readonly Finding[] => {
      const told =
        tooFewValues(objective, subject, replications) ??
        tooFewWindows(objective, subject, replications);
      if (told === undefined) return [];
      const place = { subject: subject.preflight.name, path: `objectives.${i}` };
      return [finding('warning', 'L-SAMPLES', { ...place, found: objective.text, rule: told })];
    }),
  );

function tooFewValues(
  { condition, scopes, windows, minSamples }: Objective,
  { variant, preflight }: LintedSubject,
  replications: number,
): string | undefined {
  const terms =
    condition.expression.kind === 'term'
      ? [condition.expression]
      : [condition.expression.over, condition.expression.under];
  const { duration: lengthUs } = variant.scenario.clock;
  const inScope = scopes.length === 0 ? 1 : scopeShare(scopes, variant.scenario);
  const inWindow = windows === null ? 1 : windows.lengthUs / lengthUs;
  for (const term of terms) {
    if (!isOfSubject(term, preflight.name) || !term.metric.startsWith('page.')) continue;
    const quantile = term.aggregate.kind === 'quantile' ? term.aggregate.q : undefined;
    const needed = Math.max(
      minSamples,
      quantile === undefined ? 0 : SAMPLES_BEYOND / Math.min(quantile, 1 - quantile),
    );
    const pages = preflight.byPage.filter(({ page }) => matchesPage(term, page));
    const run = pages.reduce((sum, { expected }) => sum + expected, 0) * inScope * inWindow;
    const made = windows === null ? run * replications : run;
    if (made >= needed) continue;
    const where = windows === null ? `${replications} replications make` : 'a window has';
    return (
      `it needs about ${number(needed)} pages, ${where} about ${number(made)}: ` +
      (windows === null ? 'replicate more or run longer' : 'take longer windows or more traffic')
    );
  }
  return undefined;
}

/** Without a single bad window among n, the share of good ones is above s with confidence γ only if
 * sⁿ ≤ 1 − γ. */
function tooFewWindows(
  { windows, scopes, confidence }: Objective,
  { variant }: LintedSubject,
  replications: number,
): string | undefined {
  if (windows === null || windows.share >= 1) return undefined;
  const inScope = scopes.length === 0 ? 1 : scopeShare(scopes, variant.scenario);
  const perRun = Math.floor((variant.scenario.clock.duration * inScope) / windows.lengthUs);
  const needed = Math.ceil(Math.log(1 - confidence) / Math.log(windows.share));
  if (perRun * replications >= needed) return undefined;
  return (
    `a share of ${windows.share} with confidence ${confidence} needs ${needed} windows, ` +
    `${replications} replications make ${perRun * replications}: replicate ` +
    `${Math.ceil(needed / Math.max(1, perRun))} times`
  );
}

/** L-REPLICATIONS: verdicts that wait for more replications than are meant to be run. */
export const replicationLints: Lint = ({ scenario, replications }) =>
  scenario.objectives.flatMap((objective, i): readonly Finding[] => {
    const { minReplications } = objective;
    if (minReplications <= replications) return [];
    const found = `${minReplications} replications wanted, ${replications} meant`;
    const rule = `it stays inconclusive: run with --replications ${minReplications}`;
    const place = { subject: null, path: `objectives.${i}` };
    return [finding('warning', 'L-REPLICATIONS', { ...place, found, rule })];
  });

function isOfSubject({ subject }: Term, name: string): boolean {
  return subject === null || subject === name;
}

function matchesPage({ labels }: Term, page: string): boolean {
  return labels.every(({ label, operator, value }) => {
    if (label !== 'page') return true;
    if (operator === '=') return page === value;
    if (operator === '!=') return page !== value;
    return new RegExp(`^(?:${value})$`).test(page);
  });
}

/** The share of the run that all scopes leave, as far as they say how long they are. */
function scopeShare(scopes: Objective['scopes'], scenario: LintedSubject['variant']['scenario']) {
  const { clock, phases, faults } = scenario;
  const lengthsUs = scopes.map((scope) => {
    if (scope.kind === 'between') return scope.toUs - scope.fromUs;
    if (scope.kind === 'phase') {
      const phase = phases.find(({ name }) => name === scope.phase);
      return phase === undefined ? clock.duration : phase.to - phase.from;
    }
    if (scope.kind === 'outside-fault') {
      const during = faults.reduce((sum, fault) => sum + fault.for, 0);
      return Math.max(US_PER_SECOND, clock.duration - during);
    }
    return clock.duration;
  });
  return Math.min(1, ...lengthsUs.map((us) => us / clock.duration));
}
