/** Calls over links that may be faulty: questions and answers that are lost, late, damaged or
 * doubled. What a client cannot read is a failure of the try, and its connection is done with; a
 * question that came twice is done twice, the second time in vain; the second copy of an answer is
 * known for what it is. Spec: E440–E448. */
import type { Simulation } from '../../../kernel/simulation.ts';
import type { EdgeAccount } from '../../requests/calls/accounts.ts';
import { type Attempt, NO_EVENT } from '../../requests/calls/call.ts';
import {
  CallMessage,
  type Carrier,
  type CarrierOptions,
  createCarrier,
} from '../../requests/calls/carrier.ts';
import { drawEntity, drawIndex } from '../../requests/calls/page-request.ts';
import {
  answerBytes,
  CLIENT_HEADER_BYTES,
  INTERNAL_HEADER_BYTES,
  requestBytes,
} from '../../requests/transport/message-sizes.ts';
import { keepOrder } from './keep-order.ts';
import type { LinkFaults } from './link-faults.ts';
import type { LinkMessage, LinkPlace, MessageFate } from './link-message.ts';
import { linkNameOf } from './link-name.ts';

/** What such a carrier is made of. */
export interface FaultyCarrierOptions extends CarrierOptions {
  readonly simulation: Simulation;
  readonly faults: LinkFaults;
  /** Who asks: `clients`, or the name of a server. */
  readonly from: string;
  readonly areClients: boolean;
  readonly account: EdgeAccount;
  /** Told of tries that nothing comes of any more, and that no time-out of theirs ends. */
  readonly onLost: (attempt: Attempt) => void;
}

/** Makes the carrier. */
export function createFaultyCarrier(options: FaultyCarrierOptions): Carrier {
  const { faults } = options;
  const sound = createCarrier(options);
  return {
    ask(attempt, handshakeUs) {
      if (faults.isQuiet) sound.ask(attempt, handshakeUs);
      else ask(options, attempt, handshakeUs);
    },
    answer(attempt) {
      if (faults.isQuiet) sound.answer(attempt);
      else answer(options, attempt);
    },
  };
}

function ask(options: FaultyCarrierOptions, attempt: Attempt, handshakeUs: number): void {
  const { actors, transport, target, account, simulation } = options;
  const plainUs = transport.upUs(attempt, handshakeUs);
  const fate = fateOf(options, { attempt, direction: 'up', delayUs: plainUs });
  if (fate === undefined) return;
  attempt.isUnreadable = fate.damage !== undefined;
  const delayUs = keepOrder(attempt.connection?.up, fate, simulation.nowUs);
  actors.send(target.actor, new CallMessage('call.arrived', attempt), delayUs);
  if (!fate.isTwice) return;
  account.copies += 1;
  const copy = new CallMessage('call.arrived', attempt.copied());
  actors.send(target.actor, copy, delayUs + plainUs);
}

function answer(options: FaultyCarrierOptions, attempt: Attempt): void {
  const { actors, transport, simulation } = options;
  const { actor } = attempt.call.owner;
  const plainUs = transport.downUs(attempt, attempt.failure === undefined);
  const fate = fateOf(options, { attempt, direction: 'down', delayUs: plainUs });
  if (fate === undefined) return;
  const message = new CallMessage('call.answered', attempt);
  if (fate.damage !== undefined) {
    attempt.failure = fate.damage === 'reset' ? 'reset' : 'unreadable';
    attempt.isBroken = true;
  }
  const delayUs = keepOrder(attempt.connection?.down, fate, simulation.nowUs);
  actors.send(actor, message, fate.damage === 'reset' ? Math.ceil(delayUs / 2) : delayUs);
  if (fate.isTwice) actors.send(actor, message, delayUs + plainUs);
}

/** A message of a call. */
interface CallLeg {
  readonly attempt: Attempt;
  readonly direction: 'up' | 'down';
  readonly delayUs: number;
}

/** What becomes of it; undefined where it never arrives, which is told. */
function fateOf(options: FaultyCarrierOptions, leg: CallLeg): MessageFate | undefined {
  const { faults, onLost, areClients } = options;
  const { attempt } = leg;
  const isCutOff = areClients && attempt.call.request.client.isCutOff === true;
  const fate = isCutOff ? undefined : faults.fateOf(messageOf(options, leg));
  if (fate !== undefined && !fate.isLost) return fate;
  if (attempt.timeoutKey === NO_EVENT) onLost(attempt);
  return undefined;
}

function messageOf(
  { target, from, areClients }: FaultyCarrierOptions,
  { attempt, direction, delayUs }: CallLeg,
): LinkMessage {
  const { request, slot, owner } = attempt.call;
  const headers = (areClients ? CLIENT_HEADER_BYTES : INTERNAL_HEADER_BYTES)[direction];
  const bodyBytes =
    direction === 'up'
      ? requestBytes(attempt)
      : answerBytes(attempt, attempt.failure === undefined);
  const places: LinkPlace[] = [{ server: target.name, replica: attempt.replica }];
  if (owner.attempt !== undefined) places.push({ server: from, replica: owner.attempt.replica });
  return {
    link: linkNameOf(target.name),
    direction,
    entity: drawEntity(request),
    index: drawIndex(request, slot, attempt.number),
    sizeBytes: headers + bodyBytes,
    delayUs,
    places,
  };
}
