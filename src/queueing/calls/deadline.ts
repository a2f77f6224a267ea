/** Deadline propagation: who calls on somebody's behalf waits no longer than that somebody does.
 * remaining = min(own timeout, inherited deadline − now − allowance); work that cannot be done in
 * what remains is not started. Source: gRPC, "Deadlines" (propagation); Google, "Site Reliability
 * Engineering", chapter 22. Spec: Q33. */

/** How a deadline is handed on. */
export interface DeadlineConfig {
  /** Kept back for the way of the answer. */
  readonly allowanceUs: number;
  /** With less than this left, a call is not worth starting. */
  readonly minimumUs: number;
}

/** Propagates deadlines and keeps nothing back, as gRPC does; starts with anything left. */
export const DEFAULT_DEADLINE: DeadlineConfig = { allowanceUs: 0, minimumUs: 1 };

/** µs that a call started now may take: 0 where it should not start. The call's own deadline, to be
 * handed on, is now plus that. @param call - `deadlineUs` is Infinity where none is inherited. */
export function remainingUs(
  config: DeadlineConfig,
  call: { readonly timeoutUs: number; readonly nowUs: number; readonly deadlineUs: number },
): number {
  const inheritedUs = call.deadlineUs - call.nowUs - config.allowanceUs;
  const leftUs = Math.min(call.timeoutUs, inheritedUs);
  return leftUs < Math.max(1, config.minimumUs) ? 0 : leftUs;
}

/** Whether work of `neededUs` that begins at `startUs` ends by the deadline. */
export function isInTime(work: {
  readonly startUs: number;
  readonly neededUs: number;
  readonly deadlineUs: number;
}): boolean {
  return work.startUs + work.neededUs <= work.deadlineUs;
}
