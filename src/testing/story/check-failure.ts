/** What a check throws: its message is the story of the smallest counterexample, with the seed and
 * the token that runs it again. */
import type { CheckKind } from './replay-token.ts';

/** How large a counterexample is. */
export interface CounterexampleSize {
  /** Events, guests, messages: what the world is told to do. */
  readonly commands: number;
  /** What goes wrong on purpose: delays, duplicates, crashes, faults of the catalogue. */
  readonly faults: number;
}

/** A counterexample, as data. */
export interface CounterexampleFacts {
  readonly kind: CheckKind;
  /** Name of the check. */
  readonly name: string;
  readonly property: string;
  /** What is wrong, in the property's words. */
  readonly finding: string;
  /** Plain data: what the token and the corpus carry. */
  readonly input: unknown;
  readonly size: CounterexampleSize;
  /** Before shrinking. */
  readonly foundAs: CounterexampleSize;
  /** Number of the run that found it, from 1; 0: it was replayed or came from the corpus. */
  readonly run: number;
  readonly seed: number;
  readonly token: string;
  /** Runs that shrinking took. */
  readonly tries: number;
  /** Whether nothing smaller fails; false where the budget of shrinking ended first. */
  readonly isMinimal: boolean;
  /** Where it is kept, if there is a corpus. */
  readonly corpusFile: string | undefined;
}

/** A property does not hold. Not an `EngineError`: nobody used backlot wrongly. */
export class CheckFailure extends Error {
  readonly facts: CounterexampleFacts;

  constructor(facts: CounterexampleFacts, story: string) {
    super(story);
    this.name = 'CheckFailure';
    this.facts = facts;
  }
}

/** The story: what is broken, the diagram, and how to run it again. */
export function storyOf(
  facts: CounterexampleFacts,
  parts: { readonly claim: string; readonly diagram: string; readonly words: SizeWords },
): string {
  const { name, property, finding, token } = facts;
  return [
    `${name}: ${property} does not hold: ${parts.claim}`,
    '',
    indented(finding),
    '',
    `${summary(facts, parts.words)}`,
    '',
    indented(parts.diagram),
    '',
    ...(facts.corpusFile === undefined ? [] : [`kept as ${facts.corpusFile}`]),
    `run again: { replay: '${token}' }`,
  ].join('\n');
}

/** What commands and faults are called. */
export interface SizeWords {
  readonly command: string;
  /** Left out where there are none. */
  readonly fault?: string;
}

function summary(facts: CounterexampleFacts, words: SizeWords): string {
  const { size, foundAs, run, seed, tries, isMinimal } = facts;
  const found = sizeText(size, words);
  if (run === 0) return `The counterexample has ${found}; it was kept from an earlier run.`;
  const minimal = isMinimal ? 'nothing smaller fails' : 'the budget of shrinking ended there';
  return (
    `The counterexample has ${found}. Run ${run} (seed ${seed}) found it with ` +
    `${sizeText(foundAs, words)}; ${tries} runs made it smaller, ${minimal}.`
  );
}

function sizeText({ commands, faults }: CounterexampleSize, words: SizeWords): string {
  const text = counted(commands, words.command);
  return words.fault === undefined ? text : `${text} and ${counted(faults, words.fault)}`;
}

/** A number with its noun. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Every line two columns to the right. */
export function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

/** All runs passed, and together they did not look at everything: what they say is worth less than
 * it seems. */
export class VacuousCheck extends Error {
  /** What was never reached. */
  readonly missed: readonly string[];

  constructor(name: string, missed: readonly string[]) {
    const list = missed.map((one) => `  ${one}`).join('\n');
    super(
      `${name}: all runs passed, and none reached\n${list}\n` +
        'Draw what leads there (more runs or steps, other events, input or faults), or say that ' +
        'it may be missed: mayMiss.',
    );
    this.name = 'VacuousCheck';
    this.missed = missed;
  }
}
