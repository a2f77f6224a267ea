/** What was left out as warm-up, in a sentence. */
import type { ArchitectureResult } from '../experiment/result.ts';
import { inWords, plural } from './numbers.ts';

const US_PER_SECOND = 1_000_000;
const SECONDS_PER_MINUTE = 60;

/** One sentence for each way it was found; undefined where nothing is left out and nothing is to be
 * explained. */
export function warmUpSentence(architectures: readonly ArchitectureResult[]): string | undefined {
  const bySentence = new Map<string, string[]>();
  for (const { name, warmUp } of architectures) {
    const sentence = sentenceOf(warmUp);
    if (sentence === undefined) continue;
    bySentence.set(sentence, [...(bySentence.get(sentence) ?? []), name]);
  }
  if (bySentence.size === 0) return undefined;
  const isAll = [...bySentence.values()].some(({ length }) => length === architectures.length);
  return [...bySentence]
    .map(([sentence, names]) => (isAll ? `Warm-up: ${sentence}` : `${inWords(names)}: ${sentence}`))
    .join(' ');
}

function sentenceOf({ method, cutUs, isTooShort, reason }: ArchitectureResult['warmUp']) {
  const why = reason === null ? '' : ` ${reason.replace(/[^.!?]$/, '$&.')}`;
  if (isTooShort) return `the run is too short, nothing is measured.${why}`;
  if (cutUs === 0 && reason === null) return undefined;
  const how = method === 'mser-5' ? 'found by MSER-5' : 'as the scenario has it';
  if (cutUs === 0) return `nothing is left out (${how}).${why}`;
  return `the first ${duration(cutUs / US_PER_SECOND)} are left out (${how}).${why}`;
}

function duration(seconds: number): string {
  return seconds < 2 * SECONDS_PER_MINUTE
    ? plural(seconds, 'second')
    : plural(seconds / SECONDS_PER_MINUTE, 'minute');
}
