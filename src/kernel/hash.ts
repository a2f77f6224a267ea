/** 32-bit hashing of words and text: the mixing step of MurmurHash3 (Appleby, public domain). Not
 * for secrets. */

/** Mixes one 32-bit word into a lane. */
export function hashWord(lane: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let h = lane ^ Math.imul(k, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

/** Hash of a text's UTF-16 units, finalised so that every bit depends on every unit. */
export function hashText(text: string, seed: number): number {
  let h = seed | 0;
  for (let i = 0; i < text.length; i += 1) h = hashWord(h, text.charCodeAt(i));
  return finalMix(h ^ text.length);
}

/** Finalises a lane, so that every bit depends on every bit. */
export function finalMix(lane: number): number {
  let h = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
