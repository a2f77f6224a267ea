/** The memory of deduplication, saved in chunks: what is put back knows what was known. */
import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import type { PlainValue } from '../../src/domain/plain-value.ts';
import { createDedupeMemory, type DedupeMemory } from '../../src/streams/dedupe-memory.ts';

const TTL = 10;
const seen = fc.record({
  id: fc.nat(15).map((n) => `e${n}`),
  gap: fc.nat(4),
  isSaved: fc.boolean(),
});

const see = (memory: DedupeMemory, id: string, ingestTimeUs: number) =>
  memory.firstPrint(id, { print: ingestTimeUs, ingestTimeUs });

/** Takes what has changed into what is held, as a sink does. */
function save(memory: DedupeMemory, held: Map<string, PlainValue>): void {
  const { put, removed } = memory.chunks.changes();
  for (const { name, value } of put) held.set(name, JSON.parse(JSON.stringify(value)));
  for (const name of removed) held.delete(name);
}

describe('the memory of deduplication', () => {
  const done = { removed: 0 };
  afterAll(() => expect(done.removed).toBeGreaterThan(200));

  test.prop([fc.array(seen, { maxLength: 60, size: 'max' }), fc.array(seen, { maxLength: 30 })], {
    seed: 114,
    numRuns: 500,
  })('W114 its chunks together are the memory, and it goes on cutting the same', (past, future) => {
    const memory = createDedupeMemory(TTL);
    const held = new Map<string, PlainValue>();
    let now = 0;
    for (const { id, gap, isSaved } of past) {
      now += gap;
      see(memory, id, now);
      if (isSaved) save(memory, held);
    }
    save(memory, held);
    done.removed += Number(now > 2 * TTL);
    const twin = createDedupeMemory(TTL);
    twin.clock.restore(memory.clock.snapshot());
    twin.chunks.restore([...held].map(([name, value]) => ({ name, value })));
    expect(twin.snapshot()).toEqual(memory.snapshot());
    for (const { id, gap, isSaved } of future) {
      now += gap;
      expect(see(twin, id, now)).toBe(see(memory, id, now));
      if (isSaved) expect(twin.chunks.changes()).toEqual(memory.chunks.changes());
    }
    expect(twin.chunks.whole()).toEqual(memory.chunks.whole());
  });

  it('W114 a checkpoint writes new ids only, and forgets whole generations', () => {
    const memory = createDedupeMemory(TTL);
    see(memory, 'a', 0);
    expect(memory.chunks.changes()).toEqual({
      put: [{ name: '1.0', value: ['a', 0] }],
      removed: [],
    });
    see(memory, 'b', 1);
    see(memory, 'a', 2);
    expect(memory.chunks.changes().put).toEqual([{ name: '1.1', value: ['b', 1] }]);
    see(memory, 'c', 11);
    expect(memory.chunks.changes().removed).toEqual([]);
    see(memory, 'd', 22);
    expect(memory.chunks.changes().removed).toEqual(['1.0', '1.1']);
  });

  it.each([
    ['a generation that is over', [{ name: '7.0', value: [] }]],
    ['a gap', [{ name: '0.1', value: [] }]],
    ['no list', [{ name: '0.0', value: 1 }]],
    ['no fingerprint', [{ name: '0.0', value: ['a', 'b'] }]],
  ])('W113 refuses chunks of %s', (_, chunks) => {
    const memory = createDedupeMemory(TTL);
    expect(() => memory.chunks.restore(chunks)).toThrow(/^SNAPSHOT_REFUSED: dedupe chunk/);
  });
});
