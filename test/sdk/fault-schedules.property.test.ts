/** Whatever goes wrong, in any order: no event is lost without a word, none changes, and the SDK
 * keeps to its limits. Random schedules of lost requests and answers, statuses, Retry-After,
 * results by event, offline spells, killed pages, clock jumps and hidden pages; a found seed
 * becomes a test. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { hours } from '../../src/kernel/time.ts';
import { sdkLedger } from '../../src/sdk/sdk-state.ts';
import { happen, type Schedule, schedule } from './random-schedule.ts';
import { type Fate, SdkBench, type SentRequest } from './sdk-bench.ts';

const SCHEDULES = process.env['BACKLOT_LONG'] === '1' ? 50_000 : 2_500;

/** What all schedules together have met: a property that met nothing says nothing. */
const met = new Map<string, number>();
const meet = (what: string, times = 1) => met.set(what, (met.get(what) ?? 0) + times);

function fail(rule: string, details: object): never {
  throw new Error(`${rule}: ${JSON.stringify(details)}`);
}

/** Holds after every step of the SDK. */
function checkStep(bench: SdkBench): void {
  const { state } = bench.host;
  const ledger = sdkLedger(state);
  if (ledger.residual !== 0) fail('A30 the ledger closes', ledger);
  const queueBytes = state.queue.reduce((sum, { bytes }) => sum + bytes, 0);
  if (queueBytes !== state.queueBytes) fail('A31 bytes that wait', { queueBytes });
  if (ledger.captured !== bench.captured.size) fail('A30 captured', ledger);
  const flying = state.batches.filter(({ deadlineUs }) => deadlineUs !== null);
  const regular = flying.filter(({ byBeacon }) => !byBeacon);
  if (regular.length > 1) fail('A33 single flight', { flying: flying.length });
  const beaconBytes = flying
    .filter(({ byBeacon }) => byBeacon)
    .reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
  if (beaconBytes > bench.policy.maxBeaconBytes) fail('A43 budget', { beaconBytes });
  for (const { attempt, triesUsed, number } of state.batches) {
    if (triesUsed > attempt) fail('A34 tries', { number, triesUsed, attempt });
    if (triesUsed > bench.policy.retry.maxAttempts) fail('A34 attempts', { number, triesUsed });
  }
  if (ledger.queued + ledger.inFlight > bench.policy.maxQueueEvents) fail('A37 cap', ledger);
}

/** Holds for every request. */
function checkRequest(bench: SdkBench, request: SentRequest): void {
  const { sent, body } = request;
  const { policy } = bench;
  if (sent.events.length === 0) fail('A31 nothing to send', { batch: sent.batch });
  if (sent.events.length > policy.maxBatchEvents) fail('A31 count', { sent });
  const bytes = Buffer.byteLength(body);
  if (bytes !== sent.bodyBytes) fail('A31 true bytes', { bytes, told: sent.bodyBytes });
  if (bytes > policy.maxBatchBytes) fail('A31 bytes', { bytes });
  const ids = new Set<string>();
  const sequences = new Map<string, number>();
  for (const event of sent.events) {
    if (ids.has(event.id)) fail('A33 no duplicate in a batch', { id: event.id });
    ids.add(event.id);
    const before = sequences.get(event.sessionId) ?? -1;
    if (event.sequence <= before) fail('A33 order', { ids: [...ids] });
    sequences.set(event.sessionId, event.sequence);
    const captured = JSON.stringify(bench.captured.get(event.id));
    if (JSON.stringify(event) !== captured) fail('A32 unchanged', { event, captured });
  }
}

function liveThrough({ policy, happenings }: Schedule): SdkBench {
  const fates: Fate[] = [];
  const numbers = new Map<number, string>();
  const bench = new SdkBench({
    policy,
    check: checkStep,
    fate: (sent) => {
      if (!bench.isOnline) fail('A42 nothing goes offline', sent);
      if (bench.simulation.nowUs < bench.notBeforeUs) fail('A35 Retry-After is obeyed', sent);
      if (bench.notBeforeUs > 0) meet('after a Retry-After');
      if (!bench.mayTrack) fail('A39 nothing goes without consent', sent);
      const { attempt, batch, requestId } = sent;
      if (numbers.has(batch) && numbers.get(batch) !== requestId) fail('A33 request id', sent);
      numbers.set(batch, requestId);
      if (attempt > 1) meet('retry');
      if (sent.byBeacon) meet('beacon');
      return fates.shift() ?? { status: 200 };
    },
  });
  for (const what of happenings) happen(bench, what, fates);
  return bench;
}

/** The faults end; what can be delivered then is. */
function heal(bench: SdkBench): void {
  if (bench.host.state.consent === 'undecided') {
    bench.tell({ type: 'consent.decided', granted: true });
  }
  bench.network(true);
  for (let i = 0; i < 12 && bench.host.state.phase !== 'idle'; i += 1) bench.wait(hours(4));
}

function checkLife(bench: SdkBench): void {
  for (const request of bench.requests) checkRequest(bench, request);
  const { captured, acknowledged, dropped, queued, inFlight, droppedByReason } = sdkLedger(
    bench.host.state,
  );
  if (queued + inFlight > 0) fail('everything ends', { queued, inFlight });
  if (captured !== acknowledged + dropped) fail('A30 all accounted for', { captured });
  const undelivered = [...bench.captured.keys()].filter((id) => !bench.accepted.has(id));
  if (undelivered.length > dropped) fail('A30 delivered or counted', { undelivered, dropped });
  for (const id of bench.accepted.keys()) if (!bench.captured.has(id)) fail('A30 made up', { id });
  meet('captured', captured);
  meet('delivered', bench.accepted.size);
  meet('life', bench.life);
  for (const [reason, count] of Object.entries(droppedByReason)) meet(reason, count);
  for (const effect of bench.effects) if (effect.type === 'clock.jumped') meet('jump');
}

it('A30–A44: delivered at least once or counted as dropped, under any faults', {
  timeout: 1_800_000,
}, () => {
  void fc.assert(
    fc.property(schedule, (life) => {
      const bench = liveThrough(life);
      heal(bench);
      checkLife(bench);
    }),
    { numRuns: SCHEDULES, seed: 20261126 },
  );
  const needed = [
    'captured',
    'delivered',
    'life',
    'retry',
    'beacon',
    'after a Retry-After',
    'jump',
    'sdk_queue_full',
    'sdk_retries_exhausted',
    'sdk_rejected',
    'sdk_too_old',
    'sdk_event_too_large',
    'sdk_rate_limited',
    'sdk_no_consent',
  ];
  for (const what of needed) expect(met.get(what) ?? 0, what).toBeGreaterThan(50);
  console.info(`fault schedules: ${JSON.stringify(Object.fromEntries(met))}`);
});
