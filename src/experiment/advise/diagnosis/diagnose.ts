/** From the baseline's samples to findings, and to what binds each objective. Spec: M181. */
import type { Objective, ObjectiveVerdict } from '../../objectives/objective.ts';
import type { AdviceFinding, AdviceObjective } from '../advice-document.ts';
import { callFindings } from './call-findings.ts';
import { type Evidence, meanServers, worstLooks } from './evidence.ts';
import { pipelineFindings } from './pipeline-findings.ts';
import { scalingFindings } from './scaling-findings.ts';
import { stationFindings } from './station-findings.ts';

const ORDER: readonly AdviceFinding['role'][] = ['binding', 'contributing', 'slack'];

/** All findings: those that bind first. Cost O(replications × stations). */
export function diagnose(evidence: Evidence): readonly AdviceFinding[] {
  const all = [
    ...stationFindings(evidence),
    ...callFindings(evidence),
    ...scalingFindings(evidence),
    ...pipelineFindings(evidence),
  ];
  return ORDER.flatMap((role) => all.filter((one) => one.role === role));
}

/** The station that binds an objective; null where none is known. */
export function bindingOf(evidence: Evidence, objective: Objective): AdviceObjective['binding'] {
  const [busiest] = worstLooks(evidence, objective);
  if (busiest === undefined) return null;
  const server = meanServers(evidence).find(({ name }) => name === busiest.station);
  return { ...busiest, meanWaitMs: server === undefined ? null : server.meanWaitMs };
}

/** Judged objectives that are not met with confidence. Warnings need nothing. */
export function needsAmong(
  objectives: readonly Objective[],
  verdicts: readonly ObjectiveVerdict[],
): readonly Objective[] {
  return objectives.filter(({ text, severity }) => {
    const found = verdicts.find(({ objective }) => objective === text)?.verdict;
    return severity === 'fail' && (found === 'fail' || found === 'inconclusive');
  });
}
