/** The run digest: every ingredient counts, the order of actors does not, slices find the first
 * difference, handles and a saved state change nothing. */
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
    for (const sliceUs of [1_000, 2 ** 40]) {
      const late = (timeUs: number) => {
        const digest = createRunDigest({ sliceUs });
        digest.record(1, 'a', 'b', 0);
        digest.record(timeUs, 'a', 'b', 0);
        return digest.value();
      };
      const values = [0, 1, 2, 17].map((high) => late(high * 2 ** 32 + 7));
      expect(new Set(values).size).toBe(4);
    }
  });

  it('K8: small differences that could make up for each other do not', () => {
    const shifts = [-2, -1, 1, 2, 2 ** 16, 2 ** 31];
    const runs = [0, ...shifts].flatMap((dt) =>
      [0, ...shifts].flatMap((dd) =>
        [0, ...shifts].map((later): readonly Rec[] => [
          [2 ** 33 + dt, 'a', 'e', 2 ** 20 + dd],
          [2 ** 33 + 100, 'a', 'e', 2 ** 20 + later],
          [2 ** 33 + 200 - dt, 'a', 'e', 2 ** 20 - dd],
        ]),
      ),
    );
    const values = runs.map((run) => digestOf(run).slices()[0]?.[1] ?? '');
    expect(new Set(values).size).toBe(runs.length);
    // Each of the two lanes alone tells them apart too, but for a birthday in 2³².
    expect(new Set(values.map((hash) => hash.slice(0, 8))).size).toBeGreaterThan(runs.length - 2);
    expect(new Set(values.map((hash) => hash.slice(8))).size).toBeGreaterThan(runs.length - 2);
    const actors = new Set(runs.map((run) => digestOf(run).actors()[0]?.[1]));
    expect(actors.size).toBeGreaterThan(runs.length - 2);
  });

  it('K8: each lane collides as seldom as chance', () => {
    const count = 100_000;
    const digest = createRunDigest({ sliceUs: 10 });
    for (let i = 0; i < count; i += 1) {
      const actor = `viewer/${i}`;
      digest.record(10 * i, actor, 'page.shown', 0);
      digest.record(10 * i + (i % 8), actor, i % 2 === 0 ? 'timer' : 'page.shown', i % 4);
    }
    const actors = digest.actors().map(([, hash]) => hash);
    const slices = digest.slices().map(([, hash]) => hash);
    // Expected pairs: 100,000² / 2³³ = 1.16; 8 is beyond five standard deviations.
    const lanes = [
      actors,
      slices.map((hash) => hash.slice(0, 8)),
      slices.map((hash) => hash.slice(8)),
    ];
    for (const lane of lanes) expect(new Set(lane).size).toBeGreaterThan(count - 8);
  });

  it('K8: tells who did something from who did not, by name', () => {
    const didBy = (actor: string) => digestOf([[5, actor, 'timer', 0]]);
    expect(didBy('a').value().slice(0, 16)).not.toBe(didBy('b').value().slice(0, 16));
    expect(didBy('a').value().slice(16)).not.toBe(didBy('b').value().slice(16));
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

/** A run of a few actors from gaps, which cross slices and, at times, 2³² µs. */
function runOf(gaps: readonly number[]): readonly Rec[] {
  let timeUs = 0;
  return gaps.map((gap, i): Rec => {
    timeUs += gap === 0 ? 2 ** 31 : gap % 1_500;
    return [timeUs, `a/${gap % 5}`, `e.${gap % 3}`, i];
  });
}

const gaps = fc.array(fc.nat(9_999), { maxLength: 80 });

describe('handles', () => {
  test.prop([gaps], { numRuns: 200, seed: 20261121 })(
    'K8: a record by handles is the record by names, whatever handles were taken before',
    (drawn) => {
      const run = runOf(drawn);
      const digest = createRunDigest({ sliceUs: 1_000 });
      for (let i = 99; i >= 0; i -= 1) {
        digest.actorHandle(`a/${i}`);
        digest.eventHandle(`e.${i}`);
      }
      for (const [timeUs, actor, event, drawCount] of run) {
        const handles = [digest.actorHandle(actor), digest.eventHandle(event)] as const;
        digest.recordAt(timeUs, ...handles, drawCount);
      }
      expect(digest.value()).toBe(digestOf(run).value());
      expect(digest.actors()).toEqual(digestOf(run).actors());
      expect(digest.slices()).toEqual(digestOf(run).slices());
    },
  );

  it('K8: a handle that never records leaves no trace', () => {
    const digest = createRunDigest({ sliceUs: 1_000 });
    digest.actorHandle('viewer/1');
    digest.eventHandle('timer');
    expect(digest.value()).toBe(createRunDigest({ sliceUs: 1_000 }).value());
    expect(digest.actors()).toEqual([]);
  });
});

describe('a saved digest', () => {
  test.prop([gaps, fc.nat(80)], { numRuns: 200, seed: 20261122 })(
    'K10: continues as the unbroken one, through JSON',
    (drawn, at) => {
      const run = runOf(drawn);
      const state = JSON.parse(JSON.stringify(digestOf(run.slice(0, at)).save()));
      const digest = createRunDigest({ sliceUs: 1_000 });
      const early = digest.actorHandle('a/1');
      digest.record(7, 'forgotten', 'e.0', 1);
      digest.restore(state);
      expect(digest.actorHandle('a/1')).toBe(early);
      for (const record of run.slice(at)) digest.record(...record);
      expect(digest.value()).toBe(digestOf(run).value());
      expect(digest.save()).toEqual(digestOf(run).save());
    },
  );

  it('K10: is refused where slices have another length', () => {
    const digest = createRunDigest({ sliceUs: 500 });
    expect(() => digest.restore(digestOf(RUN).save())).toThrow(
      /SNAPSHOT_REFUSED: .* its slices are 1000 µs long, those here 500 µs/,
    );
  });
});
