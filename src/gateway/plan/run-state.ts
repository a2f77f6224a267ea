/** What one run of a plan knows so far. */
import type { CarriedEntities } from './data/representations.ts';
import type { ResponseObject } from './data/response-data.ts';
import type { StepOutcome } from './fetch-outcome.ts';

/** How far one run of a plan is. */
export interface RunState {
  /** One a fetch, in the order of the plan. */
  readonly outcomes: StepOutcome[];
  /** What each fetch of entities carries, once it was looked at. */
  readonly carried: (CarriedEntities | undefined)[];
  /** Data known besides those of fetches, like introspection's. */
  readonly given: Readonly<ResponseObject> | undefined;
  /** The data of the fetches up to some point of the plan, kept to grow. */
  merged: { readonly data: ResponseObject; readonly fetches: readonly number[] } | undefined;
}
