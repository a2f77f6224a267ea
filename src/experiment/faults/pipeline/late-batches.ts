/** Batches that reach the log late. The collector keeps them in a spool of its own, which no fault
 * hits, before it acknowledges; they are handed over when their time has come, as often as it
 * takes. So nothing acknowledged is lost, and a batch that is late keeps the time it came in at.
 * Spec: E481. */
import type { AppendReceipt, AppendRequest, LogWriter } from '../../../domain/collector-ports.ts';
import { EngineError } from '../../../kernel/errors.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import { seconds } from '../../../kernel/time.ts';
import { partitionOf } from '../../../storage/log/partitioned-log.ts';
import { type FaultSight, identityOf } from '../fault-sight.ts';

/** A writer with a spool in front of it. */
export interface LateBatches {
  readonly writer: LogWriter;
  /** Events in the spool. */
  waiting(): number;
  /** Hands over all that waits, in the order in which it would have been. */
  flush(): void;
  /** An append that was refused is in the log all the same. */
  survived(request: AppendRequest): void;
}

/** A spool hands over again what the log did not take. */
const RETRY_US = seconds(5);

/** The offset of what is not in the log yet. */
const NOT_YET = -1;

interface Waiting {
  readonly request: AppendRequest;
  dueAtUs: number;
}

/** Puts a spool in front of a writer. */
export function createLateBatches(options: {
  readonly writer: LogWriter;
  readonly sight: FaultSight;
  readonly simulation: Simulation;
}): LateBatches {
  const { writer, sight, simulation } = options;
  const spool = new Map<number, Waiting>();
  let nextNumber = 0;
  const handOver = (number: number) => {
    const waiting = spool.get(number);
    if (waiting === undefined) return true;
    try {
      writer.append(waiting.request);
    } catch (error) {
      if (error instanceof EngineError && error.code === 'LOG_UNWRITABLE') return false;
      throw error;
    }
    spool.delete(number);
    return true;
  };
  const due = simulation.registerHandler('fault.late-batch', (number) => {
    if (!handOver(number)) wait(number, RETRY_US);
  });
  const wait = (number: number, delayUs: number) => {
    const waiting = spool.get(number);
    if (waiting === undefined) return;
    waiting.dueAtUs = simulation.nowUs + delayUs;
    simulation.schedule(delayUs, due, number);
  };
  const append = (request: AppendRequest): AppendReceipt => {
    const { partitionKey, ingestTimeUs, payload } = request;
    const index = identityOf(`${ingestTimeUs}`);
    const late = sight.strike('pipeline.late', { entity: identityOf(partitionKey), index });
    if (late === undefined) return writer.append(request);
    const number = nextNumber;
    nextNumber += 1;
    spool.set(number, { request, dueAtUs: 0 });
    wait(number, late.intensity);
    const partition = partitionOf(partitionKey, writer.partitionCount);
    return { partition, firstOffset: NOT_YET, count: payload.events.length };
  };
  return {
    writer: {
      partitionCount: writer.partitionCount,
      append,
      appendAll: (requests) => requests.map(append),
    },
    waiting() {
      let events = 0;
      for (const { request } of spool.values()) events += request.payload.events.length;
      return events;
    },
    flush() {
      const inOrder = [...spool].sort(([, a], [, b]) => a.dueAtUs - b.dueAtUs);
      for (const [number] of inOrder) handOver(number);
    },
    survived(request) {
      for (const [number, waiting] of spool) {
        if (waiting.request === request) spool.delete(number);
      }
    },
  };
}
