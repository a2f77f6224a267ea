/** Random faults of the network and client families, for property tests. */
import * as fc from 'fast-check';
import {
  FAULT_KIND_NAMES,
  FAULT_KINDS,
  type FaultKindName,
} from '../../../src/experiment/faults/catalogue/fault-kinds.ts';
import type { FaultInput } from './faulty-world.ts';

/** The kinds of both families. */
export const LINK_KINDS = FAULT_KIND_NAMES.filter((kind) => FAULT_KINDS[kind].family === 'network');
export const CLIENT_KINDS = FAULT_KIND_NAMES.filter(
  (kind) => FAULT_KINDS[kind].family === 'client',
);

const LINKS = ['movie', 'production', 'talent', 'monolith', 'aggregation', 'federated'];

/** When faults begin and how long they last at most, µs. */
export interface FaultTimes {
  readonly untilUs: number;
  readonly forUs: number;
}

/** Up to seven of them, over each other. */
export function arbitraryFaults(times: FaultTimes): fc.Arbitrary<readonly FaultInput[]> {
  const fault = fc
    .constantFrom(...LINK_KINDS, ...CLIENT_KINDS)
    .chain((kind) => arbitraryFault(kind, times));
  return fc.array(fault, { minLength: 1, maxLength: 7 });
}

function arbitraryFault(
  kind: FaultKindName,
  { untilUs, forUs }: FaultTimes,
): fc.Arbitrary<FaultInput> {
  const { targets, scope, intensity } = FAULT_KINDS[kind];
  const [least, most] = intensity?.swarm ?? [0, 0];
  const target = fc.option(fc.constantFrom(...LINKS, 'clickstream'), { nil: undefined });
  return fc.record({
    kind: fc.constant(kind),
    target: targets === 'link' ? target : fc.constant(undefined),
    at: fc.integer({ min: 0, max: untilUs }),
    for: fc.integer({ min: 1, max: forUs }),
    probability:
      scope === 'opportunity' ? fc.double({ min: 0, max: 1, noNaN: true }) : fc.constant(1),
    intensity:
      intensity === undefined
        ? fc.constant(undefined)
        : fc.double({ min: least, max: most, noNaN: true }),
  });
}
