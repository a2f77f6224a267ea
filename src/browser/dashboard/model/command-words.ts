/** Commands in words, for the list of what was told. Spec: L73. */
import type { LiveCommand } from '../../../domain/live/live-command.ts';
import { formatCount, formatNumber } from '../../../report/numbers.ts';
import { clockTimeText, durationText, type RunStretch } from './moment-text.ts';

/** Like `fault service.slow on movie, 4, for 1 min 00 s`. */
export function commandWords(command: LiveCommand, run: RunStretch): string {
  switch (command.type) {
    case 'pause':
    case 'resume':
      return command.type;
    case 'speed':
      return command.factor === null ? 'speed max' : `speed ×${formatNumber(command.factor)}`;
    case 'step':
      return stepWords(command.events);
    case 'seek':
      if ('event' in command) return `go to event #${formatCount(command.event)}`;
      return `go to ${clockTimeText(run, command.atUs)}`;
    case 'fault':
      return faultWords(command);
    case 'heal':
      return 'heal all faults';
    case 'breaker':
      return `hold breaker of ${command.edge} ${command.status}`;
  }
}

function stepWords(events: number): string {
  const noun = Math.abs(events) === 1 ? 'event' : 'events';
  return `step ${events < 0 ? 'back ' : ''}${formatCount(Math.abs(events))} ${noun}`;
}

function faultWords(fault: Extract<LiveCommand, { type: 'fault' }>): string {
  const { kind, target, intensity, forUs } = fault;
  const words = [`fault ${kind}`];
  if (target !== undefined) words.push(`on ${target}`);
  if (intensity !== undefined) words.push(`at ${formatNumber(intensity)}`);
  return `${words.join(' ')} for ${durationText(forUs)}`;
}
