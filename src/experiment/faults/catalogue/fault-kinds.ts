/** The catalogue of faults: every kind that a plan may name, with what a swarm draws for it. */
import { CLIENT_FAULTS } from './client-faults.ts';
import type { FaultKind } from './fault-kind.ts';
import { NETWORK_FAULTS } from './network-faults.ts';
import { PIPELINE_FAULTS } from './pipeline-faults.ts';
import { PLATFORM_FAULTS } from './platform-faults.ts';
import { PROCESS_FAULTS } from './process-faults.ts';
import { STORAGE_FAULTS } from './storage-faults.ts';

const CATALOGUE = {
  ...PROCESS_FAULTS,
  ...NETWORK_FAULTS,
  ...STORAGE_FAULTS,
  ...PLATFORM_FAULTS,
  ...PIPELINE_FAULTS,
  ...CLIENT_FAULTS,
} as const satisfies Readonly<Record<string, FaultKind>>;

/** Name of a kind of fault. */
export type FaultKindName = keyof typeof CATALOGUE;

/** All kinds by name. Besides them scenarios know `service.outage`, `service.slow` and
 * `zone.loss`, which say more of their target. */
export const FAULT_KINDS: Readonly<Record<FaultKindName, FaultKind>> = CATALOGUE;

/** Names of all kinds, in the order of the catalogue. */
export const FAULT_KIND_NAMES = Object.keys(CATALOGUE) as readonly FaultKindName[] as readonly [
  FaultKindName,
  ...FaultKindName[],
];
