/** A fingerprint of learned numbers, bit for bit: equal weights give equal text, and one other bit
 * gives another. Not for secrets. */
import { finalMix, hashWord } from '../../kernel/hash.ts';

/** 16 hexadecimal digits over arrays, in their order. Cost O(bytes): some 2 ns a word. */
export function fingerprintOf(arrays: readonly ArrayBufferView[]): string {
  let a = 0x243f6a88;
  let b = 0x13198a2e;
  for (const array of arrays) {
    const words = new Int32Array(array.buffer, array.byteOffset, array.byteLength >>> 2);
    a = hashWord(a, words.length);
    for (let i = 0; i < words.length; i += 1) {
      const word = words[i] as number;
      a = hashWord(a, word);
      b = hashWord(b, word ^ a);
    }
  }
  return [a, b].map((lane) => (finalMix(lane) >>> 0).toString(16).padStart(8, '0')).join('');
}
