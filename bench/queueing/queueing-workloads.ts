/** W3 and W4 as bench cases, checked against theory: the mean time in system of a million objects
 * lies between 8.5 and 11.5 s (theory: 10; ten standard errors), and Little's law holds. */
import type { BenchCase } from '../bench-suite.ts';
import { hopEvents } from './phold.ts';
import { serveObjects } from './single-server.ts';

const OBJECTS = 1_000_000;
const HOPS = 1_000_000;
const ARRIVALS_PER_S = 0.9;
const [LEAST_S, MOST_S] = [8.5, 11.5];
const LITTLE_TOLERANCE = 0.01;

/** The cases, by the name of the figure. */
export function queueingCases(scale: number): readonly BenchCase[] {
  const objects = Math.round(OBJECTS * scale);
  const hops = Math.round(HOPS * scale);
  return [
    { name: 'mm1', units: objects, run: () => serve(objects, false) },
    { name: 'mm1_full', units: objects, run: () => serve(objects, true) },
    { name: 'phold_1k', units: hops, run: () => hopEvents(1_000, hops) },
    { name: 'phold_100k', units: hops, run: () => hopEvents(100_000, hops) },
  ];
}

function serve(objects: number, isFull: boolean): number {
  const { served, meanTimeInSystemS: meanS, meanInSystem } = serveObjects(objects, isFull);
  if (objects < OBJECTS) return served;
  if (meanS < LEAST_S || meanS > MOST_S) throw new Error(`mean time in system ${meanS} s`);
  const little = meanInSystem / (meanS * ARRIVALS_PER_S);
  if (isFull && Math.abs(little - 1) > LITTLE_TOLERANCE) throw new Error(`L/λW is ${little}`);
  return served;
}
