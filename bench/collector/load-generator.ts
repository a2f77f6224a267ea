/** A process that sends batches to a collector at a steady rate, whether or not it keeps up, and
 * notes which were acknowledged. A response time counts from when the request was due, so that a
 * server that stalls is not flattered. Argument: a `LoadOrder` as JSON; prints `started`, then
 * a `LoadOutcome`. */
import { writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';

/** What to send. */
export interface LoadOrder {
  readonly port: number;
  readonly key: string;
  readonly ratePerSec: number;
  /** At the full rate, after the warm-up. */
  readonly forMs: number;
  /** Both programs and the disk get going: the rate rises to the full one, and what is answered is
   * noted, but its time is not. */
  readonly warmUpMs: number;
  readonly connections: number;
  readonly eventsPerRequest: number;
  /** Begins the ids of all events. */
  readonly prefix: string;
  /** Where the numbers of acknowledged requests are written: a bit each. */
  readonly ackedFile: string;
}

/** What came of it. */
export interface LoadOutcome {
  readonly sent: number;
  readonly acked: number;
  /** Of those, after the warm-up. */
  readonly timed: number;
  /** Answers by status; 0: none came. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly withoutRetryAfter: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  readonly ackMaxMs: number;
  /** During the warm-up. */
  readonly coldAckMaxMs: number;
  /** Greatest response time of the answers of each second. */
  readonly worstBySecondMs: readonly number[];
  readonly tookMs: number;
  readonly cpuMs: number;
}

const TICK_MS = 4;
const DIGITS = 8;
/** Ten thousand viewers send in turn. */
const VIEWER_DIGITS = 4;
/** How long answers are waited for after the last request. */
const PATIENCE_MS = 10_000;

const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder;
/** Requests of the warm-up: on average half the rate. */
const warmCount = Math.floor((order.ratePerSec * order.warmUpMs) / 2_000);
const capacity = warmCount + Math.ceil((order.ratePerSec * order.forMs) / 1_000) + 1;
const acked = new Uint8Array(Math.ceil(capacity / 8));
const latenciesMs = new Float32Array(capacity);
const statuses = new Map<number, number>();
let sent = 0;
let ackedCount = 0;
let answered = 0;
let withoutRetryAfter = 0;
let timedCount = 0;
let coldAckMaxMs = 0;
const worstBySecondMs: number[] = [];

/** A connection, and the requests on it that wait for an answer, oldest first. */
interface Lane {
  socket: Socket;
  waiting: { readonly request: number; readonly dueMs: number }[];
  rest: string;
  isOpen: boolean;
}

const template = makeTemplate();
const lanes = Array.from({ length: order.connections }, openLane);
await Promise.all(lanes.map(({ socket }) => opened(socket)));
process.stdout.write('started\n');
const startMs = performance.now();
const timer = setInterval(sendDue, TICK_MS);
await finished();
report();

function sendDue(): void {
  const elapsedMs = performance.now() - startMs;
  const due = Math.min(capacity - 1, dueCount(elapsedMs));
  for (; sent < due && elapsedMs < order.warmUpMs + order.forMs + TICK_MS; sent += 1) {
    const lane = lanes[sent % lanes.length] as Lane;
    const dueMs = sent < warmCount ? performance.now() : dueAtMs(sent);
    if (!lane.isOpen) {
      note(0);
      reopen(lane);
      continue;
    }
    lane.waiting.push({ request: sent, dueMs });
    lane.socket.write(requestOf(sent));
  }
}

/** How many requests are due by then: while warming up the rate rises from 0. */
function dueCount(elapsedMs: number): number {
  const { ratePerSec, warmUpMs } = order;
  if (elapsedMs < warmUpMs) return Math.floor((ratePerSec * elapsedMs ** 2) / (2_000 * warmUpMs));
  return warmCount + Math.floor(((elapsedMs - warmUpMs) * ratePerSec) / 1_000);
}

/** When a request after the warm-up is due. */
function dueAtMs(request: number): number {
  return startMs + order.warmUpMs + ((request - warmCount) * 1_000) / order.ratePerSec;
}

async function finished(): Promise<void> {
  const endMs = startMs + order.warmUpMs + order.forMs;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const nowMs = performance.now();
    if (nowMs < endMs) continue;
    if (answered >= sent || nowMs > endMs + PATIENCE_MS) break;
  }
  clearInterval(timer);
  for (const { socket } of lanes) socket.destroy();
}

