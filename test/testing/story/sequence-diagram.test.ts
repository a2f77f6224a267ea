/** Diagrams, drawn. */
import { describe, expect, it } from 'vitest';
import { type DiagramLine, sequenceDiagram } from '../../../src/testing/story/sequence-diagram.ts';

function message(at: string, [from, to]: readonly [number, number], text: string): DiagramLine {
  return { kind: 'message', at, from, to, text };
}

describe('T106: diagrams', () => {
  it('have arrows both ways, over other lifelines, notes and marks', () => {
    const text = sequenceDiagram(
      ['viewer', 'device', 'gateway'],
      [
        message('0 s', [0, 1], 'open'),
        message('10 s', [0, 2], 'straight to the gateway'),
        { kind: 'mark', at: '11 s', text: '✕ outage' },
        message('12 s', [2, 1], 'no'),
        message('', [1, 1], 'a note'),
      ],
    );
    expect(`\n${text}\n`).toMatchInlineSnapshot(`
      "
            viewer        device          gateway
       0 s     │── open ────▶│               │
      10 s     │── straight to the gateway ─▶│
      11 s     │ ✕ outage    │               │
      12 s     │             │◀─ no ─────────│
               │             │ a note        │
      "
    `);
  });

  it('cut long labels and long stories, and say how much is missing', () => {
    const lines = Array.from({ length: 100 }, (_, n) => message(`${n}`, [0, 1], 'x'.repeat(n)));
    const text = sequenceDiagram(['a', 'b'], lines, 10).split('\n');
    expect(text).toHaveLength(12);
    expect(text[6]).toContain('… 90 more …');
    expect(Math.max(...text.map((line) => line.length))).toBeLessThan(90);
  });

  it('draw a world in which nothing happens', () => {
    expect(sequenceDiagram(['world', 'machine'], [])).toContain('world');
  });
});
