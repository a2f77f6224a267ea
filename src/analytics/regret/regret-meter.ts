/** Regret: what a policy's rows are worth less than the oracle's, on the very same requests. All
 * values are closed forms, so there is no noise in it but the rows themselves (pseudo-regret).
 * Source: Lattimore, Szepesvári 2020, §4.1. Spec: M18. */
import type { RowPolicy, RowRequest } from '../../domain/recommending/row-policy.ts';
import type { ChoiceConfig } from '../../domain/taste/choice-model.ts';
import type { Tastes } from '../../domain/taste/tastes.ts';
import { rowValue } from './row-value.ts';

/** Values of the rows that were measured, in the order they were asked for; 0–1. */
export interface MeasuredRows {
  /** Of the policy's own. */
  readonly own: readonly number[];
  /** Of the oracle's. */
  readonly best: readonly number[];
  /** Of the floors', by their ids. */
  readonly floors: Readonly<Record<string, readonly number[]>>;
}

/** A policy under measurement. */
export interface RegretMeter {
  /** Serves and learns as the measured one does. */
  readonly policy: RowPolicy;
  readonly measured: MeasuredRows;
}

/** Puts a policy under measurement. Oracle and floors are asked beside it and never heard; floors
 * that learn are told what it is told.
 * @param options - `isMeasured`: viewers whose rows are measured, all if left out; the others are
 * served all the same. */
export function createRegretMeter(options: {
  readonly policy: RowPolicy;
  readonly oracle: RowPolicy;
  readonly floors?: readonly RowPolicy[];
  readonly tastes: Tastes;
  readonly choice: ChoiceConfig;
  readonly isMeasured?: (viewer: number) => boolean;
}): RegretMeter {
  const { policy, oracle, floors = [], isMeasured = () => true } = options;
  const own: number[] = [];
  const best: number[] = [];
  const beside = floors.map((floor) => ({ floor, values: [] as number[] }));
  const worthOf = (by: RowPolicy, request: RowRequest) =>
    rowValue(options, request.viewer, by.choose(request).titles).value;
  return {
    policy: {
      ...policy,
      choose(request) {
        const row = policy.choose(request);
        if (!isMeasured(request.viewer)) return row;
        own.push(rowValue(options, request.viewer, row.titles).value);
        best.push(worthOf(oracle, request));
        for (const { floor, values } of beside) values.push(worthOf(floor, request));
        return row;
      },
      learn(outcomes) {
        policy.learn?.(outcomes);
        for (const { floor } of beside) floor.learn?.(outcomes);
      },
    },
    measured: {
      own,
      best,
      floors: Object.fromEntries(beside.map(({ floor, values }) => [floor.id, values])),
    },
  };
}
