/** What tests of swarms share. */
import type { SwarmSource } from '../../../src/testing/swarm/campaign/swarm-source.ts';

/** The whole configuration. */
export const SWARM: SwarmSource = { kind: 'swarm' };

export const IS_LONG = process.env['BACKLOT_LONG'] === '1';
