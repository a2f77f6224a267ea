/** Timers that can be told from the machine alone: those of `after` with a fixed delay, above
 * all. */
import type { EventObject } from 'xstate';
import type { CancelOperation, RaiseOperation } from '../operations/basic-operations.ts';
import { microseconds } from '../operations/delayed-message.ts';
import type { Operation } from '../operations/operation.ts';
import type { StaticEffect } from './configuration.ts';

/** The effect of an operation that always has the same; undefined for others. */
export function staticEffectOf(operation: Operation): StaticEffect | undefined {
  if (operation.kind === 'cancel') {
    const { sendId } = operation as CancelOperation;
    if (typeof sendId === 'function') return undefined;
    return { message: undefined, delayUs: 0, cancels: String(sendId) };
  }
  if (operation.kind !== 'raise') return undefined;
  const { event, delay, id } = (operation as RaiseOperation).options;
  if (typeof delay !== 'number' || typeof event !== 'object' || event === null) return undefined;
  const message = { event: event as EventObject, id, to: undefined };
  return { message, delayUs: microseconds(delay), cancels: '' };
}
