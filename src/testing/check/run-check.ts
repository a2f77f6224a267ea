/** The way of every check: counterexamples of the corpus first, then drawn inputs; the first that
 * fails is shrunk by fast-check, then by a pass of our own, kept, and told as a story.
 * Spec: T101, T103. */
import fc from 'fast-check';
import type { PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import { canonicalJson } from '../../streams/checkpoints/canonical-json.ts';
import { keepInCorpus, readCorpus } from '../corpus/corpus.ts';
import { shrinkGreedily } from '../shrink/greedy.ts';
import {
  CheckFailure,
  type CounterexampleSize,
  type SizeWords,
  storyOf,
} from '../story/check-failure.ts';
import { type CheckKind, replayToken, tokenOf } from '../story/replay-token.ts';
import { type CheckOptions, type CheckReport, DEFAULT_RUNS, seedOf } from './check-options.ts';

/** A property that an input breaks. */
export interface Broken {
  readonly property: string;
  /** What the property says. */
  readonly claim: string;
  /** What is wrong: numbers, differences. */
  readonly finding: string;
}

/** A check: inputs, and what is asked of each. */
export interface Check<Input> {
  readonly kind: CheckKind;
  readonly name: string;
  readonly inputs: fc.Arbitrary<Input>;
  /** Inputs that are judged before any is drawn: the small ones, systematically. */
  readonly first?: Iterable<Input>;
  /** The first property that the input breaks; with `only`, no other is looked at. */
  readonly judge: (input: Input, only?: string) => Promise<Broken | undefined>;
  /** Smaller inputs, boldest first. */
  readonly smaller: (input: Input) => Iterable<Input>;
  readonly sizeOf: (input: Input) => CounterexampleSize;
  /** The sequence diagram of an input. */
  readonly diagramOf: (input: Input, broken: Broken) => string | Promise<string>;
  readonly words: SizeWords;
  readonly shrinkRuns: number;
}

/** Runs a check. @throws CheckFailure with the story of the smallest counterexample; EngineError
 * `TESTING_BAD_TOKEN`, `TESTING_CORPUS_UNREADABLE`. */
export async function runCheck<Input>(
  check: Check<Input>,
  options: CheckOptions,
): Promise<CheckReport> {
  const { name } = check;
  const seed = seedOf(options, name);
  if (options.replay !== undefined) {
    await rerun(check, ofCheck(check, options.replay), { seed });
    return { name, seed, runs: 1, corpus: [] };
  }
  const kept = options.corpus === undefined ? [] : readCorpus(options.corpus, check);
  for (const { property, input, file } of kept) {
    await rerun(check, { property, input: input as Input }, { seed, file });
  }
  const runs = options.runs ?? DEFAULT_RUNS;
  const found = (await judgeFirst(check)) ?? (await draw(check, { ...options, seed, runs }));
  if (found !== undefined) await fail(check, found, { ...options, seed });
  return { name, seed, runs, corpus: kept.map(({ file }) => file) };
}

interface Found<Input> {
  readonly input: Input;
  readonly first: Input;
  readonly property: string;
  readonly run: number;
  readonly tries: number;
}

async function judgeFirst<Input>(check: Check<Input>): Promise<Found<Input> | undefined> {
  let run = 0;
  for (const input of check.first ?? []) {
    run += 1;
    const broken = await check.judge(input);
    if (broken === undefined) continue;
    return { input, first: input, property: broken.property, run, tries: 0 };
  }
  return undefined;
}

/** Draws inputs; the first that fails, as small as fast-check makes it. From the first failure on
 * only the property that failed is looked at, so that shrinking does not slip to another one. */
async function draw<Input>(
  check: Check<Input>,
  options: CheckOptions & { readonly seed: number; readonly runs: number },
): Promise<Found<Input> | undefined> {
  const budget = options.shrinkRuns ?? check.shrinkRuns;
  const seen: { run: number; tries: number; first?: Input; best?: Input; property?: string } = {
    run: 0,
    tries: 0,
  };
  const property = fc.asyncProperty(check.inputs, async (input) => {
    const isShrinking = seen.property !== undefined;
    if (isShrinking && seen.tries >= budget) return true;
    if (isShrinking) seen.tries += 1;
    else seen.run += 1;
    const broken = await check.judge(input, seen.property);
    if (broken === undefined) return true;
    seen.property ??= broken.property;
    seen.first ??= input;
    seen.best = input;
    return false;
  });
  const details = await fc.check(property, {
    seed: options.seed,
    numRuns: options.runs,
  });
  if (!details.failed) return undefined;
  const { first, best, property: name } = seen;
  if (first === undefined || best === undefined || name === undefined) throw details.errorInstance;
  return { input: best, first, property: name, run: seen.run, tries: seen.tries };
}

async function fail<Input>(
  check: Check<Input>,
  found: Found<Input>,
  options: CheckOptions & { readonly seed: number },
): Promise<never> {
  const { property } = found;
  const shrunk = await shrinkGreedily(found.input, {
    smaller: check.smaller,
    stillFails: async (input) => (await check.judge(input, property)) !== undefined,
    budget: options.shrinkRuns ?? check.shrinkRuns,
  });
  const input = asPlain(shrunk.value) as Input;
  const broken = await check.judge(input, property);
  if (broken === undefined) {
    const message =
      `check "${check.name}": an input that breaks ${property} does not break it again; make ` +
      'what is checked, and what is drawn for it, depend on nothing but plain data';
    throw new EngineError('TESTING_BAD_ARGUMENT', message, { argument: 'inputs', found: input });
  }
  await tell(
    check,
    { input, broken },
    {
      seed: options.seed,
      corpus: options.corpus,
      run: found.run,
      foundAs: check.sizeOf(found.first),
      tries: found.tries + shrunk.tries,
      isMinimal: shrunk.isMinimal,
    },
  );
  throw new Error('unreachable');
}

/** Runs a counterexample that is known, as it is. */
async function rerun<Input>(
  check: Check<Input>,
  { property, input }: { readonly property: string; readonly input: Input },
  { seed, file }: { readonly seed: number; readonly file?: string },
): Promise<void> {
  const broken = (await check.judge(input, property)) ?? (await check.judge(input));
  if (broken === undefined) return;
  const foundAs = check.sizeOf(input);
  await tell(check, { input, broken }, { seed, file, run: 0, foundAs, tries: 0, isMinimal: true });
}

interface Telling {
  readonly seed: number;
  readonly corpus?: string | undefined;
  /** Where it is kept already. */
  readonly file?: string | undefined;
  readonly run: number;
  readonly foundAs: CounterexampleSize;
  readonly tries: number;
  readonly isMinimal: boolean;
}

async function tell<Input>(
  check: Check<Input>,
  { input, broken }: { readonly input: Input; readonly broken: Broken },
  { corpus, file, ...telling }: Telling,
): Promise<never> {
  const { kind, name, words } = check;
  const { property, claim, finding } = broken;
  const plain = input as PlainValue;
  const counterexample = { kind, name, property, input: plain };
  const kept = { ...counterexample, finding, seed: telling.seed };
  const corpusFile = corpus === undefined ? file : keepInCorpus(corpus, kept);
  const facts = {
    ...telling,
    ...counterexample,
    finding,
    size: check.sizeOf(input),
    token: tokenOf(counterexample),
    corpusFile,
  };
  const diagram = await check.diagramOf(input, broken);
  throw new CheckFailure(facts, storyOf(facts, { claim, diagram, words }));
}

/** What a token would carry. */
function asPlain(input: unknown): unknown {
  return JSON.parse(canonicalJson(input as PlainValue));
}

function ofCheck<Input>(
  { kind, name }: Check<Input>,
  token: string,
): { readonly property: string; readonly input: Input } {
  const found = replayToken(token);
  if (found.kind === kind && found.name === name) {
    return { property: found.property, input: found.input as Input };
  }
  const reason = `it is of the ${found.kind} "${found.name}", not of the ${kind} "${name}"`;
  const message = `replay token: ${reason}; give it to the check that printed it`;
  throw new EngineError('TESTING_BAD_TOKEN', message, { reason });
}
