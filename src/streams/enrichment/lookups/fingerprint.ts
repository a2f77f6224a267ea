/** A number that tells one payload from another: 53 bits over everything that an SDK fixes at
 * capture, whatever the order of its fields. What differs from one sending to the next is no part
 * of it. Two lanes of MurmurHash3's mixing step; fields are added up, so that order is none. */

import type { TrackedEvent } from '../../../domain/tracked-event.ts';
import { hashText } from '../../../kernel/hash.ts';
import { TRACKED_EVENT_1_2_0 } from '../../schemas/tracked-event-schema.ts';

const DATA_RULE = TRACKED_EVENT_1_2_0.fields['data']?.rule;
/** What each field's value starts from: equal values of two fields count differently. */
const SEEDS: ReadonlyMap<string, number> = new Map(
  [
    ...Object.keys(TRACKED_EVENT_1_2_0.fields),
    ...(DATA_RULE?.kind === 'object' ? Object.keys(DATA_RULE.fields) : []),
  ].map((name, i) => [name, hashText(name, i + 1)]),
);
const seedOf = (name: string) => SEEDS.get(name) ?? 0;
const [TYPE, SUBJECT, SESSION] = [seedOf('type'), seedOf('subject'), seedOf('sessionId')];
const [SEQUENCE, TIME, UPTIME] = [seedOf('sequence'), seedOf('eventTimeUs'), seedOf('uptimeUs')];
const TWO_32 = 2 ** 32;
const HIGH_BITS = 21;
const HIGH_MASK = 2 ** HIGH_BITS - 1;

/** Sums of the two lanes; only within one call of {@link fingerprint}. */
let low = 0;
let high = 0;

/** The fingerprint of a valid event. Cost O(characters). */
export function fingerprint(event: TrackedEvent): number {
  low = 0;
  high = 0;
  addText(event.type, TYPE);
  addText(event.subject, SUBJECT);
  addText(event.sessionId, SESSION);
  addNumber(event.sequence, SEQUENCE);
  addNumber(event.eventTimeUs, TIME);
  if (event.uptimeUs !== undefined) addNumber(event.uptimeUs, UPTIME);
  const data = event.data as Readonly<Record<string, unknown>>;
  for (const name in data) {
    const value = data[name];
    if (typeof value === 'string') addText(value, seedOf(name));
    else if (typeof value === 'number') addNumber(value, seedOf(name));
    else if (typeof value === 'boolean') addNumber(value ? 1 : 2, ~seedOf(name));
  }
  return (low >>> 0) + (high & HIGH_MASK) * TWO_32;
}

function addText(text: string, seed: number): void {
  let a = seed;
  let b = ~seed;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x85eb_ca6b);
    a ^= a >>> 13;
    b = Math.imul(b ^ unit, 0xc2b2_ae35);
    b ^= b >>> 16;
  }
  add(a ^ text.length, b);
}

function addNumber(value: number, seed: number): void {
  const whole = Math.floor(value);
  const above = Math.floor(whole / TWO_32) | 0;
  const rest = Math.floor((value - whole) * TWO_32) | 0;
  const a = Math.imul(seed ^ whole, 0x85eb_ca6b) ^ rest;
  const b = Math.imul(~seed ^ above, 0xc2b2_ae35) ^ Math.imul(a, 0x9e37_79b1);
  add(Math.imul(a ^ above, 0x2c1b_3c6d), b);
}

function add(a: number, b: number): void {
  const mixed = Math.imul(a ^ (a >>> 15) ^ (b >>> 7), 0x9e37_79b1);
  low = (low + (mixed ^ (mixed >>> 16))) | 0;
  high = (high + Math.imul(b ^ (b >>> 13) ^ mixed, 0x85eb_ca77)) | 0;
}
