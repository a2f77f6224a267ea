/** The core of the client SDK, without a clock, timer, network or store of its own: state and
 * message in, state and effects out. A simulated device's statechart, the tests and a browser's
 * adapter drive the same code. After every step the books close: captured = acknowledged +
 * queued + in flight + dropped. Spec: A30–A45. */

import { capture } from './capture.ts';
import { dueAtUs, isDue } from './delivery/batching.ts';
import { beaconNews, flushByBeacon } from './delivery/beacon.ts';
import {
  acknowledge,
  expireTries,
  isSending,
  judge,
  mayTryAtUs,
  refuse,
  sendDue,
} from './delivery/delivery.ts';
import type { SdkEffect, SdkInstant, SdkMessage } from './sdk-messages.ts';
import { checkSdkPolicy, type SdkPolicy } from './sdk-policy.ts';
import {
  initialSdkState,
  NO_EVENTS,
  type SdkIdentity,
  type SdkPhase,
  type SdkState,
} from './sdk-state.ts';
import { drop, type SdkNames, type SdkRules, type SdkTurn } from './sdk-turn.ts';

/** What a core is made of. */
export interface SdkCoreOptions {
  readonly policy: SdkPolicy;
  /** Default: subject and number, like `v7-12`, `v7-s0` and `v7-r3`. */
  readonly names?: SdkNames;
  /** The uniform in (0, 1) behind the pause after try number `attempt` of a batch. */
  readonly uniform: SdkRules['uniform'];
}

/** What a step leads to. */
export interface SdkStep {
  readonly state: SdkState;
  /** To be done in this order, after the state is stored. */
  readonly effects: readonly SdkEffect[];
}

/** The core that all SDKs of one policy share. */
export interface SdkCore {
  readonly policy: SdkPolicy;
  initial(identity: SdkIdentity): SdkState;
  /** Takes a message in. Pure but for the uniforms. Cost O(waiting events) at most. */
  step(state: SdkState, message: SdkMessage, now: SdkInstant): SdkStep;
}

/** Makes a core.
 * @throws EngineError `SDK_BAD_POLICY`. */
export function createSdkCore(options: SdkCoreOptions): SdkCore {
  const { policy, names = DEFAULT_NAMES, uniform } = options;
  checkSdkPolicy(policy);
  const rules: SdkRules = { policy, names, uniform };
  return {
    policy,
    initial: (identity) => initialSdkState(identity, policy),
    step(state, message, now) {
      const turn: SdkTurn = { draft: { ...state }, effects: [], now, rules };
      const { draft, effects } = turn;
      takeIn(turn, message);
      expireTries(turn);
      sendDue(turn);
      draft.phase = phaseOf(draft);
      draft.wakeAtUs = wakeAtUs(turn);
      const hadSomething = message.type === 'app.hidden' || state.phase !== 'idle';
      if (draft.phase === 'idle' && hadSomething) effects.push({ type: 'sdk.drained' });
      return { state: draft, effects };
    },
  };
}

const DEFAULT_NAMES: SdkNames = {
  event: ({ subject }, number) => `${subject}-${number}`,
  session: ({ subject }, number) => `${subject}-s${number}`,
  request: ({ subject }, number) => `${subject}-r${number}`,
};

function takeIn(turn: SdkTurn, message: SdkMessage): void {
  const { draft } = turn;
  switch (message.type) {
    case 'fact.captured':
      capture(turn, message);
      if (draft.isHidden) beaconNews(turn);
      return;
    case 'batch.acknowledged':
      acknowledge(turn, message.batch);
      return;
    case 'batch.refused':
      refuse(turn, message);
      return;
    case 'batch.judged':
      judge(turn, message);
      return;
    case 'network.changed':
      draft.isOnline = message.online;
      // The pause was for a network that is another one now; a server's word still holds.
      if (message.online) draft.backoffUntilUs = 0;
      return;
    case 'consent.decided':
      decide(turn, message.granted);
      return;
    case 'subject.changed':
      changeSubject(turn, message.subject);
      return;
    case 'app.hidden':
      draft.isHidden = true;
      flushByBeacon(turn);
      return;
    case 'app.shown':
      draft.isHidden = false;
      return;
    case 'flush.asked':
      draft.flushCount = draft.queue.length;
      return;
    case 'sdk.woken':
      return;
  }
}

/** Without consent nothing waits; what is under way cannot be called back. */
function decide(turn: SdkTurn, granted: boolean): void {
  const { draft } = turn;
  draft.consent = granted ? 'granted' : 'denied';
  if (granted) return;
  const count = draft.queue.length;
  draft.queue = NO_EVENTS;
  draft.queueBytes = 0;
  draft.flushCount = 0;
  drop(turn, { reason: 'sdk_no_consent', batch: undefined, count });
}

/** The session of the one before is over. */
function changeSubject({ draft }: SdkTurn, subject: string): void {
  const { session } = draft;
  if (subject === draft.subject) return;
  draft.subject = subject;
  if (session !== null) draft.session = { ...session, lastUs: Number.MIN_SAFE_INTEGER };
}

function phaseOf(state: SdkState): SdkPhase {
  if (isSending(state)) return 'sending';
  if (state.queue.length === 0 && state.batches.length === 0) return 'idle';
  if (state.consent === 'undecided') return 'awaitingConsent';
  if (!state.isOnline) return 'offline';
  return state.batches.length > 0 ? 'backingOff' : 'collecting';
}

function wakeAtUs(turn: SdkTurn): number | null {
  const { draft, rules } = turn;
  switch (draft.phase) {
    case 'sending':
      return firstDeadlineUs(draft);
    case 'backingOff':
      return mayTryAtUs(draft);
    case 'collecting': {
      const dueUs = dueAtUs(draft, rules.policy.maxBatchAgeUs) ?? 0;
      const mayUs = mayTryAtUs(draft);
      return isDue(turn) ? mayUs : Math.max(dueUs, mayUs);
    }
    default:
      return null;
  }
}

function firstDeadlineUs({ batches }: SdkState): number {
  let firstUs = Number.POSITIVE_INFINITY;
  for (const { deadlineUs } of batches) {
    if (deadlineUs !== null && deadlineUs < firstUs) firstUs = deadlineUs;
  }
  return firstUs;
}
