/** Delivers one walk to a workload's actors on all implementations in turn, in a process of its
 * own, and prints the times of an event as JSON: `node
 * bench/statecharts/compare-implementations.ts <workload> <actors> <scale> <with-xstate>`. */
import { interleaved, type PreparedCase } from '../interleaved.ts';
import {
  type Implementation,
  type Population,
  populate,
  WORKLOADS,
  type WorkloadName,
} from './populations.ts';
import type { Walk } from './walks.ts';

const ROUNDS = 7;
/** Of the rounds and those to warm up. */
const PARTS = ROUNDS + 2;
/** Events of one sample. */
const EVENTS = 1_000_000;
const EVENTS_OF_XSTATE = 15_000;

const [workload, actorsText, scaleText, withXState] = process.argv.slice(2) as [
  WorkloadName,
  string,
  string,
  string,
];

/** Median times of an event in ns, and the ratios of paired samples. */
function compare(actors: number, scale: number): object {
  const events = Math.max(PARTS, Math.round(EVENTS * scale));
  const walk = WORKLOADS[workload].drawWalk(actors, events * PARTS);
  const walker = (implementation: Implementation, units: number) => {
    const population = populate(implementation, workload, actors);
    return new Walker({ implementation, population, walk, units });
  };
  const compiled = walker('compiled', events);
  const handwritten = walker('handwritten', events);
  const unitsOfXState = Math.max(1, Math.round(EVENTS_OF_XSTATE * scale));
  const others = withXState === 'true' ? [walker('xstate', unitsOfXState)] : [];
  const samples = interleaved([compiled, handwritten, ...others], scale >= 1 ? ROUNDS : 1);
  checkSame(compiled, handwritten, actors);
  const ns = [compiled, handwritten, ...others].map(({ name }) => [name, samples.medianNs(name)]);
  return {
    ns: Object.fromEntries(ns),
    vsHandwritten: samples.ratio('compiled', 'handwritten'),
    vsXState: others.length > 0 ? 1 / samples.ratio('compiled', 'xstate') : undefined,
  };
}

interface WalkerParts {
  readonly implementation: Implementation;
  readonly population: Population;
  readonly walk: Walk<string>;
  readonly units: number;
}

/** A population that goes on along its walk with every sample. */
class Walker implements PreparedCase {
  readonly name: Implementation;
  readonly units: number;
  readonly population: Population;
  readonly #walk: Walk<string>;
  #at = 0;

  constructor({ implementation, population, walk, units }: WalkerParts) {
    this.name = implementation;
    this.population = population;
    this.units = units;
    this.#walk = walk;
  }

  prepare(): () => number {
    const from = this.#at;
    this.#at += this.units;
    return () => this.population.walk(this.#walk, from, this.#at);
  }
}

/** @throws Error when two populations that walked the same way stand at different places. */
function checkSame(a: Walker, b: Walker, actors: number): void {
  for (let actor = 0; actor < actors; actor += Math.ceil(actors / 1_000)) {
    const [left, right] = [a, b].map(({ population: p }) => JSON.stringify(p.stateOf(actor)));
    if (left !== right) throw new Error(`actor ${actor}: ${a.name} ${left}, ${b.name} ${right}`);
  }
}

process.stdout.write(JSON.stringify(compare(Number(actorsText), Number(scaleText))));
