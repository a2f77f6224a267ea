/** The field of a choice: which replicas may be taken. Ready ones, without the ejected, of the
 * zones that the call goes to; without these restrictions where they would leave nobody. Spec:
 * Q44. */
import type { ChoiceRequest, ReplicaSight } from './balancer.ts';
import { type HostHealth, isEjectedAt } from './outlier-ejection.ts';

/** Whom a choice is made among. */
export interface Field {
  readonly request: ChoiceRequest;
  /** Health by replica where ejected ones are to be left out. */
  readonly health: readonly HostHealth[] | undefined;
  readonly zones: 'all' | 'local' | 'other';
  /** The first uniform, as far as the choice of a zone has not used it up. */
  readonly u1: number;
}

/** Whether a replica may be taken. */
export function mayTake(field: Field, index: number): boolean {
  const replica = field.request.replicas[index];
  if (replica === undefined || !replica.isReady) return false;
  if (field.health !== undefined) {
    const health = field.health[index];
    if (health !== undefined && isEjectedAt(health, field.request.nowUs)) return false;
  }
  return field.zones === 'all' || isLocal(field, replica) === (field.zones === 'local');
}

function fieldSize(field: Field): number {
  let size = 0;
  const { length } = field.request.replicas;
  for (let i = 0; i < length; i += 1) if (mayTake(field, i)) size += 1;
  return size;
}

function nthOf(field: Field, n: number, except: number): number {
  let left = n;
  const { length } = field.request.replicas;
  for (let i = 0; i < length; i += 1) {
    if (i === except || !mayTake(field, i)) continue;
    if (left === 0) return i;
    left -= 1;
  }
  return -1;
}

/** One of the field but `except`, each as likely, or −1. Cost O(1) if all may be taken, else
 * O(replicas): where the first try hits one that may not, the rest of the uniform decides among
 * those that may. */
export function uniformOf(field: Field, u: number, except = -1): number {
  const { length } = field.request.replicas;
  const scaled = u * (except < 0 ? length : length - 1);
  const tried = Math.floor(scaled);
  const index = except >= 0 && tried >= except ? tried + 1 : tried;
  if (mayTake(field, index)) return index;
  const size = fieldSize(field) - (except < 0 ? 0 : 1);
  return size <= 0 ? -1 : nthOf(field, Math.floor((scaled - tried) * size), except);
}

function isLocal(field: Field, replica: ReplicaSight): boolean {
  return replica.zone === field.request.zone;
}
