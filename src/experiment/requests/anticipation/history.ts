/** What a warehouse remembers of the evenings before: arrivals are drawn, stored as page views in a
 * warehouse in memory, and read back by SQL. Whoever forecasts gets the read-back series alone.
 * Spec: M97. */
import { readEvenings } from '../../../analytics/forecast/evening-series.ts';
import type { EnrichedEvent } from '../../../domain/pipeline-ports.ts';
import type { Chance } from '../../../kernel/chance.ts';
import { createRateCurve } from '../../../kernel/distributions/rate-curve.ts';
import { hours } from '../../../kernel/time.ts';
import { openWarehouse, type Warehouse } from '../../../storage/warehouse.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { eveningOf, rateOf, ratePoints } from './evenings.ts';

/** What is to be remembered, and how it is read. */
export interface RememberedQuestion {
  /** As it is described: tonight's differences are not in it. */
  readonly scenario: Scenario;
  readonly chance: Chance;
  /** The Unix time at virtual time 0, µs. */
  readonly epochUs: number;
  readonly bucketUs: number;
  /** Buckets of an evening. */
  readonly buckets: number;
}

const DAY_US = hours(24);

/** Requests a bucket of all evenings, the oldest evening first. Cost O(requests): about 10 µs
 * each. */
export function rememberedLoad(asked: RememberedQuestion): readonly number[] {
  const before = asked.scenario.evenings?.before ?? 0;
  const startsUs = Array.from({ length: before }, (_, i) => startOf(asked, before - i));
  const warehouse = openWarehouse({ path: ':memory:', isSmall: true });
  try {
    for (let evening = before; evening >= 1; evening -= 1) store(warehouse, asked, evening);
    const { bucketUs, buckets } = asked;
    return readEvenings(warehouse, { kind: 'page views', bucketUs, buckets, startsUs });
  } finally {
    warehouse.close();
  }
}

function startOf({ epochUs }: RememberedQuestion, before: number): number {
  return epochUs - before * DAY_US;
}

/** One evening's page views, in one commit. */
function store(warehouse: Warehouse, asked: RememberedQuestion, before: number): void {
  const startUs = startOf(asked, before);
  const facts = arrivalsOf(asked, before).map((atUs, n) => pageView(startUs + atUs, before, n));
  warehouse.commit({
    facts,
    panes: [],
    late: [],
    badRows: [],
    nextOffsets: [],
    stageCounts: [],
    watermarkUs: startUs,
    processTimeUs: startUs,
  });
}

function arrivalsOf(asked: RememberedQuestion, before: number): readonly number[] {
  const { scenario, chance, bucketUs, buckets } = asked;
  const { evenings, traffic } = scenario;
  if (evenings === undefined || traffic?.kind !== 'open') return [];
  const curve = createRateCurve(rateOf(ratePoints(traffic), eveningOf(evenings, chance, before)));
  const total = curve.cumulative(bucketUs * buckets);
  const draws = chance.draws('evening.arrival');
  const times: number[] = [];
  let cumulative = -Math.log(draws.uniform(before, 0));
  while (cumulative < total) {
    times.push(Math.round(curve.inverseCumulative(cumulative)));
    cumulative -= Math.log(draws.uniform(before, times.length));
  }
  return times;
}

function pageView(atUs: number, evening: number, n: number): EnrichedEvent {
  const name = `evening-${evening}-${n}`;
  return {
    event: {
      id: name,
      type: 'page.view',
      subject: name,
      sessionId: name,
      sequence: 0,
      eventTimeUs: atUs,
      data: {},
    },
    ingestTimeUs: atUs,
    processTimeUs: atUs,
    deviceKind: 'unknown',
    country: 'ZZ',
    localHour: 0,
    titleName: null,
    genre: null,
  };
}
