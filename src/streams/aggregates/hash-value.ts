/** A 64-bit hash of a column's value, as two 32-bit words; the same on every machine. Source: the
 * finalizers of MurmurHash3 (Appleby), over UTF-16 code units or the bits of a double. */
import type { Scalar } from '../plan/expression.ts';

const SEED_HIGH = 0x9e3779b9;
const SEED_LOW = 0x85ebca6b;
const MULTIPLIER_A = 0xcc9e2d51;
const MULTIPLIER_B = 0x1b873593;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** The words of the last hash: read them before the next call. */
export const hashWords = new Uint32Array(2);

/** Hashes a value into {@link hashWords}, high word first. Cost O(length). */
export function hashValue(value: Scalar): void {
  let high = SEED_HIGH;
  let low = SEED_LOW;
  if (typeof value === 'string') {
    for (let i = 0; i < value.length; i += 1) {
      const unit = value.charCodeAt(i);
      high = rotate(Math.imul(high ^ unit, MULTIPLIER_A), 13);
      low = rotate(Math.imul(low ^ unit, MULTIPLIER_B), 17) + high;
    }
    high ^= value.length;
  } else {
    double[0] = Number(value) + 0;
    // Booleans are apart from 0 and 1 by their type, not by their bits.
    const type = typeof value === 'boolean' ? 1 : 2;
    high = rotate(Math.imul(high ^ (words[0] ?? 0), MULTIPLIER_A), 13) ^ type;
    low = rotate(Math.imul(low ^ (words[1] ?? 0), MULTIPLIER_B), 17) + high;
    high = rotate(Math.imul(high ^ low, MULTIPLIER_B), 15);
  }
  high = mix(high ^ low);
  low = mix(low + high);
  hashWords[0] = mix(high + low);
  hashWords[1] = low;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Each bit of the answer depends on each bit of the word. */
function mix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
