/** A grammar in EBNF as data, that sentences are made from and recognised by. */
import type { Token } from '../../../../src/experiment/objectives/language/tokens.ts';

/** A rule's right side. */
export type Production =
  | { readonly kind: 'word' | 'rule'; readonly text: string }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Production[] }
  | { readonly kind: 'maybe' | 'many'; readonly of: Production };

/** Rules by name. */
export type Grammar = ReadonlyMap<string, Production>;

/** Reads `name = a, [ b ], { "c" | d } ;` rules. */
export function readGrammar(text: string): Grammar {
  const rules = new Map<string, Production>();
  for (const rule of text.split(/;\s*\n/).filter((one) => one.trim() !== '')) {
    const [, name = '', right = ''] = /^\s*(\w+)\s*=\s*([\s\S]*)$/.exec(rule) ?? [];
    const words = [...right.matchAll(/"(?:[^"])*"|\w+|[[\]{}(),|]/g)].map(([word]) => word);
    rules.set(name, readAlternatives(words));
    if (words.length > 0) throw new Error(`left over in ${name}: ${words.join(' ')}`);
  }
  return rules;
}

function readAlternatives(words: string[]): Production {
  const of = [readSequence(words)];
  while (words[0] === '|') {
    words.shift();
    of.push(readSequence(words));
  }
  return of.length === 1 ? (of[0] as Production) : { kind: 'any', of };
}

function readSequence(words: string[]): Production {
  const of = [readOne(words)];
  while (words[0] === ',') {
    words.shift();
    of.push(readOne(words));
  }
  return of.length === 1 ? (of[0] as Production) : { kind: 'all', of };
}

function readOne(words: string[]): Production {
  const word = words.shift() ?? '';
  const kind = { '[': 'maybe', '{': 'many', '(': 'group' }[word];
  if (kind !== undefined) {
    const inner = readAlternatives(words);
    words.shift();
    return kind === 'group' ? inner : ({ kind, of: inner } as Production);
  }
  if (word.startsWith('"')) return { kind: 'word', text: word.slice(1, -1) };
  return { kind: 'rule', text: word };
}

/** Whether the words are a sentence of the rule. @param terminal - Whether a word is one of a rule
 * that the grammar leaves to prose. */
export function recognises(
  grammar: Grammar,
  asked: {
    readonly rule: string;
    readonly tokens: readonly Token[];
    readonly terminal: (rule: string, token: Token) => boolean;
  },
): boolean {
  const { tokens, terminal } = asked;
  const one = (is: boolean, at: number) => new Set(is ? [at + 1] : []);
  const ofRule = (name: string, at: number): Set<number> => {
    const rule = grammar.get(name);
    if (rule !== undefined) return ends(rule, at);
    const token = tokens[at];
    return one(token !== undefined && terminal(name, token), at);
  };
  const inTurn = (all: readonly Production[], at: number): Set<number> => {
    let reached = new Set([at]);
    for (const next of all) reached = union(Array.from(reached, (place) => ends(next, place)));
    return reached;
  };
  const repeated = (production: Production, at: number): Set<number> => {
    const reached = new Set([at]);
    // What is added while the set is walked is walked too.
    for (const place of reached) for (const end of ends(production, place)) reached.add(end);
    return reached;
  };
  const ends = (production: Production, at: number): Set<number> => {
    switch (production.kind) {
      case 'word':
        return one(tokens[at]?.kind !== 'string' && tokens[at]?.text === production.text, at);
      case 'rule':
        return ofRule(production.text, at);
      case 'any':
        return union(production.of.map((choice) => ends(choice, at)));
      case 'all':
        return inTurn(production.of, at);
      case 'maybe':
        return union([new Set([at]), ends(production.of, at)]);
      case 'many':
        return repeated(production.of, at);
    }
  };
  return ends({ kind: 'rule', text: asked.rule }, 0).has(tokens.length - 1);
}

/** A sentence. @param choose - A whole number below the one given. */
export function sentence(
  grammar: Grammar,
  asked: {
    readonly rule: string;
    readonly choose: (below: number) => number;
    readonly terminal: (rule: string) => string;
  },
): string {
  const { choose, terminal } = asked;
  const make = (production: Production): string => {
    switch (production.kind) {
      case 'word':
        return production.text;
      case 'rule': {
        const rule = grammar.get(production.text);
        return rule === undefined ? terminal(production.text) : make(rule);
      }
      case 'any':
        return make(production.of[choose(production.of.length)] as Production);
      case 'all':
        return production.of.map(make).join(' ');
      case 'maybe':
        return choose(2) === 0 ? '' : make(production.of);
      case 'many':
        return Array.from({ length: choose(3) }, () => make(production.of)).join(' ');
    }
  };
  return make({ kind: 'rule', text: asked.rule });
}

function union(sets: readonly Set<number>[]): Set<number> {
  return new Set(sets.flatMap((set) => [...set]));
}
