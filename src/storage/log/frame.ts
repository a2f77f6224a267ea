/** How records lie in a file: one frame for what one append brought to a partition, so that a torn
 * write tears all of it. A frame is a header of 32 bytes (magic, length of the body, CRC-32 of all
 * that follows it, number of records, first offset, ingest time) and a body of JSON. */
import { crc32 } from 'node:zlib';
import type { AppendRequest } from '../../domain/collector-ports.ts';
import type { LogRecord } from '../../domain/pipeline-ports.ts';

/** What a frame's header says. */
export interface FrameHeader {
  readonly bodyBytes: number;
  readonly checksum: number;
  readonly count: number;
  readonly baseOffset: number;
  readonly ingestTimeUs: number;
}

/** Bytes before the body. */
export const FRAME_HEADER_BYTES = 32;
/** The first byte occurs in no UTF-8 text, so that a frame is found again behind damage. */
export const FRAME_MAGIC = Uint8Array.of(0xff, 0x42, 0x4c, 0x31);

const MAGIC = 0xff42_4c31;
/** Where the checksum begins: behind itself. */
const CHECKED_FROM = 12;
/** UTF-8 takes at most this many bytes for a UTF-16 unit. */
const BYTES_PER_UNIT_MAX = 3;
const FIRST_CAPACITY_BYTES = 65_536;
/** What stands in a frame's head where the events will. */
const PLACEHOLDER = '0]';
const CLOSING_BRACKET = 0x5d;

/** What a frame is made of. */
export interface FrameSource {
  readonly partitionKey: string;
  readonly ingestTimeUs: number;
  /** Records in the body. */
  readonly count: number;
  readonly body: string | Uint8Array;
}

/** The frame of a request, its body as text. */
export function frameOf(request: AppendRequest): FrameSource {
  const { payload, ingestTimeUs, partitionKey } = request;
  const { sentTimeUs, sentUptimeUs, userAgent, clientAddress, events } = payload;
  const body = JSON.stringify([sentTimeUs, sentUptimeUs, userAgent, clientAddress, events]);
  return { partitionKey, ingestTimeUs, count: events.length, body };
}

/** The frame of a request as bytes, which need nothing of the request any more: while it waits for
 * others, its events are garbage already. */
export function encodedFrameOf(request: AppendRequest): FrameSource {
  const { payload, ingestTimeUs, partitionKey, eventsJson } = request;
  const count = payload.events.length;
  if (eventsJson === undefined) {
    const { body } = frameOf(request);
    return { partitionKey, ingestTimeUs, count, body: Buffer.from(body as string) };
  }
  const { sentTimeUs, sentUptimeUs, userAgent, clientAddress } = payload;
  const head = JSON.stringify([sentTimeUs, sentUptimeUs, userAgent, clientAddress, 0]);
  const headBytes = Buffer.byteLength(head) - PLACEHOLDER.length;
  const body = Buffer.allocUnsafe(headBytes + eventsJson.length + 1);
  body.write(head, 0, headBytes);
  body.set(eventsJson, headBytes);
  body[body.length - 1] = CLOSING_BRACKET;
  return { partitionKey, ingestTimeUs, count, body };
}

/** Collects frames into one run of bytes, to be written at once. Reuses its memory. */
export class FrameBuffer {
  #bytes = Buffer.allocUnsafe(FIRST_CAPACITY_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was added since the last `clear`: valid until the next `add`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  /** Takes the frames from a length on out again. */
  dropFrom(length: number): void {
    this.#length = length;
  }

  /** Adds a frame. @returns its length in bytes. Cost: once through its body and its checksum. */
  add({ body, count, ingestTimeUs }: FrameSource, baseOffset: number): number {
    const start = this.#length;
    const bytesMax = typeof body === 'string' ? body.length * BYTES_PER_UNIT_MAX : body.length;
    this.#reserve(start + FRAME_HEADER_BYTES + bytesMax);
    const bytes = this.#bytes;
    const bodyStart = start + FRAME_HEADER_BYTES;
    if (typeof body !== 'string') bytes.set(body, bodyStart);
    const bodyBytes = typeof body === 'string' ? bytes.write(body, bodyStart) : body.length;
    const end = bodyStart + bodyBytes;
    bytes.writeUInt32BE(MAGIC, start);
    bytes.writeUInt32BE(bodyBytes, start + 4);
    bytes.writeUInt32BE(count, start + CHECKED_FROM);
    bytes.writeDoubleBE(baseOffset, start + 16);
    bytes.writeDoubleBE(ingestTimeUs, start + 24);
    bytes.writeUInt32BE(crc32(bytes.subarray(start + CHECKED_FROM, end)), start + 8);
    this.#length = end;
    return end - start;
  }

  #reserve(capacity: number): void {
    if (capacity <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(capacity, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Reads a header. @returns undefined where none begins at the position. */
export function readHeader(bytes: Buffer, at: number): FrameHeader | undefined {
  if (at + FRAME_HEADER_BYTES > bytes.length || bytes.readUInt32BE(at) !== MAGIC) return undefined;
  return {
    bodyBytes: bytes.readUInt32BE(at + 4),
    checksum: bytes.readUInt32BE(at + 8),
    count: bytes.readUInt32BE(at + CHECKED_FROM),
    baseOffset: bytes.readDoubleBE(at + 16),
    ingestTimeUs: bytes.readDoubleBE(at + 24),
  };
}

/** Whether a whole frame is at the position and is what was written. */
export function isIntact(bytes: Buffer, at: number, header: FrameHeader): boolean {
  const end = at + FRAME_HEADER_BYTES + header.bodyBytes;
  return end <= bytes.length && crc32(bytes.subarray(at + CHECKED_FROM, end)) === header.checksum;
}

/** The records of an intact frame, in offset order. */
export function recordsOf(
  header: FrameHeader,
  body: Buffer,
  partition: number,
): readonly LogRecord[] {
  const [sentTimeUs, sentUptimeUs, userAgent, clientAddress, events] = JSON.parse(
    body.toString('utf8'),
  ) as [number, number | null, string, string, readonly unknown[]];
  const uptime = sentUptimeUs === null ? {} : { sentUptimeUs };
  return events.map((raw, i) => ({
    partition,
    offset: header.baseOffset + i,
    ingestTimeUs: header.ingestTimeUs,
    sentTimeUs,
    ...uptime,
    userAgent,
    clientAddress,
    raw,
  }));
}
