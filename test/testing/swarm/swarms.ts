/** What tests of swarms share. */
import type { SwarmSource } from '../../../src/testing/swarm/campaign/swarm-source.ts';

/** The whole configuration. */
export const SWARM: SwarmSource = { kind: 'swarm' };
