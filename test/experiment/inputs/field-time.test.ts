/** Times as files write them. */
import { describe, expect, it } from 'vitest';
import { timeOfField } from '../../../src/experiment/inputs/field-time.ts';

const US = Date.UTC(2023, 8, 18, 14, 23, 10) * 1_000;

describe('timeOfField', () => {
  it.each([
    ['2023-09-18T14:23:10Z', US],
    ['2023-09-18 14:23:10', US],
    ['2023-09-18 16:23:10+02:00', US],
    ['2023-09-18T14:23:10.250', US + 250_000],
    ['2023-09-18T14:23:10.0000019Z', US + 2],
    ['2023-09-18 12:23-02', US - 10_000_000],
    ['2023-09-18T19:53:10+0530', US],
    ['2023-13-18T14:23:10Z', undefined],
    ['May 17 2015 10:05', undefined],
    ['17', undefined],
    [' 2023-09-18 ', Date.UTC(2023, 8, 18) * 1_000],
    ['1695046990', US],
    [1_695_046_990, US],
    [1_695_046_990.5, US + 500_000],
    [1_695_046_990_000, US],
    [US, US],
    [US * 1_000, US],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    [-5, undefined],
    [Number.NaN, undefined],
    [1e30, undefined],
    ['9999-12-31T00:00:00Z', undefined],
    ['2255-06-05T00:00:00Z', Date.UTC(2255, 5, 5) * 1_000],
    [null, undefined],
    [{}, undefined],
  ])('%s', (value, expected) => {
    expect(timeOfField(value)).toBe(expected);
  });
});
