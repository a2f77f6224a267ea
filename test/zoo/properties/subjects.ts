/** Every subject's properties, loaded when asked for: a bug is planted before. */
import type { Subject } from '../hunt/bug.ts';
import type { ZooProperty } from '../hunt/property.ts';

/** How to load the properties of each subject. */
export const SUBJECTS: Readonly<Record<Subject, () => Promise<readonly ZooProperty[]>>> = {
  kernel: async () => (await import('./kernel.ts')).KERNEL,
  breakers: async () => (await import('./policies/breakers.ts')).BREAKERS,
  calls: async () => (await import('./policies/calls.ts')).CALLS,
  balancing: async () => (await import('./policies/balancing.ts')).BALANCING,
  scaling: async () => (await import('./policies/scaling.ts')).SCALING,
  fleets: async () => (await import('./stations/fleets.ts')).FLEETS,
  windows: async () => (await import('./streams/windows.ts')).WINDOWS,
  aggregates: async () => (await import('./streams/aggregates.ts')).AGGREGATES,
  pipeline: async () => (await import('./streams/pipeline.ts')).PIPELINE,
  storage: async () => (await import('./storage/storage.ts')).STORAGE,
  sdk: async () => (await import('./path/sdk.ts')).SDK,
  requests: async () => (await import('./path/requests.ts')).REQUESTS,
  world: async () => (await import('./path/world.ts')).WORLD,
};
