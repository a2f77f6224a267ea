/** Progress: what is said of how far a campaign is, and to whom. */
import { describe, expect, it } from 'vitest';
import { parseShard } from '../../../src/cli/campaign/campaign-options.ts';
import {
  createProgress,
  type ProgressMode,
  progressLine,
} from '../../../src/cli/campaign/progress.ts';
import { decisiveExit, EXIT } from '../../../src/cli/exit-codes.ts';

const AT = { done: 30, total: 40, expected: 0, first: 10, elapsedMs: 60_000, note: '' };

describe('a line of progress', () => {
  it('E164: tells rate and time left by runs made, not by those found', () => {
    expect(progressLine(AT)).toBe('30 of 40 runs · 20 runs/min · 0:30 left');
    const long = { ...AT, done: 15, total: 400, elapsedMs: 600_000 };
    expect(progressLine(long)).toBe('15 of 400 runs · 0.5 runs/min · 12:50:00 left');
  });

  it('E164: shows an expected total as such, and how it stands', () => {
    const line = progressLine({ ...AT, expected: 120, note: 'p95 ±3.1 %' });
    expect(line).toBe('30 of ≈ 120 runs · 20 runs/min · 4:30 left · p95 ±3.1 %');
  });

  it('E164: says nothing of a rate before there is one', () => {
    expect(progressLine({ ...AT, done: 10, first: 10 })).toBe('10 of 40 runs');
  });
});

describe('progress', () => {
  /** What is said of 60 runs, one a second. */
  function said(mode: ProgressMode, isInteractive: boolean) {
    const lines: string[] = [];
    const plain: string[] = [];
    let nowMs = 0;
    const progress = createProgress({
      mode,
      now: () => nowMs,
      terminal: {
        isInteractive,
        width: 30,
        progress: (line) => void lines.push(line),
        complain: (line) => void plain.push(line),
      },
    });
    for (let done = 0; done <= 60; done += 1) {
      nowMs = done * 1_000;
      progress.runs(done, 60);
    }
    return { lines, plain };
  }

  it('E164: is one changing line on a terminal, cut to its width', () => {
    const { lines, plain } = said('auto', true);
    expect([lines.length, plain.length]).toEqual([61, 0]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(30);
  });

  it('E164: is a plain line every ten seconds elsewhere, and where it is asked for', () => {
    for (const { lines, plain } of [said('auto', false), said('plain', true)]) {
      expect([lines.length, plain.length]).toEqual([0, 6]);
      expect(plain[2]).toBe('30 of 60 runs · 60 runs/min · 0:30 left');
    }
  });

  it('E164: is silent on request', () => {
    expect(said('none', true)).toEqual({ lines: [], plain: [] });
  });
});

it('E156: shares count from 0, as Kubernetes does', () => {
  expect(parseShard('0/8')).toEqual({ index: 0, count: 8 });
  expect(parseShard('7/8')).toEqual({ index: 7, count: 8 });
  for (const text of ['8/8', '-1/8', '1', '1/0', 'a/b', '1/8/2']) {
    expect(() => parseShard(text)).toThrow(/0\/8/);
  }
});

it('E165: of several exit codes the gravest counts, an interruption before all', () => {
  const order = [130, 5, 6, 4, 9, 7, 10] as const;
  for (let i = 0; i < order.length; i += 1) {
    expect(decisiveExit([...order.slice(i)].reverse())).toBe(order[i]);
  }
  expect(decisiveExit([EXIT.ok])).toBe(EXIT.ok);
});
