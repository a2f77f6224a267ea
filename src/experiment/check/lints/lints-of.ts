/** All lints, and the order in which findings are told. */
import type { Finding } from '../check-document.ts';
import type { Lint, LintContext } from './finding.ts';
import { reachLints, replicationLints, sampleLints } from './objectives.ts';
import { connectionLints, timeoutLints } from './patience.ts';
import { returnLints } from './returns.ts';
import { runLengthLints, tailLints, trafficLints } from './samples.ts';
import { scaleLints } from './scale.ts';
import { faultLints, partitionLints, poolLints, stabilityLints } from './stability.ts';

const LINTS: readonly Lint[] = [
  stabilityLints,
  faultLints,
  poolLints,
  partitionLints,
  tailLints,
  runLengthLints,
  trafficLints,
  scaleLints,
  returnLints,
  timeoutLints,
  connectionLints,
  reachLints,
  sampleLints,
  replicationLints,
];

/** What all lints find: errors first, then by code, subject and path. */
export function lintsOf(context: LintContext): readonly Finding[] {
  return LINTS.flatMap((lint) => lint(context)).sort(byImportance);
}

function byImportance(a: Finding, b: Finding): number {
  if (a.severity !== b.severity) return a.severity === 'error' ? -1 : 1;
  const [left, right] = [keyOf(a), keyOf(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function keyOf({ code, subject, path }: Finding): string {
  return [code, subject ?? '', path].join('\n');
}
