/** What callers do to the called: retries that amplify, time-outs, tails without a line, pages that
 * fail. Spec: M183. */
import type { EdgeOperations } from '../../campaign/operations-sample.ts';
import { termsOf } from '../../objectives/metrics/terms-of.ts';
import type { AdviceFinding } from '../advice-document.ts';
import {
  type Evidence,
  meanOf,
  meanServers,
  needsOf,
  operationsIn,
  percentText,
  sideOf,
  suspectServers,
} from './evidence.ts';

/** Tries a call above which retries are load of their own. */
const AMPLIFIES = 1.05;
const TIMES_OUT = 0.01;
const FAILING = 0.001;

/** All findings of calls and pages. */
export function callFindings(evidence: Evidence): readonly AdviceFinding[] {
  const needs = needsOf(evidence, 'pages');
  if (needs.length === 0) return [];
  return [
    ...meanEdges(evidence).flatMap((edge) => [...amplified(edge, needs), ...timedOut(edge, needs)]),
    ...tails(evidence),
    ...failing(evidence),
  ];
}

interface MeanEdge {
  readonly edge: string;
  readonly attemptsPerCall: number;
  readonly retryShare: number;
  readonly timeoutShare: number;
  readonly lateAnswerShare: number;
  readonly wastedWorkShare: number;
}

/** Those with calls. */
function meanEdges(evidence: Evidence): readonly MeanEdge[] {
  const all = operationsIn(evidence);
  const names = [...new Set(all.flatMap(({ edges }) => edges.map(({ edge }) => edge)))];
  return names.flatMap((edge): readonly MeanEdge[] => {
    const own = all.flatMap(({ edges }) =>
      edges.filter((one) => one.edge === edge && one.calls > 0),
    );
    if (own.length === 0) return [];
    const mean = (of: (one: EdgeOperations) => number) => meanOf(own.map(of));
    return [
      {
        edge,
        attemptsPerCall: mean(({ attempts, calls }) => attempts / calls),
        retryShare: mean(({ retries, calls }) => retries / calls),
        timeoutShare: mean(({ timeouts, attempts }) => timeouts / Math.max(1, attempts)),
        lateAnswerShare: mean(({ lateAnswers, attempts }) => lateAnswers / Math.max(1, attempts)),
        wastedWorkShare: mean((one) => one.wastedWorkShare),
      },
    ];
  });
}

function amplified(one: MeanEdge, needs: readonly string[]): readonly AdviceFinding[] {
  const { edge, attemptsPerCall, retryShare, wastedWorkShare } = one;
  if (attemptsPerCall < AMPLIFIES || retryShare === 0) return [];
  return [
    {
      id: `retries-amplify:${edge}`,
      kind: 'retries-amplify',
      subject: edge,
      role: 'contributing',
      objectives: needs,
      text:
        `${edge} makes ${attemptsPerCall.toFixed(2)} tries of each call, and ` +
        `${percentText(wastedWorkShare)} of the work behind it is for nobody`,
      numbers: { attemptsPerCall, retryShare, wastedWorkShare },
    },
  ];
}

function timedOut(one: MeanEdge, needs: readonly string[]): readonly AdviceFinding[] {
  const { edge, timeoutShare, lateAnswerShare, wastedWorkShare } = one;
  if (timeoutShare < TIMES_OUT) return [];
  return [
    {
      id: `calls-time-out:${edge}`,
      kind: 'calls-time-out',
      subject: edge,
      role: 'contributing',
      objectives: needs,
      text:
        `${percentText(timeoutShare)} of the tries over ${edge} time out, and ` +
        `${percentText(lateAnswerShare)} are answered too late`,
      numbers: { timeoutShare, lateAnswerShare, wastedWorkShare },
    },
  ];
}

/** An objective of a high quantile that is missed with no station in the way. */
function tails(evidence: Evidence): readonly AdviceFinding[] {
  const isHigh = (q: number) => q >= 0.95;
  const missed = evidence.needs.filter(
    (objective) =>
      sideOf(objective) === 'pages' &&
      termsOf(objective).some(
        ({ metric, aggregate }) =>
          metric === 'page.load' && aggregate.kind === 'quantile' && isHigh(aggregate.q),
      ),
  );
  const servers = meanServers(evidence);
  const peakUtilization = Math.max(0, ...servers.map((one) => one.peakUtilization));
  if (missed.length === 0 || suspectServers(evidence).size > 0) return [];
  return [
    {
      id: 'calls-have-a-tail:pages',
      kind: 'calls-have-a-tail',
      subject: 'pages',
      role: 'binding',
      objectives: missed.map(({ text }) => text),
      text:
        `no station is above ${percentText(peakUtilization)}: slow calls, and not lines, ` +
        'make the tail',
      numbers: { peakUtilization },
    },
  ];
}

function failing(evidence: Evidence): readonly AdviceFinding[] {
  const missed = evidence.needs.filter((objective) =>
    termsOf(objective).some(({ metric }) => /^page\.(errors|partial|degraded)$/.test(metric)),
  );
  const errorShare = meanOf(
    evidence.samples.flatMap(({ metrics }) => metrics['error share'] ?? []),
  );
  if (missed.length === 0 || errorShare < FAILING) return [];
  return [
    {
      id: 'pages-fail:pages',
      kind: 'pages-fail',
      subject: 'pages',
      role: 'contributing',
      objectives: missed.map(({ text }) => text),
      text: `${(errorShare * 100).toFixed(1)} % of pages fail or time out`,
      numbers: { errorShare },
    },
  ];
}
