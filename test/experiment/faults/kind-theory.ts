/** What every kind of the families storage and pipeline is held to, one row a kind and target. */
import { describe, expect, it } from 'vitest';
import type { FaultKindName } from '../../../src/experiment/faults/catalogue/fault-kinds.ts';
import { FAULT_KINDS } from '../../../src/experiment/faults/catalogue/fault-kinds.ts';
import { seconds } from '../../../src/kernel/time.ts';
import {
  expectNothingLost,
  type FaultInput,
  runStream,
  type StreamOptions,
  type StreamOutcome,
} from './stream-world.ts';

/** One kind at one target. */
export interface KindRow {
  readonly rule: string;
  readonly kind: FaultKindName;
  readonly target?: 'log' | 'warehouse';
  readonly probability?: number;
  readonly intensity?: number;
  readonly options?: StreamOptions;
  /** What it is seen by. */
  readonly isSeen: (struck: StreamOutcome, without: StreamOutcome) => void;
  /** Whether whoever sends notices nothing, so that facts and panes are those without it. */
  readonly isBehindTheLog?: boolean;
}

/** While viewers are there. */
const AT = { at: seconds(30), for: seconds(60) };
/** A poll a second, and a restart. */
const USUAL_US = seconds(5);

const withoutFaults = new Map<string, Promise<StreamOutcome>>();

/** The world without the fault, run once. */
function without(options: StreamOptions = {}): Promise<StreamOutcome> {
  const key = JSON.stringify(options);
  const known = withoutFaults.get(key) ?? runStream([], options);
  withoutFaults.set(key, known);
  return known;
}

function faultOf({ kind, target, probability, intensity }: KindRow): FaultInput {
  const usual = FAULT_KINDS[kind].scope === 'opportunity' ? 0.3 : 1;
  return {
    kind,
    ...AT,
    ...(target && { target }),
    probability: probability ?? usual,
    ...(intensity !== undefined && { intensity }),
  } as FaultInput;
}

/** Holds all rows to it. */
export function testKinds(rows: readonly KindRow[]): void {
  describe.each(rows.map((row) => ({ ...row, at: row.target ?? 'clickstream' })))(
    '$kind at $at',
    (row) => {
      let first: Promise<StreamOutcome> | undefined;
      const strike = () => runStream([faultOf(row)], row.options);
      const struckOnce = () => {
        first ??= strike();
        return first;
      };

      it(`${row.rule}: seen; loses nothing; over, all is as before`, async () => {
        const base = await without(row.options);
        const struck = await struckOnce();
        expect(struck.strikes).toBeGreaterThan(0);
        row.isSeen(struck, base);
        expectNothingLost(struck);
        expect(struck.longestAfterUs).toBeGreaterThan(0);
        expect(struck.longestAfterUs).toBeLessThanOrEqual(USUAL_US);
        if (row.isBehindTheLog !== true) return;
        expect(struck.facts).toEqual(base.facts);
        expect(struck.panes).toEqual(base.panes);
      });

      it('E470: of probability 0 it changes nothing; the same seed gives the same', async () => {
        const base = await without(row.options);
        const zero = await runStream(
          [{ ...faultOf(row), probability: 0 } as FaultInput],
          row.options,
        );
        expect(zero.digest).toBe(base.digest);
        expect(zero.rows).toBe(base.rows);
        const once = await struckOnce();
        const again = await strike();
        expect(again.digest).toBe(once.digest);
        expect(again.rows).toBe(once.rows);
      });
    },
  );
}
