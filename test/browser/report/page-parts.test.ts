/** What the report's script counts, without a document: zoomed stretches, stops, rows of a page;
 * and that the server's ECharts is in no script for browsers. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestStop, nextStop } from '../../../src/browser/report/nearest-stop.ts';
import { pageText, rowsOfPage } from '../../../src/browser/report/page-rows.ts';
import {
  between,
  isWhole,
  moved,
  WHOLE_SPAN,
  zoomed,
} from '../../../src/browser/report/zoom-window.ts';

describe('R65: a zoomed stretch', () => {
  it('keeps the place that it is zoomed about', () => {
    expect(zoomed(WHOLE_SPAN, 0.5, 0.5)).toEqual({ from: 0.25, to: 0.75 });
    expect(zoomed({ from: 0.2, to: 0.6 }, 0.5, 0)).toEqual({ from: 0.2, to: 0.4 });
    expect(isWhole(zoomed({ from: 0.25, to: 0.75 }, 2, 0.5))).toBe(true);
  });

  it('moves up to the ends, its length kept', () => {
    const span = moved({ from: 0.5, to: 0.75 }, 2);
    expect(span).toEqual({ from: 0.75, to: 1 });
    expect(moved({ from: 0.1, to: 0.6 }, -1)).toEqual({ from: 0, to: 0.5 });
  });

  it('is what was dragged, in either direction', () => {
    expect(between({ from: 0, to: 0.5 }, 0.5, 1)).toEqual({ from: 0.25, to: 0.5 });
    expect(between(WHOLE_SPAN, 0.75, 0.25)).toEqual({ from: 0.25, to: 0.75 });
  });

  it('never leaves the axis nor shrinks to nothing, whatever is done', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const step = fc.oneof(
      fc.record({ kind: fc.constant('zoom' as const), a: share, b: share }),
      fc.record({ kind: fc.constant('move' as const), a: share, b: share }),
      fc.record({ kind: fc.constant('drag' as const), a: share, b: share }),
    );
    const property = fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let span = WHOLE_SPAN;
      for (const { kind, a, b } of steps) {
        if (kind === 'zoom') span = zoomed(span, 0.1 + 4 * a, b);
        if (kind === 'move') span = moved(span, 2 * a - 1);
        if (kind === 'drag') span = between(span, a, b);
        expect(span.from).toBeGreaterThanOrEqual(0);
        expect(span.to).toBeLessThanOrEqual(1 + 1e-12);
        expect(span.to - span.from).toBeGreaterThan(0.0199);
      }
    });
    fc.assert(property, { seed: 65, numRuns: 200 });
  });
});

describe('the cursor', () => {
  const places = [
    { x: 10, y: null },
    { x: 20, y: null },
    { x: 30, y: 5 },
    { x: 90, y: null },
  ];
  const isReachable = ({ x }: { readonly x: number }): boolean => x < 50;

  it('stops where the pointer is nearest, among what is shown', () => {
    expect(nearestStop(places, { x: 19, y: 400 }, isReachable)).toBe(1);
    expect(nearestStop(places, { x: 29, y: 6 }, isReachable)).toBe(2);
    expect(nearestStop(places, { x: 95, y: 200 }, isReachable)).toBe(1);
    expect(nearestStop(places, { x: 1, y: 1 }, () => false)).toBeUndefined();
  });

  it('goes by keys from stop to stop and stays at the ends', () => {
    const go = (from: number | undefined, step: number) =>
      nextStop(places, { from, step }, isReachable);
    expect(go(undefined, 1)).toBe(0);
    expect(go(undefined, -1)).toBe(2);
    expect(go(0, 1)).toBe(1);
    expect(go(2, 1)).toBe(2);
    expect(go(0, -1)).toBe(0);
    expect(go(1, Number.POSITIVE_INFINITY)).toBe(2);
    expect(go(2, Number.NEGATIVE_INFINITY)).toBe(0);
    expect(go(undefined, Number.NEGATIVE_INFINITY)).toBe(0);
    expect(go(3, 1)).toBe(0);
    expect(nextStop([], { from: undefined, step: 1 }, isReachable)).toBeUndefined();
  });
});

describe('R67: rows of a page', () => {
  it('are 25, the last page shorter', () => {
    expect(rowsOfPage(0, 120)).toEqual([0, 25]);
    expect(rowsOfPage(4, 120)).toEqual([100, 120]);
    expect(rowsOfPage(9, 120)).toEqual([120, 120]);
    expect(pageText(25, 50, 1_200)).toBe('Rows 26–50 of 1,200');
  });
});

describe('R61: the script of the report', () => {
  it('leads to no file that holds the server’s ECharts', () => {
    const seen = new Set(['src/browser/report/main.ts']);
    for (const path of seen) {
      const text = readFileSync(path, 'utf8');
      for (const [, typeOnly, from = ''] of text.matchAll(
        /^import (type )?[^;]*?from '([^']+)';/gms,
      )) {
        if (typeOnly === undefined && from.startsWith('.')) seen.add(join(dirname(path), from));
      }
    }
    expect([...seen]).toContain('src/report/charts/line-chart.ts');
    expect([...seen].filter((path) => /svg-chart|panel\.ts|experiment/.test(path))).toEqual([]);
  });
});
