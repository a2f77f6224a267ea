/** What a lake says of the pipeline that filled it, so that a backfill runs the same one. */
import type { ReferenceData } from '../../domain/pipeline-ports.ts';
import type { PlainValue } from '../../domain/plain-value.ts';
import { createBasicEnrichment } from '../../streams/enrichment/chains.ts';
import type { PipelineOptions } from '../../streams/pipeline.ts';
import type { TimeCorrectionName } from '../../streams/time-correction/time-correction.ts';

/** The part of a pipeline's options that is plain data. */
export interface PipelineSettings
  extends Pick<PipelineOptions, 'plans' | 'watermark' | 'dedupeTtlUs'> {
  /** Default: none. */
  readonly timeCorrection?: TimeCorrectionName;
}

/** The options that the settings stand for. */
export function pipelineOptionsOf(settings: PipelineSettings, reference: ReferenceData) {
  const { timeCorrection = 'none', ...options } = settings;
  const { dedupeTtlUs } = options;
  const time = { strategy: timeCorrection };
  return {
    ...options,
    reference,
    enrichment: createBasicEnrichment({ reference, dedupeTtlUs, time }),
  };
}

/** What is kept with a job's commits. */
export interface JobSettings {
  /** As the warehouse and the lake's raw rows name the log. */
  readonly source: string;
  readonly partitions: number;
  readonly pipeline: PipelineSettings;
}

/** As the lake keeps it. */
export function settingsAsPlain(settings: JobSettings): PlainValue {
  return JSON.parse(JSON.stringify(settings)) as PlainValue;
}

/** Out of a lake; undefined for what is none: a job that only tidied up. */
export function settingsFromPlain(plain: PlainValue | undefined): JobSettings | undefined {
  if (typeof plain !== 'object' || plain === null || !('pipeline' in plain)) return undefined;
  const { source, partitions, pipeline } = plain as { readonly [name: string]: PlainValue };
  const isOne =
    typeof source === 'string' &&
    Number.isSafeInteger(partitions) &&
    typeof pipeline === 'object' &&
    pipeline !== null &&
    ['plans', 'watermark', 'dedupeTtlUs'].every((name) => name in pipeline);
  return isOne ? (plain as unknown as JobSettings) : undefined;
}

/** A name for the job of a source: letters, digits and `-`. */
export function jobNameOf(source: string): string {
  return source.replace(/[^A-Za-z0-9-]/g, '-');
}
