/** The workloads in SIM.JS: `node simjs-peer.js <workload> <units>`, run where the package is
 * installed; prints units and seconds as JSON. hold: 1,000 entities with a timer each; mm1: a
 * facility; phold: 1,000 entities that schedule one another. All gaps are drawn when they are
 * needed. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const PENDING = 1_000;

// The package exports nothing: it puts itself into a browser's window.
globalThis.window = globalThis;
createRequire(join(process.cwd(), 'index.js'))('simjs');
const { Sim, Entity, Facility } = globalThis.Sim;

/** A generator of its own for every run: Park and Miller, as good as any for a workload. */
let state = 20_261_123;
function uniform() {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
}
function exponential(mean) {
  return -Math.log(uniform()) * mean;
}

let done = 0;
let sum = 0;

class Holder extends Entity {
  start(units) {
    this.units = units;
    this.setTimer(exponential(100)).done(this.next, this);
  }

  next() {
    done += 1;
    if (done + PENDING <= this.units) this.setTimer(exponential(100)).done(this.next, this);
  }
}

class Arrivals extends Entity {
  start(units, server) {
    this.left = units;
    this.server = server;
    this.setTimer(exponential(1 / 0.9)).done(this.arrive, this);
  }

  arrive() {
    const came = this.time();
    this.useFacility(this.server, exponential(1)).done(() => {
      done += 1;
      sum += this.time() - came;
    }, this);
    this.left -= 1;
    if (this.left > 0) this.setTimer(exponential(1 / 0.9)).done(this.arrive, this);
  }
}

class Hopper extends Entity {
  start(units, all) {
    this.units = units;
    this.all = all;
    this.hop();
  }

  hop() {
    this.setTimer(1 + exponential(1)).done(this.land, this);
  }

  land() {
    done += 1;
    if (done + PENDING > this.units) return;
    const isRemote = uniform() < 0.25;
    const target = isRemote ? this.all[Math.floor(uniform() * PENDING)] : this;
    target.hop();
  }
}

const [workload = '', text = '0'] = process.argv.slice(2);
const units = Number(text);
const sim = new Sim('peer');
if (workload === 'hold') for (let i = 0; i < PENDING; i += 1) sim.addEntity(Holder, `h${i}`, units);
if (workload === 'mm1') sim.addEntity(Arrivals, 'arrivals', units, new Facility('server'));
if (workload === 'phold') {
  const all = [];
  for (let i = 0; i < PENDING; i += 1) all.push(sim.addEntity(Hopper, `p${i}`, units, all));
}
const start = performance.now();
sim.simulate(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const seconds = (performance.now() - start) / 1_000;
const mean = workload === 'mm1' ? sum / done : null;
process.stdout.write(`${JSON.stringify({ units: done, seconds, mean })}\n`);
