/** Sessions of use: a session ends after an idle time, and at the latest after its longest length;
 * the next event opens another, whose sequence starts anew. Times are monotonic, so a jump of the
 * wall clock ends no session. Spec: A38. */
import type { SdkIdentity, SdkSession, SdkState } from './sdk-state.ts';
import type { SdkRules } from './sdk-turn.ts';

/** The session that an event at `atUs` belongs to, with its sequence counted on: the event's own
 * sequence is one less. */
export function sessionAt(
  device: SdkIdentity & Pick<SdkState, 'session'>,
  atUs: number,
  { policy, names }: Pick<SdkRules, 'policy' | 'names'>,
): SdkSession {
  const { session } = device;
  if (
    session !== null &&
    atUs - session.lastUs < policy.sessionIdleUs &&
    atUs - session.startedUs < policy.maxSessionUs
  ) {
    const { number, id, startedUs, sequence } = session;
    return {
      number,
      id,
      startedUs,
      lastUs: Math.max(session.lastUs, atUs),
      sequence: sequence + 1,
    };
  }
  const number = session === null ? 0 : session.number + 1;
  return { number, id: names.session(device, number), startedUs: atUs, lastUs: atUs, sequence: 1 };
}
