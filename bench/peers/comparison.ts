/** Runs the workloads on all peers in turn and compares their rates with backlot's. */
import { spawnSync } from 'node:child_process';
import type { Peer, PeerCommand } from './peers.ts';

/** A workload: its figure counts events, or objects served. */
export interface PeerWorkload {
  readonly name: 'hold' | 'mm1' | 'phold';
  readonly unit: 'events/s' | 'objects/s';
  readonly units: number;
}

/** W1 with 1,000 pending, W3 and W4 with 1,000 processes. */
export const PEER_WORKLOADS: readonly PeerWorkload[] = [
  { name: 'hold', unit: 'events/s', units: 1_000_000 },
  { name: 'mm1', unit: 'objects/s', units: 1_000_000 },
  { name: 'phold', unit: 'events/s', units: 500_000 },
];

/** One peer on one workload. */
export interface PeerFigure {
  readonly peer: string;
  readonly workload: string;
  readonly rate: number;
  readonly unit: string;
  /** backlot's rate over this one's. */
  readonly timesSlower: number;
  /** M/M/1: mean time in system; theory says 10. */
  readonly mean: number | null;
}

/** What came out, and which peers could not be run. */
export interface Comparison {
  readonly figures: readonly PeerFigure[];
  readonly skipped: readonly { readonly peer: string; readonly reason: string }[];
}

interface Outcome {
  readonly units: number;
  readonly seconds: number;
  readonly mean: number | null;
}

/** Compares. @param rounds - the median of so many is told. @throws Error when a run fails. */
export function comparePeers(
  peers: readonly Peer[],
  workloads: readonly PeerWorkload[],
  rounds: number,
): Comparison {
  const skipped: { peer: string; reason: string }[] = [];
  const ready: (readonly [string, PeerCommand])[] = [];
  for (const peer of peers) {
    try {
      ready.push([peer.name, peer.prepare()]);
    } catch (error) {
      skipped.push({ peer: peer.name, reason: (error as Error).message });
    }
  }
  const figures = workloads.flatMap((workload) => compareOn(workload, ready, rounds));
  return { figures, skipped };
}

function compareOn(
  workload: PeerWorkload,
  ready: readonly (readonly [string, PeerCommand])[],
  rounds: number,
): readonly PeerFigure[] {
  const outcomes = ready.map(() => [] as Outcome[]);
  for (let round = 0; round < rounds; round += 1) {
    ready.forEach(([, command], i) => {
      outcomes[i]?.push(runOnce(command, workload));
    });
  }
  const rates = outcomes.map((all) => median(all.map(({ units, seconds }) => units / seconds)));
  const own = rates[0] ?? Number.NaN;
  return ready.map(([peer], i) => ({
    peer,
    workload: workload.name,
    rate: Math.round(rates[i] ?? Number.NaN),
    unit: workload.unit,
    timesSlower: Number((own / (rates[i] ?? Number.NaN)).toFixed(2)),
    mean: outcomes[i]?.[0]?.mean ?? null,
  }));
}

function runOnce({ command, args, cwd }: PeerCommand, { name, units }: PeerWorkload): Outcome {
  const all = [...args, name, String(units)];
  const { status, stdout, stderr } = spawnSync(command, all, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${all.join(' ')}: ${stderr.trim()}`);
  const outcome = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Outcome;
  if (outcome.units !== units) {
    throw new Error(`${command} did ${outcome.units} units of ${name}, not ${units}`);
  }
  return outcome;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
