/** The four architectures by name, in the variant that is asked for. */
import { createAggregation } from './aggregation.ts';
import type { ApiArchitecture, ArchitectureName } from './architecture.ts';
import { createDirect } from './direct.ts';
import { createFederated } from './federated.ts';
import { createMonolith } from './monolith.ts';
import type { FanOutOptions } from './plan/fan-out.ts';

/** What can be said of architectures whose plans people write; others know nothing to choose. */
export interface ArchitectureOptions {
  readonly direct?: Pick<FanOutOptions, 'fanOut'>;
  readonly aggregation?: FanOutOptions;
}

const FACTORIES: Readonly<
  Record<ArchitectureName, (options: ArchitectureOptions) => ApiArchitecture>
> = {
  monolith: () => createMonolith(),
  direct: ({ direct }) => createDirect(direct),
  aggregation: ({ aggregation }) => createAggregation(aggregation),
  federated: () => createFederated(),
};

/** Makes an architecture. Its plans are made at once; cost up to 0.3 s the first time in a process
 * (composition and planning), then about 2 ms. Only the options under its own name are read. */
export function createArchitecture(
  name: ArchitectureName,
  options: ArchitectureOptions = {},
): ApiArchitecture {
  return FACTORIES[name](options);
}
