/** docs/OBJECTIVES.md is true: its grammar says what the parser reads, its examples parse, and its
 * tables are those of the registry. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseObjective,
  readObjective,
} from '../../../../src/experiment/objectives/language/parse-objective.ts';
import { type Token, tokensOf } from '../../../../src/experiment/objectives/language/tokens.ts';
import { objectiveText } from '../arbitrary-objective.ts';
import { metricTable, unitTable } from '../objective-tables.ts';
import { readGrammar, recognises, sentence } from './ebnf.ts';

const PAGE = readFileSync(new URL('../../../../docs/OBJECTIVES.md', import.meta.url), 'utf8');
const GRAMMAR = readGrammar(blocks('ebnf')[0] ?? '');
const EXAMPLES = (blocks('objectives')[0] ?? '').trim().split('\n');
/** What begins something else is no unit. */
const NO_UNITS = ['over', 'during', 'outside', 'after'];

function blocks(kind: string): readonly string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text]) => text ?? '',
  );
}

/** Rules that the grammar leaves to prose. */
function isTerminal(rule: string, { kind, text }: Token): boolean {
  if (rule === 'quantile') return kind === 'name' && /^p\d+(\.\d+)?$/.test(text);
  if (rule === 'unit') return kind === 'name' && !NO_UNITS.includes(text);
  if (rule === 'metric' || rule === 'label') return kind === 'name';
  if (rule === 'time') return kind === 'string' && /^\d\d:\d\d(:\d\d)?$/.test(text);
  return (rule === 'number' || rule === 'string') && kind === rule;
}

const WORDS: Readonly<Record<string, string>> = {
  quantile: 'p99.9',
  unit: 'm',
  metric: 'page.load',
  label: 'page',
  time: '"20:30"',
  number: '12.5',
  string: '"home"',
};

function isSentence(text: string): boolean {
  const { tokens, problem } = tokensOf(text);
  if (problem !== undefined) return false;
  return recognises(GRAMMAR, { rule: 'objective', tokens, terminal: isTerminal });
}

describe('docs/OBJECTIVES.md', () => {
  it('E100: all of its examples are canonical texts of the language', () => {
    expect(EXAMPLES.length).toBeGreaterThan(15);
    for (const text of EXAMPLES) {
      const shown = text.replace(' @95%', '');
      expect(parseObjective(text).text).toBe(shown);
      expect([text, isSentence(text)]).toEqual([text, true]);
    }
  });

  it('E100: the parser understands every sentence of the grammar', () => {
    let understood = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(60), { minLength: 120, maxLength: 120 }), (choices) => {
        let n = 0;
        const text = sentence(GRAMMAR, {
          rule: 'objective',
          choose: (below) => (choices[n++ % choices.length] ?? 0) % below,
          terminal: (rule) => WORDS[rule] ?? `?${rule}?`,
        });
        const { problems } = readObjective(text);
        // Meaning is another matter: units that do not fit, ratios of what is not alike.
        expect([text, problems.filter(({ rule }) => rule.includes(', found '))]).toEqual([
          text,
          [],
        ]);
        understood += 1;
      }),
      { seed: 102, numRuns: 300 },
    );
    expect(understood).toBe(300);
  });

  it('E100: the grammar has every text that the parser takes', () => {
    let taken = 0;
    const edit = fc.tuple(fc.nat(40), fc.constantFrom('drop', 'twice', 'swap'));
    fc.assert(
      fc.property(objectiveText, fc.array(edit, { maxLength: 2 }), (text, edits) => {
        const words = text.split(/(?<=\s)|(?=[(){}"@%<>])/);
        for (const [at, how] of edits) {
          const i = at % words.length;
          if (how === 'drop') words.splice(i, 1);
          else if (how === 'twice') words.splice(i, 0, words[i] ?? '');
          else words.splice(i, 2, words[i + 1] ?? '', words[i] ?? '');
        }
        const edited = words.join('');
        if (readObjective(edited).objective === undefined) return;
        taken += 1;
        expect([edited, isSentence(edited)]).toEqual([edited, true]);
      }),
      { seed: 103, numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it('E100: its tables are those of the registry', () => {
    expect(PAGE).toContain(metricTable());
    expect(PAGE).toContain(unitTable());
  });
});
