/** A desk whose wall time and commands are made up: the same script, the same run. */
import type { CommandAnswer, LiveCommand } from '../../../src/domain/live/live-command.ts';
import type { LiveFrame } from '../../../src/domain/live/live-frame.ts';
import type { Desk, Incoming } from '../../../src/experiment/watch/desk.ts';

/** A command, and after how many looks into the desk it comes. */
export interface Scripted {
  readonly looks: number;
  readonly command: LiveCommand;
}

/** The desk, and what was shown and answered over it. */
export interface ScriptedDesk {
  readonly desk: Desk;
  readonly frames: LiveFrame[];
  readonly answers: { readonly command: LiveCommand; readonly answer: CommandAnswer }[];
  /** Waits that nothing would have ended but another command. */
  readonly rests: { count: number };
}

/** Makes one. @param stepsMs - Wall time between two looks at the clock, over and over. Who stands
 * and waits gets the next command at once, and `resume` after the last one. */
export function scriptedDesk(
  script: readonly Scripted[],
  stepsMs: readonly number[] = [9],
): ScriptedDesk {
  const frames: LiveFrame[] = [];
  const answers: ScriptedDesk['answers'] = [];
  const left = [...script];
  const rests = { count: 0 };
  let looks = 0;
  let reads = 0;
  let ms = 0;
  let isWoken = false;
  const incoming = (command: LiveCommand): Incoming => ({
    command,
    answer: (answer) => void answers.push({ command, answer }),
  });
  const desk: Desk = {
    take() {
      looks += 1;
      const [next] = left;
      const isDue = next !== undefined && (isWoken || looks >= next.looks);
      const isOver = next === undefined && isWoken;
      isWoken = false;
      if (isOver) return [incoming({ type: 'resume' })];
      if (!isDue) return [];
      looks = 0;
      left.shift();
      return [incoming(next.command)];
    },
    wait(forMs) {
      ms += forMs ?? 0;
      if (forMs !== undefined) return;
      rests.count += 1;
      isWoken = true;
    },
    hasRoom: () => true,
    show: (frame) => void frames.push(frame),
    nowMs() {
      ms += stepsMs[reads % stepsMs.length] ?? 1;
      reads += 1;
      return ms;
    },
  };
  return { desk, frames, answers, rests };
}
