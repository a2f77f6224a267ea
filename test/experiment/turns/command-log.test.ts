/** Logs of changes: what is written is read, what is no log is refused by its line, and faults are
 * shown as they were. */
import { describe, expect, it } from 'vitest';
import {
  commandLogWriter,
  readCommandLog,
  readCommandLogs,
} from '../../../src/experiment/turns/command-log.ts';
import { drivenFaults } from '../../../src/experiment/turns/driven-faults.ts';
import type { Turn } from '../../../src/experiment/turns/turned-simulation.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { smallScenario } from '../small-world.ts';

const folder = temporaryFolder();
const fault = {
  kind: 'process.slow',
  target: 'movie',
  at: 0,
  for: 30e6,
  probability: 1,
} as const;
const turns: readonly Turn[] = [
  { event: 4, atUs: 10e6, change: { kind: 'fault', fault } },
  { event: 4, atUs: 10e6, change: { kind: 'breaker', edge: 'router→movie', status: 'open' } },
  { event: 9, atUs: 25e6, change: { kind: 'heal' } },
];

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
  return 'not refused';
}

describe('a command log', () => {
  it('L25: is read as it was written, line by line', () => {
    const directory = folder.path('log');
    const writer = commandLogWriter(directory, 'federated');
    writer.rewrite(turns.slice(0, 1));
    for (const turn of turns.slice(1)) writer.append(turn);
    const path = `${directory}/commands-federated.ndjson`;
    expect(readCommandLog(path)).toEqual(new Map([['federated', turns]]));
    writer.rewrite(turns.slice(0, 2));
    expect(readCommandLogs([path]).get('federated')).toEqual(turns.slice(0, 2));
  });

  const head = '{"schema":"backlot.commands/1","subject":"a"}';
  const line = '{"subject":"a","event":7,"atUs":5,"change":{"kind":"heal"}}';
  it.each([
    ['', ':1: it is no JSON'],
    ['{"schema":"backlot.run/1","subject":"a"}', ':1: schema'],
    [`${head}\n{`, ':2: it is no JSON'],
    [`${head}\n${line.replace('7', '-7')}`, ':2: event'],
    [`${head}\n${line.replace('heal', 'hurt')}`, ':2: change.kind'],
    [`${head}\n${line}\n${line.replace('7', '6')}`, ':3: it is before the one above it'],
  ])('L25: is refused by its line: %s', (text, rule) => {
    const path = folder.write('bad.ndjson', text);
    expect(refusal(() => readCommandLog(path))).toContain(`COMMANDS_REFUSED: ${path}${rule}`);
  });

  it('L25: has to be there', () => {
    expect(refusal(() => readCommandLog(folder.path('none')))).toContain('INPUT_UNREADABLE');
  });
});

describe('faults of a driven run', () => {
  it('E538: are those of the plan and of the log, up to where they were healed', () => {
    const plan = smallScenario({
      faults: [
        { kind: 'process.slow', at: 5e6, for: 60e6 },
        { kind: 'service.slow', target: 'movie', at: 5e6, for: 60e6 },
        { kind: 'process.slow', at: 50e6, for: 60e6 },
        { kind: 'process.crash', at: 0, for: 1e6, rate: { perHour: 9, until: 90e6 } },
      ],
    }).faults;
    const found = drivenFaults(plan, turns);
    expect(found.map(({ kind, at, for: forUs }) => [kind, at / 1e6, forUs / 1e6])).toEqual([
      ['process.slow', 5, 20],
      ['service.slow', 5, 60],
      ['process.crash', 0, 1],
      ['process.slow', 10, 15],
    ]);
    expect(found[2]).toMatchObject({ rate: { until: 25e6 } });
    expect(drivenFaults(plan, [])).toEqual(plan);
  });
});
