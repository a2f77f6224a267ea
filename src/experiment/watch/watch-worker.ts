/** The entry of the thread that drives watched runs, one after the other. While a run goes on it
 * does not come back to its event loop: it looks into the port of commands between two slices. */
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import { answerOf } from '../run-worker.ts';
import { commandLogWriter } from '../turns/command-log.ts';
import type { Desk } from './desk.ts';
import { driveRun, newDriverState } from './driver.ts';
import {
  COUNTERS,
  type CommandOrder,
  FRAMES_UNSEEN_MAX,
  type RunOrder,
  type ThreadMessage,
  type WatchThreadData,
} from './watch-channel.ts';

const data = workerData as WatchThreadData & { readonly commands: MessagePort };
const counters = new Int32Array(data.counters);
const state = newDriverState(data);
const desk = openDesk(data.commands);

parentPort?.on('message', (order: RunOrder) => void perform(order));

async function perform({ task, logDirectory }: RunOrder): Promise<void> {
  const { architecture, name = architecture } = task;
  const log = logDirectory === undefined ? undefined : commandLogWriter(logDirectory, name);
  const answer = await answerOf(() => driveRun(task, { desk, state, log }));
  post({ type: 'done', answer });
}

function openDesk(port: MessagePort): Desk {
  /** Commands that were told when the port was looked into last. */
  let heard = 0;
  return {
    take() {
      heard = Atomics.load(counters, COUNTERS.told);
      const taken: ReturnType<Desk['take']>[number][] = [];
      for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
        const { id, command } = next.message as CommandOrder;
        const answer = (given: Parameters<(typeof taken)[number]['answer']>[0]) =>
          post({ type: 'answer', id, answer: given });
        taken.push({ command, answer });
      }
      return taken;
    },
    wait(ms) {
      // Returns at once where a command has been told since.
      Atomics.wait(counters, COUNTERS.told, heard, ms);
    },
    hasRoom: () =>
      Atomics.load(counters, COUNTERS.shown) - Atomics.load(counters, COUNTERS.seen) <
      FRAMES_UNSEEN_MAX,
    show(frame) {
      Atomics.add(counters, COUNTERS.shown, 1);
      post({ type: 'frame', frame });
    },
    nowMs: () => performance.now(),
  };
}

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}
