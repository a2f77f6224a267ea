/** What one replication of one subject leaves for statistics: small and plain, so that thousands
 * can cross threads and lie in a journal. Same task, same sample, to the bit. */
import type { HistogramCounts } from '../../stats/histogram-counts.ts';
import type { RunCost } from '../costs/run-cost.ts';
import type { ObjectiveMeasure } from '../objectives/objective.ts';
import type { LedgerLine, RunSubject } from '../result.ts';
import type { StationCheck } from '../stations/station-check.ts';
import type { OperationsSample } from './operations-sample.ts';

/** One replication of one subject. */
export interface RunSample extends RunSubject {
  readonly replication: number;
  readonly digest: string;
  /** By metric name (`src/experiment/campaign/metrics.ts`); null where there was nothing. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Page-load times of measured pages, three significant digits. */
  readonly pageLoadTimeUs: HistogramCounts;
  readonly objectives: readonly ObjectiveMeasure[];
  readonly stations: readonly StationCheck[];
  readonly cost: RunCost | null;
  readonly ledger: { readonly requests: LedgerLine; readonly events: LedgerLine };
  /** Where the steady part begins, µs; the scenario's warm-up unless it is detected. */
  readonly warmUpUs: number;
  /** True where a steady state was to be measured and the run ended before its start did: metrics
   * and objectives of the measured part are null then. Absent elsewhere. */
  readonly isTooShort?: boolean;
  readonly scheduledEvents: number;
  /** Viewers that arrived, guests included: `demand.viewers` is the known mean. */
  readonly viewers: number;
  /** What advice is made of; samples of before have none. */
  readonly operations?: OperationsSample;
}
