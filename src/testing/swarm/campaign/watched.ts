/** The invariants that campaigns hold worlds against, and the marks that they look for. */
import type { Invariant } from '../../invariants/invariant.ts';
import { INVARIANTS } from '../../invariants/library.ts';
import { MARKS } from '../../invariants/marks.ts';
import { NO_ERROR } from '../../trial/run-trial.ts';

/** All of them. */
export const WATCHED: readonly Invariant[] = [NO_ERROR, ...INVARIANTS, ...MARKS];
