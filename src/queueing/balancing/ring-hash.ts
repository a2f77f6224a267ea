/** Ring hash: equal keys meet on one replica, and who comes or goes moves only the keys of its
 * own arcs. Each replica has virtual nodes on a ring of 2³² points, in proportion to its weight;
 * a key goes to the first node at or after its own point whose replica may be taken. Source:
 * Karger et al. 1997; Ketama (160 nodes a server). Spec: Q50. */
import { hashWord } from '../../kernel/hash.ts';
import type { ReplicaSight } from './balancer.ts';
import { type Field, mayTake } from './field.ts';
import type { PickRule } from './pick-rules.ts';

interface Ring {
  readonly weights: readonly number[];
  readonly points: Float64Array;
  readonly owners: Int32Array;
}

/** Makes the rule. @param virtualNodes - Nodes of a replica of weight 1, ≥ 1. */
export function ringHash(virtualNodes: number): PickRule<null> {
  // A memo of a pure function of the replicas' weights, no state: rebuilt where it does not fit.
  let ring: Ring | undefined;
  return {
    initial: null,
    pick(_state, field) {
      const { replicas } = field.request;
      if (ring === undefined || !fits(ring, replicas)) ring = buildRing(replicas, virtualNodes);
      return ownerOf(ring, field);
    },
  };
}

function fits(ring: Ring, replicas: readonly ReplicaSight[]): boolean {
  if (ring.weights.length !== replicas.length) return false;
  for (let i = 0; i < replicas.length; i += 1) {
    if (ring.weights[i] !== replicas[i]?.weight) return false;
  }
  return true;
}

function buildRing(replicas: readonly ReplicaSight[], virtualNodes: number): Ring {
  const nodes = replicas.flatMap((replica, owner) => {
    const count = Math.max(1, Math.round(virtualNodes * replica.weight));
    return Array.from({ length: count }, (_, n) => ({ owner, point: point(owner + 1, n) }));
  });
  nodes.sort((a, b) => a.point - b.point || a.owner - b.owner);
  return {
    weights: replicas.map((replica) => replica.weight),
    points: Float64Array.from(nodes, (node) => node.point),
    owners: Int32Array.from(nodes, (node) => node.owner),
  };
}

function ownerOf(ring: Ring, field: Field): number {
  const { key } = field.request;
  const keyPoint = point(Math.floor(key / 2 ** 32), key % 2 ** 32);
  let low = 0;
  let high = ring.points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ring.points[middle] ?? 0) < keyPoint) low = middle + 1;
    else high = middle;
  }
  for (let step = 0; step < ring.owners.length; step += 1) {
    const owner = ring.owners[(low + step) % ring.owners.length] ?? -1;
    if (mayTake(field, owner)) return owner;
  }
  return -1;
}

/** 32 well-mixed bits of two words (MurmurHash3's finaliser). */
function point(high: number, low: number): number {
  let h = hashWord(hashWord(0x2545f491, high), low) ^ 8;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
