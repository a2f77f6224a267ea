/** Runs one trial again: what `--replay` names. Spec: T59, T63. */
import { bisectTrial } from '../../testing/bisect/bisect-trial.ts';
import { trialDiagram } from '../../testing/story/trial-story.ts';
import { WATCHED } from '../../testing/swarm/campaign/watched.ts';
import { runTrial, type TrialOutcome } from '../../testing/trial/run-trial.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { bisectText } from './bisect-text.ts';
import { type NamedTrial, trialNamed } from './named-trial.ts';

interface ReplayOptions {
  readonly json?: boolean | undefined;
  readonly bisect?: boolean | undefined;
  readonly terminal: Terminal;
}

/** Runs it and prints what it breaks. @throws EngineError `CLI_USAGE`, `SCENARIO_INVALID`. */
export async function replayTrial(named: string, options: ReplayOptions): Promise<void> {
  const { json, bisect, terminal } = options;
  const found = await trialNamed(named);
  const outcome = await runTrial(found.trial, WATCHED);
  const bisection = bisect === true ? await bisected(found, outcome) : undefined;
  if (json === true) {
    const { invariant } = found;
    const document = { ...outcome, invariant: invariant ?? null, bisection: bisection ?? null };
    terminal.print(`${JSON.stringify(document, null, 2)}\n`);
  } else {
    const lines = await outcomeLines(found, outcome);
    if (bisection !== undefined) lines.push(bisectText(bisection.invariant, bisection));
    terminal.print(`${lines.join('\n')}\n`);
  }
  if (outcome.violations.length > 0) terminal.exitCode = EXIT.invariant;
}

async function outcomeLines(
  { trial, invariant }: NamedTrial,
  { violations, events, digest }: TrialOutcome,
): Promise<string[]> {
  const first = violations.find((one) => one.invariant === invariant) ?? violations[0];
  const isGone = invariant !== undefined && first?.invariant !== invariant;
  return [
    await trialDiagram(trial, first),
    '',
    ...violations.map(
      ({ invariant: name, message, atUs, event }) =>
        `${name}: ${message} (at ${atUs} µs, event ${event})`,
    ),
    ...(isGone ? [`${invariant}: is not broken here any more, or not one that is watched`] : []),
    `${events} events, ${violations.length} broken, digest ${digest}`,
  ];
}

/** Bisects what the trial was kept for, or else what it breaks first. */
async function bisected({ trial, invariant }: NamedTrial, { violations }: TrialOutcome) {
  const watched = WATCHED.filter(({ modality }) => modality !== 'sometimes');
  const wanted =
    watched.find(({ name }) => name === invariant) ??
    watched.find(({ name }) => name === violations[0]?.invariant);
  if (wanted === undefined) {
    const name = invariant ?? 'every invariant';
    return { invariant: name, verdict: 'holds', runs: 1 } as const;
  }
  return { invariant: wanted.name, ...(await bisectTrial(trial, wanted)) };
}
