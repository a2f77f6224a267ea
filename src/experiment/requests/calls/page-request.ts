/** One page load as calls know it: who wants it, and which draws are its own. */
import type { ViewerId } from '../../../domain/ids.ts';
import type { PageVariables } from '../../../domain/page.ts';
import type { CallPlan } from '../../../gateway/call-plan.ts';
import type { Client } from './client.ts';

/** Draws of one page that are kept apart: slots of calls times tries of a call. */
const SLOTS_PER_PAGE = 256;
const TRIES_PER_SLOT = 8;

/** A page load. */
export interface PageRequest {
  readonly client: Client;
  /** Counts the client's page loads. */
  readonly pageSequence: number;
  readonly page: string;
  readonly plan: CallPlan;
  readonly variables: PageVariables;
  /** Lower is more urgent. */
  readonly priority: number;
}

/** Index of the draws of one try of one call: pair it with the client's viewer. */
export function drawIndex(request: PageRequest, slot: number, attempt: number): number {
  const place = request.pageSequence * SLOTS_PER_PAGE + (slot % SLOTS_PER_PAGE);
  return place * TRIES_PER_SLOT + (attempt % TRIES_PER_SLOT);
}

/** Who draws. */
export function drawEntity(request: PageRequest): ViewerId {
  return request.client.profile.viewer;
}
