/** The run digest: every ingredient counts, the order of actors does not, slices find the first
 * difference. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createRunDigest } from '../../src/kernel/digest.ts';

type Rec = readonly [timeUs: number, actor: string, event: string, drawCount: number];

const RUN: readonly Rec[] = [
  [5, 'viewer/1', 'page.shown', 3],
  [900, 'viewer/2', 'timer', 4],
  [2_100, 'viewer/1', 'timer', 5],
  [2_100, 'sdk/1', 'batch.acknowledged', 5],
];

function digestOf(run: readonly Rec[]) {
  const digest = createRunDigest({ sliceUs: 1_000 });
  for (const record of run) digest.record(...record);
  return digest;
}

describe('the run digest', () => {
  it('K8: is 32 hexadecimal digits and the same for the same run', () => {
    expect(digestOf(RUN).value()).toMatch(/^[0-9a-f]{32}$/);
    expect(digestOf(RUN).value()).toBe(digestOf(RUN).value());
  });

  it('K8: changes with every ingredient of every record', () => {
    const values = new Set([digestOf(RUN).value()]);
    const mutants: readonly ((record: Rec) => Rec)[] = [
      ([t, a, e, d]) => [t + 1, a, e, d],
      ([t, a, e, d]) => [t, `${a}0`, e, d],
      ([t, a, e, d]) => [t, a, `${e}.`, d],
      ([t, a, e, d]) => [t, a, e, d + 1],
    ];
    RUN.forEach((record, i) => {
      for (const mutate of mutants) values.add(digestOf(RUN.with(i, mutate(record))).value());
    });
    expect(values.size).toBe(1 + RUN.length * mutants.length);
  });

  it('K8: tells later than 2³² µs apart', () => {
    const late = (timeUs: number) => digestOf([[timeUs, 'a', 'b', 0]]).value();
    expect(late(2 ** 32 + 7)).not.toBe(late(7));
  });

  it('K9: names actors sorted, and slices in order', () => {
    const digest = digestOf(RUN);
    expect(digest.actors().map(([name]) => name)).toEqual(['sdk/1', 'viewer/1', 'viewer/2']);
    expect(digest.slices().map(([startUs]) => startUs)).toEqual([0, 2_000]);
  });

  test.prop([fc.array(fc.nat(9_999), { minLength: 2, maxLength: 60 }), fc.nat(59)], {
    numRuns: 200,
    seed: 20261120,
  })('K9: slices localise the first difference', (gaps, at) => {
    let timeUs = 0;
    const run = gaps.map((gap, i): Rec => {
      timeUs += gap;
      return [timeUs, `a/${i % 3}`, 'e', i];
    });
    const changed = at % run.length;
    const [t, a, , d] = run[changed] as Rec;
    const one = digestOf(run).slices();
    const two = digestOf(run.with(changed, [t, a, 'other', d])).slices();
    const first = one.findIndex(([, hash], i) => hash !== two[i]?.[1]);
    expect(one[first]?.[0]).toBe(Math.floor(t / 1_000) * 1_000);
  });
});
