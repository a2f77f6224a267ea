/** What is stored, on a disk that loses what was not synced: the log keeps what it acknowledged,
 * consumer groups what they committed, checkpoints their rows, the warehouse each event once. */
import type { ZooProperty } from '../../hunt/property.ts';
import { GROUPS } from './consumer-groups.ts';
import { LOGS } from './disk-log.ts';
import { SINKS } from './sinks.ts';

/** All properties of storage. */
export const STORAGE: readonly ZooProperty[] = [...LOGS, ...GROUPS, ...SINKS];
