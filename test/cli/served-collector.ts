/** `backlot serve` as a process, the way a user starts it, and senders that note what was
 * acknowledged. */
import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll } from 'vitest';
import { LAUNCHER } from './command-line.ts';

/** A collector that serves. */
export interface ServedCollector {
  readonly addresses: Readonly<Record<string, string>>;
  readonly process: ChildProcess;
  readonly complaints: () => string;
  /** Its exit code or the signal's name, once it has ended. */
  readonly ended: Promise<number | string | null>;
}

const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts `backlot serve --json` on a free port and waits for its line. */
export async function serveCollector(args: readonly string[]): Promise<ServedCollector> {
  const command = [LAUNCHER, 'serve', '--json', '--port', '0', ...args];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('exit', (code, signal) => {
      running.delete(child);
      resolve(signal ?? code);
    });
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.endsWith('\n')) resolve(text);
    });
    child.on('exit', (code) => reject(new Error(`it ended with ${code}: ${errors}`)));
  });
  const addresses = JSON.parse(line) as Readonly<Record<string, string>>;
  return { addresses, process: child, complaints: () => errors, ended };
}

/** Events that a sender was told to be kept, by id. */
export interface Sender {
  readonly acknowledged: Set<string>;
  readonly statuses: Map<number, number>;
  /** Sends batches from so many lanes until it is stopped or nobody answers. */
  send(lanes: number, eventsPerBatch: number): Promise<void>;
  stop(): void;
}

/** Makes a sender; its events have ids of their own. */
export function createSender({ addresses }: ServedCollector, prefix: string): Sender {
  const acknowledged = new Set<string>();
  const statuses = new Map<number, number>();
  let number = 0;
  let isStopped = false;
  const batch = async (lane: number, events: number) => {
    const nowUs = Date.now() * 1_000;
    const ids = Array.from({ length: events }, () => {
      number += 1;
      return `${prefix}-${number}`;
    });
    const answer = await fetch(addresses['collector'] ?? '', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${addresses['writeKey']}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        requestId: ids[0],
        attempt: 1,
        sentTimeUs: nowUs,
        events: ids.map((id, sequence) => ({
          id,
          type: sequence % 4 === 0 ? 'media.play' : 'page.view',
          subject: `viewer-${lane}`,
          sessionId: `session-${lane}`,
          sequence,
          eventTimeUs: nowUs,
          data: sequence % 4 === 0 ? { titleId: `t${lane}`, playbackId: id } : { page: 'home' },
        })),
      }),
    });
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    await answer.text();
    if (answer.status === 200) for (const id of ids) acknowledged.add(id);
  };
  return {
    acknowledged,
    statuses,
    async send(lanes, eventsPerBatch) {
      const lane = async (_: unknown, at: number) => {
        try {
          while (!isStopped) await batch(at, eventsPerBatch);
        } catch {
          // Nobody answers any more: what was under way was never acknowledged.
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    },
    stop() {
      isStopped = true;
    },
  };
}
