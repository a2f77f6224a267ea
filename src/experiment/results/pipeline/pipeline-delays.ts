/** How long events took, as curves out of the warehouse at the end of a run. Spec: E520. */
import type { Warehouse } from '../../../storage/warehouse.ts';

/** Three delays of tracked events; one that no event had has no quantiles. */
export interface PipelineDelays {
  /** From the capture on the device to the collector. */
  readonly arrival: DelayCurve;
  /** From the capture on the device to the committed row. */
  readonly freshness: DelayCurve;
  /** Of late events, how far the watermark was beyond them. */
  readonly lateness: DelayCurve;
}

/** A distribution. */
export interface DelayCurve {
  readonly events: number;
  /** Shares 0–1, ascending: so many of the events took at most so many seconds. */
  readonly quantiles: readonly { readonly share: number; readonly seconds: number }[];
}

const SHARES = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1] as const;
const US_PER_SECOND = 1e6;

/** Reads them. Cost O(n log n) of the stored events. */
export function readDelays(warehouse: Warehouse): PipelineDelays {
  const curve = (delay: string, table: string) => readCurve(warehouse, delay, table);
  return {
    arrival: curve('ingest_time_us - event_time_us', 'fact_event'),
    freshness: curve('process_time_us - event_time_us', 'fact_event'),
    lateness: curve('watermark_us - event_time_us', 'late_event'),
  };
}

/** The nearest rank, as the named metrics have it. */
function readCurve(warehouse: Warehouse, delay: string, table: string): DelayCurve {
  const [found = {}] = warehouse.query(`SELECT count(*) AS n FROM ${table}`);
  const events = Number((found as { n?: unknown }).n ?? 0);
  if (events === 0) return { events, quantiles: [] };
  const ranks = SHARES.map((share) => Math.max(1, Math.ceil(share * events)));
  const rows = warehouse.query(
    `WITH ranked AS (
       SELECT ${delay} AS us, row_number() OVER (ORDER BY ${delay}) AS n FROM ${table})
     SELECT n, us FROM ranked WHERE n IN (${[...new Set(ranks)].join(', ')})`,
  ) as readonly { readonly n: number; readonly us: number }[];
  const byRank = new Map(rows.map(({ n, us }) => [n, us]));
  return {
    events,
    quantiles: SHARES.map((share, i) => ({
      share,
      seconds: (byRank.get(ranks[i] ?? 0) ?? Number.NaN) / US_PER_SECOND,
    })),
  };
}
