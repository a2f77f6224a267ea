/** Settings of a run and where they come from. */
import { expect, it } from 'vitest';
import {
  configurationLines,
  configurationOf,
} from '../../../src/experiment/reproduce/configuration.ts';
import { shortScenario } from './recorded.ts';

it('E521: a setting is a default where the scenario without it is the same', () => {
  const scenario = shortScenario();
  const lines = configurationLines(configurationOf(scenario));
  const of = (path: string) => lines.find((one) => one.path === path);
  expect(of('name')).toEqual({
    path: 'name',
    value: JSON.stringify(scenario.name),
    source: 'scenario',
  });
  expect(of('product')).toEqual({ path: 'product', value: '"streaming"', source: 'default' });
  expect(of('clock.duration')?.source).toBe('scenario');
  expect(new Set(lines.map(({ path }) => path)).size).toBe(lines.length);
  expect(lines.length).toBeGreaterThan(50);
});

it('E521: what the schema does not take any more is of the scenario', () => {
  const lines = configurationLines({ ...configurationOf(shortScenario()), gone: { x: 1 } });
  expect(lines.find(({ path }) => path === 'gone.x')?.value).toBe('1');
});
