/** Reads what users of Netflix's service-capacity-modeling have: CapacityDesires as JSON, one for
 * the station that is planned or one a station, and staffs a starting fleet by them. */
import { z } from 'zod';
import { EngineError } from '../../../kernel/errors.ts';
import { serversOfTier } from './tiers.ts';

const amount = z.number().nonnegative();
/** A number, or an interval of which the middle is read. */
const interval = z
  .union([amount, z.looseObject({ mid: amount })])
  .transform((found) => (typeof found === 'number' ? found : found.mid));

const desires = z.looseObject({
  service_tier: z.int().min(0).max(3).default(1),
  query_pattern: z.looseObject({
    estimated_read_per_second: interval.default(0),
    estimated_write_per_second: interval.default(0),
    estimated_mean_read_latency_ms: interval.default(1),
    estimated_mean_write_latency_ms: interval.default(1),
  }),
});

/** What was read of one station. */
export interface SeededStation {
  /** Null where the file tells of one station and does not name it. */
  readonly station: string | null;
  readonly tier: number;
  /** Rate × time on a core (Little's law), reads and writes together. */
  readonly offeredErlangs: number;
  readonly servers: number;
}

/** Stations of a file's text, in its order.
 * @throws EngineError `INPUT_UNREADABLE` for what is no JSON and no desires. */
export function readScmDesires(text: string, path: string): readonly SeededStation[] {
  const json = parsedJson(text, path);
  const alone = desires.safeParse(json);
  if (alone.success) return [stationOf(null, alone.data)];
  const several = z.record(z.string(), desires).safeParse(json);
  if (several.success && Object.keys(several.data).length > 0) {
    return Object.entries(several.data).map(([station, found]) => stationOf(station, found));
  }
  const [issue] = several.success ? alone.error.issues : several.error.issues;
  const place = issue?.path.join('.') || '(file)';
  throw unreadable(path, `${place}: ${issue?.message ?? 'nothing in it'}`);
}

function stationOf(station: string | null, found: z.output<typeof desires>): SeededStation {
  const { service_tier: tier, query_pattern: pattern } = found;
  const offeredErlangs =
    (pattern.estimated_read_per_second * pattern.estimated_mean_read_latency_ms +
      pattern.estimated_write_per_second * pattern.estimated_mean_write_latency_ms) /
    1_000;
  return { station, tier, offeredErlangs, servers: serversOfTier(offeredErlangs, tier) };
}

function parsedJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(path, error instanceof Error ? error.message : String(error));
  }
}

function unreadable(path: string, found: string): EngineError {
  return new EngineError(
    'INPUT_UNREADABLE',
    `${path}: ${found}; give CapacityDesires with service_tier and query_pattern ` +
      '(estimated_read_per_second, estimated_mean_read_latency_ms, …), or one a station by name',
    { path },
  );
}
