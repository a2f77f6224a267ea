/** A switchback over a process that remembers the block before. */
import { describe, expect, it } from 'vitest';
import {
  designSwitchback,
  type SwitchbackDesign,
  switchesOf,
} from '../../../../src/analytics/online-experiments/switchback/design.ts';
import { judgeSwitchback } from '../../../../src/analytics/online-experiments/switchback/report.ts';
import { createChance } from '../../../../src/kernel/chance.ts';
import { normalQuantile } from '../../../../src/stats/normal.ts';

const MINUTE_US = 60_000_000;
const BLOCK_US = 30 * MINUTE_US;
const EFFECT = 10;
const chance = createChance({ seed: 21, replication: 0 });
const design = designSwitchback({
  startUs: 0,
  blockUs: BLOCK_US,
  blocks: 96,
  draws: chance.draws('test.switchback'),
});

/** A value a minute that follows the arm with a memory of some minutes, over a slow wave. */
function measured({ blocks }: SwitchbackDesign, memoryMinutes: number) {
  const noise = chance.draws('test.noise');
  const timeUs: number[] = [];
  const value: number[] = [];
  let level = 0;
  for (let minute = 0; minute * MINUTE_US < blocks.length * BLOCK_US; minute += 1) {
    const atUs = minute * MINUTE_US;
    const arm = blocks[Math.floor(atUs / BLOCK_US)]?.arm;
    const wanted = arm === 'treatment' ? EFFECT : 0;
    level += memoryMinutes > 0 ? (wanted - level) / memoryMinutes : wanted - level;
    const wave = Math.sin(minute / 200);
    timeUs.push(atUs);
    value.push(50 + level + wave + normalQuantile(noise.uniform(minute, 0)));
  }
  return { timeUs, value };
}

describe('a switchback', () => {
  it('M155: has one block of either arm in each pair, in random order', () => {
    for (let i = 0; i < design.blocks.length; i += 2) {
      expect(design.blocks[i]?.arm).not.toBe(design.blocks[i + 1]?.arm);
    }
    const first = design.blocks.filter(({ arm }, i) => i % 2 === 0 && arm === 'treatment').length;
    expect(first).toBeGreaterThan(10);
    expect(first).toBeLessThan(38);
  });

  it('M155: tells when to switch, and to what', () => {
    const switches = switchesOf(design);
    expect(switches[0]?.atUs).toBe(0);
    for (const [i, { arm }] of switches.entries()) expect(arm).not.toBe(switches[i - 1]?.arm);
    expect(switches.length).toBeGreaterThan(48);
  });

  it('M156: with carry-over the naive analysis is biased, and the cut repairs it', () => {
    const report = judgeSwitchback(design, measured(design, 5), { burnInUs: 20 * MINUTE_US });
    expect(report.withoutCut.high).toBeLessThan(EFFECT);
    expect(report.effect.low).toBeLessThan(EFFECT);
    expect(report.effect.high).toBeGreaterThan(EFFECT);
    expect((report.effect.high ?? 0) - (report.effect.low ?? 0)).toBeLessThan(1.5);
    expect(report).toMatchObject({ cut: 'long enough', emptyBlocks: 0, refusal: null });
  });

  it('M157: carry-over is seen in what is cut off; a cut that is too short is told', () => {
    const values = measured(design, 5);
    const long = judgeSwitchback(design, values, { burnInUs: 20 * MINUTE_US });
    expect(long.carryOver.inCut.high).toBeLessThan(0);
    const short = judgeSwitchback(design, values, { burnInUs: 2 * MINUTE_US });
    expect(short.cut).toBe('too short');
    const none = judgeSwitchback(design, measured(design, 0), { burnInUs: 10 * MINUTE_US });
    expect(none.carryOver.inCut.high).toBeGreaterThan(0);
    expect(none.cut).toBe('long enough');
  });

  it('M156: a trend over days, far larger than the effect, cancels within pairs', () => {
    const { timeUs, value } = measured(design, 0);
    const rising = value.map((one, minute) => one + minute / 10);
    const { effect } = judgeSwitchback(design, { timeUs, value: rising }, { burnInUs: 0 });
    expect(effect.low).toBeLessThan(EFFECT);
    expect(effect.high).toBeGreaterThan(EFFECT);
    expect((effect.high ?? 0) - (effect.low ?? 0)).toBeLessThan(4);
  });

  it('of an effect downwards works the same', () => {
    const { timeUs, value } = measured(design, 5);
    const down = { timeUs, value: value.map((one) => -one) };
    expect(judgeSwitchback(design, down, { burnInUs: 2 * MINUTE_US }).cut).toBe('too short');
    expect(judgeSwitchback(design, down, { burnInUs: 20 * MINUTE_US }).effect.high).toBeLessThan(
      -9,
    );
  });

  it('without values has nulls and says why', () => {
    const nothing = judgeSwitchback(design, { timeUs: [], value: [] }, { burnInUs: 0 });
    expect(nothing).toMatchObject({ cut: 'unknown', emptyBlocks: 96 });
    expect(nothing.effect).toEqual({ value: null, low: null, high: null, pValue: null });
    expect(nothing.refusal?.text).toContain('2 pairs of blocks');
  });

  it('refuses a cut as long as a block, and fewer than four blocks', () => {
    const run = (burnInUs: number) => () =>
      judgeSwitchback(design, { timeUs: [], value: [] }, { burnInUs });
    expect(run(BLOCK_US)).toThrow('burnInUs is 1800000000');
    const draws = chance.draws('x');
    expect(() => designSwitchback({ startUs: 0, blockUs: 1, blocks: 3, draws })).toThrow(
      'blocks is 3',
    );
  });
});