function report(): void {
  const tookMs = performance.now() - startMs - order.warmUpMs;
  const sorted = latenciesMs.slice(0, timedCount).sort();
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
  const { user, system } = process.cpuUsage();
  writeFileSync(order.ackedFile, acked);
  const outcome: LoadOutcome = {
    sent,
    acked: ackedCount,
    timed: timedCount,
    statuses: Object.fromEntries(statuses),
    withoutRetryAfter,
    ackP50Ms: at(0.5),
    ackP99Ms: at(0.99),
    ackMaxMs: sorted.at(-1) ?? 0,
    coldAckMaxMs,
    worstBySecondMs: Array.from(worstBySecondMs, (ms) => Math.round(ms ?? 0)),
    tookMs,
    cpuMs: (user + system) / 1_000,
  };
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

function openLane(): Lane {
  const lane: Lane = { socket: connect(), waiting: [], rest: '', isOpen: true };
  listen(lane);
  return lane;
}

function connect(): Socket {
  return createConnection({ port: order.port, host: '127.0.0.1', noDelay: true });
}

function reopen(lane: Lane): void {
  lane.socket = connect();
  lane.rest = '';
  lane.isOpen = true;
  listen(lane);
}

function listen(lane: Lane): void {
  const { socket } = lane;
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => read(lane, text));
  socket.on('error', () => {});
  socket.on('close', () => {
    if (lane.socket !== socket) return;
    lane.isOpen = false;
    for (const _ of lane.waiting.splice(0)) note(0);
  });
}

/** Answers come whole or in pieces, and in the order of the requests. */
function read(lane: Lane, text: string): void {
  lane.rest += text;
  for (;;) {
    const end = lane.rest.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = lane.rest.slice(0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (lane.rest.length < end + 4 + length) return;
    lane.rest = lane.rest.slice(end + 4 + length);
    const asked = lane.waiting.shift();
    if (asked === undefined) return;
    const status = Number(head.slice(9, 12));
    note(status);
    if (status !== 200) {
      if (!/retry-after: \d/i.test(head)) withoutRetryAfter += 1;
      continue;
    }
    acked[asked.request >> 3] = (acked[asked.request >> 3] ?? 0) | (1 << (asked.request & 7));
    ackedCount += 1;
    time(asked.request, asked.dueMs);
  }
}

function time(request: number, dueMs: number): void {
  const nowMs = performance.now();
  const tookMs = nowMs - dueMs;
  if (request < warmCount) {
    coldAckMaxMs = Math.max(coldAckMaxMs, tookMs);
    return;
  }
  latenciesMs[timedCount] = tookMs;
  timedCount += 1;
  const second = Math.floor((nowMs - startMs - order.warmUpMs) / 1_000);
  worstBySecondMs[second] = Math.max(worstBySecondMs[second] ?? 0, tookMs);
}

function note(status: number): void {
  answered += 1;
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
}

/** A request whose numbers are still to be written in. */
function makeTemplate() {
  const zeros = '0'.repeat(DIGITS);
  const shortZeros = '#'.repeat(VIEWER_DIGITS);
  const nowUs = Date.now() * 1_000;
  const events = Array.from({ length: order.eventsPerRequest }, (_, i) => ({
    id: `${order.prefix}-${zeros}-${i}`,
    type: i % 5 === 0 ? 'media.play' : 'media.ping',
    subject: `viewer-${shortZeros}`,
    sessionId: `session-${shortZeros}`,
    sequence: i,
    eventTimeUs: nowUs + i,
    uptimeUs: 1_000_000 + i,
    data: { titleId: `t${i % 7}`, playbackId: `p-${zeros}`, positionSeconds: 10 * i },
  }));
  const body = JSON.stringify({
    requestId: `${order.prefix}-${zeros}`,
    attempt: 1,
    sentTimeUs: nowUs,
    sentUptimeUs: 1_000_000,
    events,
  });
  const text =
    `POST /v1/batch HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${order.key}\r\n` +
    `content-type: application/json\r\nuser-agent: Roku/DVP-12.5\r\n` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const bytes = Buffer.from(text, 'latin1');
  return { bytes, places: placesOf(text, zeros), viewerPlaces: placesOf(text, shortZeros) };
}

function placesOf(text: string, wanted: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    places.push(at);
  }
  return places;
}

function requestOf(request: number): Buffer {
  const bytes = Buffer.from(template.bytes);
  const digits = String(request).padStart(DIGITS, '0');
  for (const place of template.places) bytes.write(digits, place, 'latin1');
  const viewer = digits.slice(-VIEWER_DIGITS);
  for (const place of template.viewerPlaces) bytes.write(viewer, place, 'latin1');
  return bytes;
}

function opened(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
}
