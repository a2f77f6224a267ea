/** What a format of exports is: a document in, text out. Each stands in a file of its own in
 * `formats/` and is held to one contract: the same document gives the same bytes, names from
 * outside are inert, no path of a machine gets out, and what it cannot say it refuses by name. */
import type { AdviceDocument } from '../experiment/advise/advice-document.ts';
import type { LoadDocument } from '../experiment/capacity/documents/load-document.ts';
import type { PlanDocument } from '../experiment/capacity/documents/plan-document.ts';
import type { CheckDocument } from '../experiment/check/check-document.ts';
import type { FaultsReport } from '../experiment/faults/faults-report.ts';
import type {
  BackfillDocument,
  CompareDocument,
  IngestDocument,
  RunDocument,
} from '../experiment/result.ts';
import type { RunHistograms } from '../experiment/results/run-histograms.ts';
import type { SweepDocument } from '../experiment/sweep/sweep-document.ts';

/** Every document that can be exported. */
export type ExportableDocument =
  | RunDocument
  | CompareDocument
  | PlanDocument
  | LoadDocument
  | SweepDocument
  | AdviceDocument
  | CheckDocument
  | FaultsReport
  | IngestDocument
  | BackfillDocument;

/** What a result keeps beside its document. */
export interface ExportSources {
  /** Page-load times of an architecture or variant; undefined where none were kept. */
  histograms(subject: string): RunHistograms | undefined;
}

/** One format. */
export interface ExportFormat {
  /** As `--format` takes it. */
  readonly name: string;
  readonly mediaType: string;
  /** Of the file, behind the document's name: `ndjson`, `junit.xml`. */
  readonly extension: string;
  /** Why this document cannot become it, and the remedy; null where it can. */
  refusal(document: ExportableDocument, sources: ExportSources): string | null;
  /** The whole file as text, its last line ended. Only for what is not refused. */
  render(document: ExportableDocument, sources: ExportSources): string;
}
