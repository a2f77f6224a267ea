/** The timers' heap: whatever is pushed comes out by time. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { TimerHeap } from '../../../../src/streams/windows/state/timer-heap.ts';

describe('timer heap', () => {
  test.prop([fc.array(fc.option(fc.nat(50), { freq: 3 }), { maxLength: 120, size: 'max' })], {
    seed: 301,
    numRuns: 500,
  })('gives the least time at any moment; null takes one out', (steps) => {
    const heap = new TimerHeap<number>();
    const model: number[] = [];
    for (const time of steps) {
      if (time !== null) {
        heap.push(time, time);
        model.push(time);
      } else if (model.length > 0) {
        const least = Math.min(...model);
        expect(heap.nextUs).toBe(least);
        expect(heap.pop()).toBe(least);
        model.splice(model.indexOf(least), 1);
      }
      expect(heap.size).toBe(model.length);
    }
  });

  it('has no next time when it is empty', () => {
    const heap = new TimerHeap<string>();
    expect(heap.nextUs).toBeNaN();
    heap.push(3, 'a');
    heap.clear();
    expect([heap.size, heap.nextUs]).toEqual([0, Number.NaN]);
  });
});
