/** What a document is about, in words: architectures or a scenario's variants, asked by viewers, by
 * a load test, or by both. */
import type { RunSubject } from '../experiment/result.ts';
import { formatNumber, plural } from './numbers.ts';

type Named = Pick<RunSubject, 'name' | 'architecture'>;
type Asked = Pick<RunSubject, 'demand'>;

/** Up to so many, tables have a column each; more become rows. */
const COLUMNS_MAX = 5;
/** Up to so many different loads are named one by one. */
const LOADS_MAX = 3;

/** What one of them is called: `variant` as soon as one goes by another name than its
 * architecture's. */
export function subjectNoun(subjects: readonly Named[]): 'architecture' | 'variant' {
  return subjects.some(({ name, architecture }) => name !== architecture)
    ? 'variant'
    : 'architecture';
}

/** Whether there are too many to stand side by side. */
export function isMany(subjects: readonly unknown[]): boolean {
  return subjects.length > COLUMNS_MAX;
}

/** Whether anybody watches: without viewers there is no clickstream. */
export function hasViewers(subjects: readonly Asked[]): boolean {
  return subjects.some(({ demand }) => demand.viewers > 0);
}

/** Who waits for pages. */
export function askers(subjects: readonly Asked[]): string {
  const hasTest = subjects.some(({ demand }) => demand.test !== null);
  if (!hasTest) return 'viewers';
  return hasViewers(subjects) ? 'viewers and users' : 'users';
}

/** The load tests: `up to 300 users that wait for their pages`; undefined where there are none. */
export function loadInWords(subjects: readonly Asked[]): string | undefined {
  const texts = [...new Set(subjects.map(({ demand }) => testInWords(demand)))];
  if (texts.every((text) => text === undefined)) return undefined;
  const named = texts.slice(0, LOADS_MAX).map((text) => text ?? 'no load test');
  const rest = texts.length - named.length;
  return `${named.join(' / ')}${rest === 0 ? '' : ` / ${plural(rest, 'other load')}`}`;
}

function testInWords({ test }: RunSubject['demand']): string | undefined {
  if (test === null) return undefined;
  const from = test.via === 'datacentre' ? ', inside the datacentre' : '';
  if (test.kind === 'closed') {
    const users = plural(test.maxUsers, 'user');
    return `up to ${users}, each waiting for its page${from}`;
  }
  const { minPerSec, maxPerSec } = test;
  const most = plural(maxPerSec, 'arrival');
  const rate = minPerSec === maxPerSec ? most : `${formatNumber(minPerSec)} to ${most}`;
  return `${rate} a second${from}`;
}
