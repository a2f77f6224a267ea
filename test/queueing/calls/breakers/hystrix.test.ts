/** Hystrix' breaker: hand-computed traces, and a brute-force model that ticks every 500 ms. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_HYSTRIX } from '../../../../src/queueing/calls/breakers/hystrix.ts';
import { holdBreaker, MS, SECOND } from './breaker-holder.ts';

function tripped() {
  const breaker = holdBreaker(DEFAULT_HYSTRIX);
  for (let i = 0; i < 20; i += 1) breaker.record(i * MS, i % 2 === 0);
  return breaker;
}

/** Statuses that the random schedules reached: a test that never opens would prove nothing. */
const reached = { closed: 0, open: 0, 'half-open': 0 };

describe('Hystrix’ breaker', () => {
  afterAll(() => {
    expect(Math.min(...Object.values(reached))).toBeGreaterThan(100);
  });

  it('Q27: opens at the end of a slot on 20 results of which half failed', () => {
    const breaker = tripped();
    expect(breaker.status(499 * MS)).toBe('closed');
    expect(breaker.admit(499 * MS)).toBe(true);
    expect(breaker.status(500 * MS)).toBe('open');
    expect(breaker.admit(500 * MS)).toBe(false);
  });

  it('Q27: stays closed on 19 results, or on 49 %', () => {
    const few = holdBreaker(DEFAULT_HYSTRIX);
    for (let i = 0; i < 19; i += 1) few.record(i, false);
    expect(few.status(SECOND)).toBe('closed');
    const good = holdBreaker(DEFAULT_HYSTRIX);
    for (let i = 0; i < 100; i += 1) good.record(i, i >= 49);
    expect(good.status(SECOND)).toBe('closed');
    good.record(SECOND, false);
    good.record(SECOND, false);
    expect(good.status(1_500 * MS)).toBe('open');
  });

  it('Q27: after its sleep lets one trial through; success closes with empty counts', () => {
    const breaker = tripped();
    expect(breaker.admit(5_500 * MS)).toBe(false);
    expect(breaker.status(5_500 * MS + 1)).toBe('open');
    expect(breaker.admit(5_500 * MS + 1)).toBe(true);
    expect(breaker.status(5_500 * MS + 1)).toBe('half-open');
    expect(breaker.admit(5_600 * MS)).toBe(false);
    breaker.record(5_700 * MS, true);
    expect(breaker.status(5_700 * MS)).toBe('closed');
    // The bad results are still younger than the window, and forgotten all the same.
    for (let i = 0; i < 19; i += 1) breaker.record(5_800 * MS, false);
    expect(breaker.status(9 * SECOND)).toBe('closed');
  });

  it('Q27: a trial that fails or is cancelled opens it for another sleep', () => {
    const breaker = tripped();
    breaker.admit(6 * SECOND);
    breaker.record(7 * SECOND, false);
    expect([breaker.admit(12 * SECOND), breaker.admit(12 * SECOND + 1)]).toEqual([false, true]);
    breaker.cancel(13 * SECOND);
    expect([breaker.admit(18 * SECOND), breaker.admit(18 * SECOND + 1)]).toEqual([false, true]);
  });

  it('Q27: judges slots that ended while nobody asked as of their own ends', () => {
    const breaker = holdBreaker(DEFAULT_HYSTRIX);
    // 100 successes in slot 0, 30 failures in slot 4: 23 % until the successes leave, at 10.5 s.
    for (let i = 0; i < 100; i += 1) breaker.record(0, true);
    for (let i = 0; i < 30; i += 1) breaker.record(2_100 * MS, false);
    expect(breaker.status(10_499 * MS)).toBe('closed');
    expect(breaker.status(10_500 * MS)).toBe('open');
    expect(breaker.admit(15_500 * MS)).toBe(false);
    expect(breaker.admit(15_500 * MS + 1)).toBe(true);
  });

  const steps = fc.array(
    fc.record({
      gapUs: fc.oneof(
        fc.integer({ min: 0, max: 300 * MS }),
        fc.integer({ min: 0, max: 8 * SECOND }),
      ),
      ok: fc.boolean(),
      repeat: fc.integer({ min: 1, max: 30 }),
    }),
    { minLength: 40, maxLength: 120 },
  );
  test.prop([steps, fc.integer({ min: 1, max: 10 })], { numRuns: 150, seed: 20261125 })(
    'Q27: is the model that ticks at every end of a slot',
    (schedule, tenths) => {
      const failureRatio = tenths / 10;
      const config = { ...DEFAULT_HYSTRIX, failureRatio };
      const breaker = holdBreaker(config);
      const model = new TickingModel(failureRatio);
      const [ours, theirs]: [string[], string[]] = [[], []];
      let nowUs = 0;
      for (const { gapUs, ok, repeat } of schedule) {
        nowUs += gapUs;
        for (let i = 0; i < repeat; i += 1) {
          const admitted = breaker.admit(nowUs);
          reached[breaker.status(nowUs)] += 1;
          ours.push(`${nowUs} ${admitted}`);
          theirs.push(`${nowUs} ${model.admit(nowUs)}`);
          if (admitted) breaker.record(nowUs, ok);
          if (admitted) model.record(nowUs, ok);
          ours.push(breaker.status(nowUs));
          theirs.push(model.status);
        }
      }
      expect(ours).toEqual(theirs);
    },
  );
});

/** Hystrix as one would write it with a timer and a list of all results. */
class TickingModel {
  status = 'closed';
  readonly #failureRatio: number;
  #samples: { slot: number; ok: boolean }[] = [];
  #originUs = 0;
  #tick = 0;
  #openedAtUs = 0;

  constructor(failureRatio: number) {
    this.#failureRatio = failureRatio;
  }

  admit(nowUs: number): boolean {
    this.#runTicks(nowUs);
    if (this.status === 'closed') return true;
    if (this.status === 'half-open' || nowUs <= this.#openedAtUs + 5 * SECOND) return false;
    this.status = 'half-open';
    return true;
  }

  record(nowUs: number, ok: boolean): void {
    this.#runTicks(nowUs);
    if (this.status === 'half-open' && ok) {
      this.status = 'closed';
      this.#samples = [];
      this.#originUs = nowUs;
      this.#tick = 0;
      return;
    }
    this.#samples.push({ slot: this.#tick, ok });
    if (this.status !== 'half-open') return;
    this.status = 'open';
    this.#openedAtUs = nowUs;
  }

  #runTicks(nowUs: number): void {
    while (this.#originUs + (this.#tick + 1) * 500 * MS <= nowUs) {
      this.#tick += 1;
      const seen = this.#samples.filter(({ slot }) => slot >= this.#tick - 20);
      const failed = seen.filter(({ ok }) => !ok).length;
      const isBad = seen.length >= 20 && failed / seen.length >= this.#failureRatio - 1e-12;
      if (this.status !== 'closed' || !isBad) continue;
      this.status = 'open';
      this.#openedAtUs = this.#originUs + this.#tick * 500 * MS;
    }
  }
}
