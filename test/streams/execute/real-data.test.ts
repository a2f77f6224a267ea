/** Real files through plans: counts and sessions as others computed them (figures in the README of
 * the data folder). Skipped where the folder is missing. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../src/kernel/time.ts';
import { type PlanResult, runPlan } from '../../../src/streams/execute/run-plan.ts';
import { count } from '../../../src/streams/plan/builder/aggregate.ts';
import { pipeline } from '../../../src/streams/plan/builder/pipeline.ts';
import {
  boundedOutOfOrderness,
  session,
  tumbling,
} from '../../../src/streams/plan/builder/window.ts';
import type { PipelinePlan } from '../../../src/streams/plan/plan.ts';
import { onRealData } from '../../real-data.ts';

const US_PER_MS = 1_000;
const ISO = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})/;

function results(plan: PipelinePlan, records: Iterable<unknown>): PlanResult[] {
  const all: PlanResult[] = [];
  const run = runPlan(plan, { onResult: (result) => all.push(result) });
  for (const record of records) run.push(record);
  run.finish();
  expect(run.stateSize).toBe(0);
  for (const { rejected, dropped } of run.counts()) expect([rejected, dropped]).toEqual([{}, {}]);
  return all;
}

describe('ArroyoSystems/arroyo: rides', () => {
  const hourly = pipeline('rides-by-type')
    .source('rides', {
      columns: { event_type: 'string', at: 'timestamp' },
      time: 'at',
      watermark: boundedOutOfOrderness(minutes(5)),
    })
    .window(tumbling(hours(1)))
    .groupBy((f) => ({ event_type: f.event_type }))
    .aggregate({ count: count() })
    .sink('counts', { mode: 'append', key: ['window_start', 'event_type'] });

  it(
    'are counted by hour and type, row for row as expected',
    onRealData('streaming/cars.ndjson', (path) => {
      const lines = (file: string) => readFileSync(file, 'utf8').trim().split('\n');
      const records = lines(path).map((line) => {
        const { event_type, timestamp } = JSON.parse(line);
        return { event_type, at: Date.parse(timestamp) * US_PER_MS };
      });
      expect(records).toHaveLength(7_932);
      const found = results(hourly, records).map(({ row }) => {
        const hour = new Date(Number(row['window_start']) / US_PER_MS).toISOString();
        return JSON.stringify({
          event_type: row['event_type'],
          hour: hour.match(ISO)?.[1],
          count: row['count'],
        });
      });
      const expected = lines(path.replace('cars.ndjson', 'hourly-by-event-type.expected.ndjson'));
      expect(found.toSorted()).toEqual(expected.toSorted());
    }),
  );
});

describe('access logs', () => {
  const visits = (boundUs: number) =>
    pipeline('visits').source('requests', {
      columns: { host: 'string', agent: 'string', at: 'timestamp' },
      time: 'at',
      watermark: boundedOutOfOrderness(boundUs),
    });
  const byHost = (boundUs: number) =>
    visits(boundUs)
      .window(session(minutes(30)))
      .groupBy((f) => ({ host: f.host }))
      .aggregate({ requests: count() })
      .sink('sessions', { mode: 'append', key: ['host', 'window_start'] });
  const byVisitor = visits(hours(24 * 30))
    .window(session(minutes(30)))
    .groupBy((f) => ({ host: f.host, agent: f.agent }))
    .aggregate({ requests: count() })
    .sink('sessions', { mode: 'append', key: ['host', 'agent', 'window_start'] });

  const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
  const LINE = /^(\S+) \S+ \S+ \[(\d+)\/(\w+)\/(\d+):([\d:]+) ([+-]\d{2})(\d{2})\] (.*)$/;

  function requests(path: string) {
    return readFileSync(path, 'latin1')
      .trim()
      .split('\n')
      .flatMap((line) => {
        const parts = LINE.exec(line);
        if (parts === null) return [];
        const [, host, day, month = '', year, clock, zoneHours, zoneMinutes, rest = ''] = parts;
        const monthNumber = `${MONTHS.indexOf(month) + 1}`.padStart(2, '0');
        const iso = `${year}-${monthNumber}-${day}T${clock}${zoneHours}:${zoneMinutes}`;
        const agent = /"([^"]*)"$/.exec(rest)?.[1] ?? '';
        return [{ host, agent, at: Date.parse(iso) * US_PER_MS, isWhole: rest.endsWith('"') }];
      });
  }

  it(
    'Apache, not sorted: sessions of hosts and user agents',
    onRealData('access-logs/apache-2015.log', (path) => {
      const all = requests(path).filter(({ isWhole }) => isWhole);
      expect(all).toHaveLength(9_999);
      const sessions = results(byVisitor, all).map(({ row }) => row);
      const sizes = sessions.map((row) => Number(row['requests']));
      const keys = new Set(sessions.map((row) => JSON.stringify([row['host'], row['agent']])));
      expect(keys.size).toBe(1_861);
      expect(sizes).toHaveLength(3_223);
      expect(Math.max(...sizes)).toBe(108);
      expect(sizes.filter((size) => size === 1)).toHaveLength(1_774);
      expect(results(byHost(hours(24 * 30)), all)).toHaveLength(3_052);
    }),
  );

  it(
    'NASA, sorted: sessions of hosts',
    onRealData('access-logs/nasa-1995-07.log', (path) => {
      const all = requests(path);
      expect(all).toHaveLength(2_000);
      expect(results(byHost(0), all)).toHaveLength(237);
    }),
  );
});
