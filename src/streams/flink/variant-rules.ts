/** What one of the two variants of a Flink script cannot do although the other can. */
import { EngineError } from '../../kernel/errors.ts';
import type { PipelinePlan, PlanStep } from '../plan/plan.ts';
import type { FlinkVariant } from './flink-script.ts';

/** Checks that a variant can take a plan that Flink SQL can take.
 * @throws EngineError `PLAN_UNSUPPORTED` with every reason and the other variant as the remedy. */
export function requireVariant(plan: PipelinePlan, variant: FlinkVariant): void {
  const problems = plan.steps.flatMap((step, n) => {
    if (step.kind !== 'window') return [];
    const reasons = variant === 'final' ? whyNotFinal(step) : whyNotUpdate(step);
    return reasons.map((reason) => `steps[${n}].window: ${reason}`);
  });
  const hasWindow = plan.steps.some(({ kind }) => kind === 'window');
  if (variant === 'update' && hasWindow && plan.sink.mode === 'append') {
    problems.push('sink: results are updated, which an append sink cannot take; use upsert');
  }
  if (problems.length === 0) return;
  const other = variant === 'final' ? 'update' : 'final';
  const target = `flink-sql (${variant})`;
  const reasons = problems.join('; ');
  const message = `plan "${plan.name}" cannot go to ${target}: ${reasons}; try "${other}"`;
  throw new EngineError('PLAN_UNSUPPORTED', message, { target, problems });
}

type WindowStep = Extract<PlanStep, { kind: 'window' }>;

function whyNotFinal({ window }: WindowStep): string[] {
  const reasons: string[] = [];
  if (window.assign.kind === 'global') {
    reasons.push('a global window has no final result in a stream that does not end');
  }
  if (window.trigger?.early !== undefined) {
    reasons.push('window table functions refuse early-fire options');
  }
  return reasons;
}

function whyNotUpdate({ window }: WindowStep): string[] {
  const reasons: string[] = [];
  const { assign, trigger, allowedLatenessUs = 0 } = window;
  if (assign.kind === 'cumulate') reasons.push('there is no group window CUMULATE');
  if ('offsetUs' in assign && (assign.offsetUs ?? 0) !== 0) {
    reasons.push('group windows have no offset');
  }
  if (assign.kind === 'session' && (allowedLatenessUs > 0 || trigger?.early !== undefined)) {
    reasons.push('session windows do not take emit options: neither lateness nor early results');
  }
  if (trigger?.late?.kind === 'never' && allowedLatenessUs > 0) {
    reasons.push('lateness is honoured only where late rows fire');
  }
  return reasons;
}
