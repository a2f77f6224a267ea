/** The anticipation of one autoscaler in a run: reads what came, at the instants at which usage is
 * measured, and says how many replicas the forecast asks for. Spec: Q130–Q134, M98. */
import type { Chance } from '../../../kernel/chance.ts';
import { meanOf } from '../../../kernel/distributions/distribution.ts';
import {
  type AnticipationConfig,
  type AnticipationState,
  type AnticipationStep,
  anticipate,
  NEW_ANTICIPATION,
  noteReading,
} from '../../../queueing/autoscaling/anticipation.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { type AutoscalerForecast, type TonightsOutlook, tonightsOutlook } from './load-outlook.ts';

/** An anticipation at work. */
export interface Anticipation {
  readonly outlook: TonightsOutlook;
  readonly settings: AutoscalerForecast;
  readonly leadUs: number;
  /** What it said last; undefined before. */
  readonly last: AnticipationStep | undefined;
  /** Notes what had come by now. */
  measure(nowUs: number): void;
  /** How many replicas to have, at least; undefined while that cannot be told. */
  look(nowUs: number): number | undefined;
}

/** What it is made of. */
export interface AnticipationOptions {
  /** As it is described. */
  readonly scenario: Scenario;
  readonly chance: Chance;
  readonly epochUs: number;
  readonly autoscaler: NonNullable<Scenario['services'][string]['autoscaler']>;
  readonly startupTime: Scenario['services'][string]['startupTime'];
  readonly workersPerReplica: number;
  /** Pages asked for since the start. */
  readonly requests: () => number;
  /** Worker time handed to the server since the start, µs. */
  readonly workUs: () => number;
}

/** Makes it; undefined where the scenario wants no forecast. Cost: that of drawing and reading the
 * evenings before. */
export function createAnticipation(options: AnticipationOptions): Anticipation | undefined {
  const { autoscaler, startupTime, workersPerReplica } = options;
  const settings = autoscaler.forecast;
  if (settings === undefined) return undefined;
  const { hpa, metricLag, metricWindow } = autoscaler;
  const leadUs = settings.lead ?? meanOf(startupTime) + hpa.syncPeriodUs + metricWindow;
  const { window, least, most } = settings.correction;
  const config: AnticipationConfig = {
    leadUs,
    workersPerReplica,
    targetUtilization: settings.targetUtilization,
    workPerRequestUs: settings.workPerRequest,
    metricLagUs: metricLag,
    correction: { windowUs: window, least, most },
  };
  const outlook = tonightsOutlook(settings, options);
  let state: AnticipationState = NEW_ANTICIPATION;
  let last: AnticipationStep | undefined;
  return {
    outlook,
    settings,
    leadUs,
    get last() {
      return last;
    },
    measure(nowUs) {
      const reading = { atUs: nowUs, requests: options.requests(), workUs: options.workUs() };
      state = noteReading(config, state, reading);
    },
    look(nowUs) {
      last = anticipate(config, state, { outlook, nowUs });
      return last.replicas;
    },
  };
}
