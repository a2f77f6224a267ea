/** Performs a campaign for the command line: corpus, progress, document, text. */
import { promises } from 'node:fs';
import { join } from 'node:path';
import { FAULT_KIND_NAMES } from '../../experiment/faults/catalogue/fault-kinds.ts';
import { defaultThreads } from '../../experiment/run-pool.ts';
import { EngineError } from '../../kernel/errors.ts';
import { trialDiagram } from '../../testing/story/trial-story.ts';
import {
  type FaultsDocument,
  faultsDocument,
} from '../../testing/swarm/campaign/faults-document.ts';
import { type CampaignOptions, runCampaign } from '../../testing/swarm/campaign/run-campaign.ts';
import type { SwarmSource } from '../../testing/swarm/campaign/swarm-source.ts';
import { WATCHED } from '../../testing/swarm/campaign/watched.ts';
import { SWARM_NAME } from '../../testing/swarm/drawing/trial-arbitrary.ts';
import { listenForInterruption } from '../publish.ts';
import type { Terminal } from '../terminal.ts';
import { faultsText, type Stories } from './faults-text.ts';
import { addToCorpus, rerunCorpus } from './trial-corpus.ts';

/** A campaign as it was asked for. */
export interface FaultsCampaign {
  readonly source: SwarmSource;
  readonly seed: number;
  readonly commit: string | null;
  readonly runs: number;
  /** µs of wall time after which no new seed is taken. */
  readonly time: number | undefined;
  readonly threads: number | undefined;
  readonly shrinkRuns: number | undefined;
  /** Directory of counterexamples that run first and that new ones are added to. */
  readonly corpus: string | undefined;
  readonly out: string | undefined;
  readonly json: boolean | undefined;
  readonly path: string | undefined;
  readonly terminal: Terminal;
}

const US_PER_MS = 1_000;

/** Runs it and prints what came of it. Spec: T61, T62. */
export async function performFaults(asked: FaultsCampaign): Promise<FaultsDocument> {
  const { terminal } = asked;
  const { signal, stopListening } = listenForInterruption({
    isStoppable: true,
    terminal,
    quit: () => {},
  });
  try {
    const document = await campaign(asked, signal);
    const json = `${JSON.stringify(document, null, 2)}\n`;
    if (asked.out !== undefined) await written(asked.out, json);
    terminal.print(asked.json === true ? json : faultsText(document, await storiesOf(document)));
    return document;
  } finally {
    stopListening();
  }
}

async function campaign(asked: FaultsCampaign, signal: AbortSignal): Promise<FaultsDocument> {
  const { source, seed, runs, terminal, time, shrinkRuns, corpus } = asked;
  const name = source.kind === 'scenario' ? source.scenario.name : SWARM_NAME;
  const known = corpus === undefined ? [] : await rerunCorpus(corpus, name);
  const startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  const options: CampaignOptions = {
    source,
    seed,
    runs,
    threads: asked.threads ?? defaultThreads(),
    async mayGoOn() {
      // Trials of this thread leave no room for signals to come in.
      await new Promise((resolve) => setImmediate(resolve));
      return !signal.aborted && (time === undefined || elapsedMs() < time / US_PER_MS);
    },
    mayShrink: () => !signal.aborted,
    onProgress: ({ done, broken }) => terminal.progress(progressLine(done, broken, elapsedMs())),
    shrinkRuns,
  };
  const outcome = await runCampaign(options);
  terminal.endProgress();
  terminal.complain(progressLine(outcome.outcomes.length, brokenOf(outcome), elapsedMs()));
  const document = faultsDocument(outcome, {
    scenario: source.kind === 'scenario' ? source.scenario.name : null,
    seed,
    commit: asked.commit,
    runsAsked: runs,
    kinds: source.options?.kinds ?? FAULT_KIND_NAMES,
    invariants: WATCHED,
    replay: replayOf(asked, outcome.outcomes.length),
    isInterrupted: signal.aborted,
    corpus: known,
  });
  if (corpus === undefined) return document;
  const added = addToCorpus(corpus, { failures: document.failures, known });
  return { ...document, corpus: [...known, ...added] };
}

/** Diagrams of the smallest trials. */
async function storiesOf({ failures }: FaultsDocument): Promise<Stories> {
  const stories = new Map<string, string>();
  for (const { invariant, smallest } of failures) {
    if (smallest === null) continue;
    stories.set(invariant, await trialDiagram(smallest.trial, smallest.violation));
  }
  return stories;
}

function brokenOf(outcome: Awaited<ReturnType<typeof runCampaign>>): number {
  return outcome.outcomes.filter(({ violations }) => violations.length > 0).length;
}

/** The document, whole or not at all. */
async function written(directory: string, json: string): Promise<void> {
  const path = join(directory, 'faults.json');
  const pending = `${path}.${process.pid}.pending`;
  try {
    await promises.mkdir(directory, { recursive: true });
    await promises.writeFile(pending, json, { flush: true });
    await promises.rename(pending, path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `--out ${directory}: ${why}; name a directory that can be written`;
    throw new EngineError('OUTPUT_UNWRITABLE', message, { path }, { cause });
  } finally {
    await promises.rm(pending, { force: true }).catch(() => {});
  }
}

function progressLine(done: number, broken: number, elapsedMs: number): string {
  const rate = Math.round((1_000 * done) / Math.max(1, elapsedMs));
  return `${done} trials, ${broken} broken, ${rate}/s`;
}

/** The command that makes the same trials, however long they took. */
function replayOf({ path, seed, source }: FaultsCampaign, runs: number): string {
  const { kinds, architectures } = source.options ?? {};
  return [
    `npx backlot faults ${path ?? '--swarm'}`,
    `--seed ${seed} --runs ${runs}`,
    ...(architectures === undefined ? [] : [`--arch ${architectures.join(',')}`]),
    ...(kinds === undefined ? [] : [`--kinds ${kinds.join(',')}`]),
    ...pieceArguments(source),
  ].join(' ');
}

function pieceArguments(source: SwarmSource): readonly string[] {
  if (source.kind !== 'scenario') return [];
  const { spanUs, viewersMax } = source.options ?? {};
  return [
    ...(spanUs === undefined ? [] : [`--span ${spanUs / US_PER_MS}ms`]),
    ...(viewersMax === undefined ? [] : [`--viewers ${viewersMax}`]),
  ];
}
