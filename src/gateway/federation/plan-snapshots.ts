/** Recorded plans of the pages. */
import type { PlanSnapshot } from './snapshot-planner.ts';

/** One a page. */
export const PLAN_SNAPSHOTS: readonly PlanSnapshot[] = [];
