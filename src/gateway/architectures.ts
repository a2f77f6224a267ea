/** The four architectures by name. */
import { createAggregation } from './aggregation.ts';
import type { ApiArchitecture, ArchitectureName } from './architecture.ts';
import { createDirect } from './direct.ts';
import { createFederated } from './federated.ts';
import { createMonolith } from './monolith.ts';

const FACTORIES: Readonly<Record<ArchitectureName, () => ApiArchitecture>> = {
  monolith: createMonolith,
  direct: createDirect,
  aggregation: createAggregation,
  federated: () => createFederated(),
};

/** Makes an architecture. Its plans are made at once; cost up to 0.3 s the first time in a process
 * (composition and planning), then about 2 ms. */
export function createArchitecture(name: ArchitectureName): ApiArchitecture {
  return FACTORIES[name]();
}
