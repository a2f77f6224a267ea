/** Who of a waiting line is next. Under overload the oldest have mostly been given up by their
 * callers, and the newest can still be answered in time. Source: Maurer, "Fail at Scale", ACM Queue
 * 2015: adaptive LIFO. Spec: Q59. */

/** First come first served, last come first served, or the first until the oldest has waited too
 * long. */
export type ServiceOrder =
  | { readonly kind: 'fifo' }
  | { readonly kind: 'lifo' }
  | { readonly kind: 'adaptive-lifo'; readonly lifoAboveWaitUs: number };

/** Whether the newest of a waiting line is next, not the oldest. */
export function takesNewest(order: ServiceOrder, oldestWaitUs: number): boolean {
  if (order.kind === 'adaptive-lifo') return oldestWaitUs > order.lifoAboveWaitUs;
  return order.kind === 'lifo';
}
