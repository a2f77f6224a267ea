/** How much a request matters. Source: Google, Site Reliability Engineering, chapter "Handling
 * Overload": four classes, set at the edge and passed on with every call. */

/** Most important first; `critical` where nothing is said. */
export const CRITICALITIES = ['critical-plus', 'critical', 'sheddable-plus', 'sheddable'] as const;

/** Outage visible to users and serious; visible; partly unavailable expected; often expected. */
export type Criticality = (typeof CRITICALITIES)[number];
