/** HdrHistogram's V2 encoding, compressed: what every port of HdrHistogram decodes. Compressed
 * without matching of repetitions, so that the bytes do not hang on how a zlib build looks for
 * them. Source: HdrHistogram, `AbstractHistogram.encodeIntoByteBuffer` and `ZigZagEncoding`.
 * Spec: X41. */
import { constants, deflateSync } from 'node:zlib';
import type { HistogramCounts } from '../../stats/histogram-counts.ts';

const V2_COOKIE = 0x1c849303 | 0x10;
const V2_COMPRESSED_COOKIE = 0x1c849304 | 0x10;
const HEADER_BYTES = 40;

/** Encodes a histogram as Base64.
 * @param counts - Whole values from 0 to 2⁵³ − 1.
 * @param significantDigits - Of the histogram to be decoded; at least as many as `counts` kept, so
 * that nothing is lost on the way. Cost O(buckets up to the largest value). */
export function encodeHdr(counts: HistogramCounts, significantDigits: number): string {
  const layout = layoutOf(significantDigits);
  const buckets = bucketCounts(counts, layout);
  const payload = encodeCounts(buckets);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(V2_COOKIE, 0);
  header.writeUInt32BE(payload.length, 4);
  header.writeUInt32BE(0, 8);
  header.writeUInt32BE(significantDigits, 12);
  header.writeBigInt64BE(1n, 16);
  header.writeBigInt64BE(BigInt(highestTrackable(counts)), 24);
  header.writeDoubleBE(1, 32);
  const { Z_HUFFMAN_ONLY } = constants;
  const body = deflateSync(Buffer.concat([header, payload]), { strategy: Z_HUFFMAN_ONLY });
  const front = Buffer.alloc(8);
  front.writeUInt32BE(V2_COMPRESSED_COOKIE, 0);
  front.writeUInt32BE(body.length, 4);
  return Buffer.concat([front, body]).toString('base64');
}

interface Layout {
  /** log₂ of half the sub-buckets. */
  readonly halfBits: number;
}

/** Enough sub-buckets to tell 2 · 10^digits values apart. */
function layoutOf(significantDigits: number): Layout {
  return { halfBits: bitLength(2 * 10 ** significantDigits - 1) - 1 };
}

function indexOf(value: number, { halfBits }: Layout): number {
  const bucket = Math.max(0, bitLength(value) - halfBits - 1);
  return bucket * 2 ** halfBits + Math.floor(value / 2 ** bucket);
}

/** Counts by index, up to the last one that is used. */
function bucketCounts({ values, counts }: HistogramCounts, layout: Layout): readonly number[] {
  const last = values.at(-1);
  if (last === undefined) return [];
  const buckets = new Array<number>(indexOf(last, layout) + 1).fill(0);
  values.forEach((value, i) => {
    const index = indexOf(value, layout);
    buckets[index] = (buckets[index] ?? 0) + (counts[i] ?? 0);
  });
  return buckets;
}

/** At least 2, as HdrHistogram wants it. */
function highestTrackable({ values }: HistogramCounts): number {
  return Math.max(2, values.at(-1) ?? 0);
}

/** ZigZag LEB128: a count above 0 as it is, a run of zeros as its negative length. */
function encodeCounts(buckets: readonly number[]): Buffer {
  const bytes: number[] = [];
  let zeros = 0;
  for (const count of buckets) {
    if (count === 0) {
      zeros += 1;
      continue;
    }
    if (zeros === 1) pushZigZag(bytes, 0n);
    if (zeros > 1) pushZigZag(bytes, BigInt(-zeros));
    zeros = 0;
    pushZigZag(bytes, BigInt(count));
  }
  return Buffer.from(bytes);
}

const LEB128_BYTES_MAX = 9;

function pushZigZag(bytes: number[], value: bigint): void {
  let rest = value < 0n ? -value * 2n - 1n : value * 2n;
  // The ninth byte holds eight bits and ends the number.
  for (let n = 1; rest >= 0x80n && n < LEB128_BYTES_MAX; n += 1) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
}

/** Number of bits of a whole number. */
function bitLength(value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(value);
}
