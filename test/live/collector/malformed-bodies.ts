/** Bodies that no collector may take, drawn from a seed: twenty ways to be wrong. */
import { gzipSync } from 'node:zlib';
import { createChance } from '../../../src/kernel/chance.ts';
import { bodyOf, eventOf } from './collector-world.ts';

/** One of them. */
export interface MalformedBody {
  readonly kind: string;
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

type Draw = (below: number) => number;
type Maker = (draw: Draw) => string | Buffer;

const JSON_HEADERS = { 'content-type': 'application/json' };
const GZIP_HEADERS = { ...JSON_HEADERS, 'content-encoding': 'gzip' };
const BOMB = gzipSync(Buffer.alloc(12_000_000, 0x20), { level: 9 });
const GOOD = bodyOf([eventOf('a'), eventOf('b')]);
const GOOD_ZIPPED = gzipSync(GOOD);
const KEYS = ['__proto__', 'constructor', 'prototype'];
const WRONG = ['null', '1', '"x"', 'true', '{}', '-1', '1e400', '1.5', '[]'];

const nested = ([open, inside, close]: readonly [string, string, string], depth: number) =>
  `${open.repeat(depth)}${inside}${close.repeat(depth)}`;
const withEvent = (event: string) => `{"sentTimeUs":1,"events":[${event}]}`;

/** Bodies as they are; each of them 4xx. */
const PLAIN: Readonly<Record<string, Maker>> = {
  'cut short': (draw) => GOOD.slice(0, draw(GOOD.length)),
  'a byte flipped into none of UTF-8': (draw) => {
    const bytes = Buffer.from(GOOD);
    bytes[draw(bytes.length)] = 0x80 + draw(0x40);
    return bytes;
  },
  'bytes of nothing': (draw) => Buffer.from(Array.from({ length: 1 + draw(200) }, () => draw(256))),
  'brackets without end': (draw) => '['.repeat(1 + draw(60_000)),
  'braces without end': (draw) => '{"a":'.repeat(1 + draw(10_000)),
  'deep arrays': (draw) => nested(['[', '', ']'], 42 + draw(2_000)),
  'a deep event': (draw) =>
    withEvent(`{"id":"a","data":${nested(['{"a":', '1', '}'], 41 + draw(300))}}`),
  'numbers without end': (draw) => `{"sentTimeUs":${'9'.repeat(17 + draw(4_000))},"events":[]}`,
  'an infinite number': (draw) => withEvent(`{"id":"a","sequence":1e${400 + draw(9_000)}}`),
  'numbers of no JSON': (draw) => `{"sentTimeUs":0${draw(99)},"events":[]}`,
  'keys of prototypes around': (draw) => `{"${KEYS[draw(3)]}":{"x":1},"events":[]}`,
  'keys of prototypes inside': (draw) => withEvent(`{"id":"a","data":{"${KEYS[draw(3)]}":{}}}`),
  'the wrong type for all': (draw) => WRONG.filter((one) => !'{}[]'.includes(one))[draw(7)] ?? '1',
  'the wrong type for events': (draw) =>
    `{"events":${WRONG.filter((one) => one !== '[]')[draw(8)]}}`,
  'the wrong type for an event': (draw) => withEvent(WRONG[draw(WRONG.length)] ?? '1'),
  'the wrong type for a time': (draw) =>
    `{"sentTimeUs":${WRONG.filter((one) => one !== '1')[draw(8)]},"events":[]}`,
  'an event too large': (draw) => withEvent(`{"id":"a","x":"${'x'.repeat(32_768 + draw(2_000))}"}`),
  'too many events': (draw) => `[${new Array(501 + draw(500)).fill('{"id":"a"}').join(',')}]`,
  'something behind': (draw) => `${GOOD}${'}],x'[draw(4)]}`,
  'the form of a refusal': (draw) =>
    withEvent(`{"id":"a","unparsed":"x","reason":"r${draw(1e9)}"}`),
};

/** What claims to be zipped. */
const ZIPPED: Readonly<Record<string, Maker>> = {
  'a bomb': () => BOMB,
  'a gzip cut short': (draw) => GOOD_ZIPPED.subarray(0, draw(GOOD_ZIPPED.length)),
  'a gzip with a byte flipped': (draw) => {
    const bytes = Buffer.from(GOOD_ZIPPED);
    // Behind the header, whose time and flags nobody checks.
    const at = 10 + draw(bytes.length - 10);
    bytes[at] = (bytes[at] ?? 0) ^ (1 + draw(255));
    return bytes;
  },
  'no gzip at all': (draw) => Buffer.from(Array.from({ length: draw(99) }, () => draw(256))),
};

/** The malformed bodies of a seed, one by one. */
export function* malformedBodies(seed: number, count: number): Generator<MalformedBody> {
  const draws = createChance({ seed, replication: 0 }).draws('malformed-body');
  let index = 0;
  const draw: Draw = (below) => {
    index += 1;
    return Math.floor(draws.uniform(0, index) * below);
  };
  const plain = Object.entries(PLAIN);
  const zipped = Object.entries(ZIPPED);
  for (let i = 0; i < count; i += 1) {
    // One in twenty is zipped: they take ten times as long.
    const isZipped = i % 20 === 19;
    const from = isZipped ? zipped : plain;
    const [kind, make] = from[draw(from.length)] as (typeof from)[number];
    yield {
      kind,
      bytes: Buffer.from(make(draw) as string),
      headers: isZipped ? GZIP_HEADERS : JSON_HEADERS,
    };
  }
}
