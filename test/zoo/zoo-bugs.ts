/** All bugs of the zoo, in the order of the table. */

import { AGGREGATE_BUGS } from './bugs/aggregate-bugs.ts';
import { BALANCING_BUGS } from './bugs/balancing-bugs.ts';
import { BREAKER_BUGS } from './bugs/breaker-bugs.ts';
import { CALL_BUGS } from './bugs/call-bugs.ts';
import { FLEET_BUGS } from './bugs/fleet-bugs.ts';
import { KERNEL_BUGS } from './bugs/kernel-bugs.ts';
import { PIPELINE_BUGS } from './bugs/pipeline-bugs.ts';
import { SCALING_BUGS } from './bugs/scaling-bugs.ts';
import { SDK_BUGS } from './bugs/sdk-bugs.ts';
import { STORAGE_BUGS } from './bugs/storage-bugs.ts';
import { WINDOW_BUGS } from './bugs/window-bugs.ts';
import { WORLD_BUGS } from './bugs/world-bugs.ts';
import type { Bug } from './hunt/bug.ts';

/** All bugs. */
export const BUGS: readonly Bug[] = [
  ...KERNEL_BUGS,
  ...BREAKER_BUGS,
  ...CALL_BUGS,
  ...BALANCING_BUGS,
  ...SCALING_BUGS,
  ...FLEET_BUGS,
  ...WINDOW_BUGS,
  ...AGGREGATE_BUGS,
  ...PIPELINE_BUGS,
  ...STORAGE_BUGS,
  ...SDK_BUGS,
  ...WORLD_BUGS,
];
