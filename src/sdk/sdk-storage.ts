/** An SDK's state on its way through a store, from one life of a page to the next. Queue,
 * unfinished batches, numbers and books go on as they were; what was under way is tried again
 * under the same ids. Monotonic times are carried over to the new life's clock by the wall clock:
 * the time between counts as passed, a wall clock that went back as none. Spec: A44. */
import type { PlainValue } from '../domain/plain-value.ts';
import { EngineError } from '../kernel/errors.ts';
import type { SdkInstant } from './sdk-messages.ts';
import type { QueuedEvent, SdkBatch, SdkIdentity, SdkState } from './sdk-state.ts';

/** Changes whenever a stored state of before cannot be read any more. */
const SCHEMA = 1;

/** A state as it is stored. Cost O(1): states are never changed. */
export function savedSdk(state: SdkState, now: SdkInstant): PlainValue {
  return { schema: SCHEMA, savedAt: now, state } as unknown as PlainValue;
}

/** The state of the next life. Events of another subject keep their own.
 * @throws EngineError `SNAPSHOT_REFUSED` for what is no stored state; nothing is kept of it. */
export function restoredSdk(saved: PlainValue, identity: SdkIdentity, now: SdkInstant): SdkState {
  const problems = problemsOf(saved);
  if (problems.length > 0) {
    const message = `the stored state of an SDK has ${problems.join(', ')}; start a fresh one`;
    throw new EngineError('SNAPSHOT_REFUSED', message, { problems });
  }
  const { savedAt, state } = saved as unknown as Stored;
  const passedUs = Math.max(0, now.wallUs - savedAt.wallUs);
  /** The same instant on the clock of the new life. */
  const rebased = (us: number) => us - savedAt.uptimeUs - passedUs + now.uptimeUs;
  const queued = (event: QueuedEvent) => ({ ...event, bornUs: rebased(event.bornUs) });
  const isSameSubject = state.subject === identity.subject;
  const { session } = state;
  return {
    ...state,
    subject: identity.subject,
    entity: identity.entity,
    life: state.life + 1,
    session:
      session === null
        ? null
        : {
            ...session,
            startedUs: rebased(session.startedUs),
            lastUs: isSameSubject ? rebased(session.lastUs) : Number.MIN_SAFE_INTEGER,
          },
    isHidden: false,
    queue: state.queue.map(queued),
    batches: state.batches.map((batch) => waiting(batch, batch.events.map(queued))),
    backoffUntilUs: rebased(state.backoffUntilUs),
    pushedBackUntilUs: rebased(state.pushedBackUntilUs),
    tokensAtUs: rebased(state.tokensAtUs),
    clockOffsetUs: null,
    wakeAtUs: null,
  };
}

interface Stored {
  readonly savedAt: SdkInstant;
  readonly state: SdkState;
}

/** A batch of an earlier life: a try that was under way has used up an attempt. */
function waiting(batch: SdkBatch, events: readonly QueuedEvent[]): SdkBatch {
  const triesUsed = batch.triesUsed + (batch.deadlineUs === null ? 0 : 1);
  return { ...batch, events, triesUsed, deadlineUs: null, byBeacon: false };
}

type Fields = Readonly<Record<string, unknown>>;
type Test = (found: unknown) => boolean;

const isText: Test = (found) => typeof found === 'string';
const isFlag: Test = (found) => typeof found === 'boolean';
const isNumber: Test = (found) => Number.isFinite(found);
const isCount: Test = (found) => Number.isSafeInteger(found) && (found as number) >= 0;
const isRecord = (found: unknown): found is Fields =>
  typeof found === 'object' && found !== null && !Array.isArray(found);
const orNull =
  (test: Test): Test =>
  (found) =>
    found === null || test(found);
const listOf =
  (test: Test): Test =>
  (found) =>
    Array.isArray(found) && found.every(test);
const recordOf =
  (tests: Readonly<Record<string, Test>>): Test =>
  (found) =>
    isRecord(found) &&
    Object.entries(tests).every(([name, test]) => Object.hasOwn(found, name) && test(found[name]));

const isQueued = recordOf({
  event: recordOf({
    id: isText,
    type: isText,
    subject: isText,
    sessionId: isText,
    sequence: isCount,
    eventTimeUs: isNumber,
    data: isRecord,
  }),
  bytes: isCount,
  bornUs: isNumber,
  life: isCount,
});
const isBatch = recordOf({
  number: isCount,
  events: (found) => listOf(isQueued)(found) && (found as readonly unknown[]).length > 0,
  attempt: isCount,
  triesUsed: isCount,
  pushbacks: isCount,
  deadlineUs: orNull(isNumber),
  bodyBytes: isCount,
  byBeacon: isFlag,
});
const STATE_TESTS: Readonly<Record<keyof SdkState, Test>> = {
  subject: isText,
  entity: isCount,
  life: isCount,
  capturedCount: isCount,
  acknowledgedCount: isCount,
  dropped: (found) => isRecord(found) && Object.values(found).every(isCount),
  batchCount: isCount,
  session: orNull(
    recordOf({
      number: isCount,
      id: isText,
      startedUs: isNumber,
      lastUs: isNumber,
      sequence: isCount,
    }),
  ),
  consent: (found) => found === 'granted' || found === 'denied' || found === 'undecided',
  isOnline: isFlag,
  isHidden: isFlag,
  queue: listOf(isQueued),
  queueBytes: isCount,
  flushCount: isCount,
  batches: listOf(isBatch),
  backoffUntilUs: isNumber,
  pushedBackUntilUs: isNumber,
  tokens: isNumber,
  tokensAtUs: isNumber,
  clockOffsetUs: orNull(isNumber),
  phase: isText,
  wakeAtUs: orNull(isNumber),
};

/** What keeps a value from being a stored state. */
function problemsOf(saved: unknown): readonly string[] {
  if (!isRecord(saved)) return ['no fields'];
  if (saved['schema'] !== SCHEMA) return [`schema ${JSON.stringify(saved['schema'])}`];
  if (!recordOf({ wallUs: isNumber, uptimeUs: isNumber })(saved['savedAt'])) {
    return ['no time of saving'];
  }
  const { state } = saved;
  if (!isRecord(state)) return ['no state'];
  return Object.entries(STATE_TESTS)
    .filter(([name, test]) => !(Object.hasOwn(state, name) && test(state[name])))
    .map(([name]) => `a bad ${name}`);
}
