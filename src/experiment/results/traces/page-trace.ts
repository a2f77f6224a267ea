/** Pages as traces: what was done for one page, as spans that lie within each other. The report
 * draws them; exports write them as OTLP and for Perfetto. Spec: E500–E502. */
import type { PathKind } from '../../reproduce/replay/critical-path.ts';

/** What a span was. `page`: the whole of it, from the wish to the picture; `call`: one question
 * over an edge, with all its tries; `try`: one of them, from when it was made until its caller had
 * its answer or wanted it no more; `server`: within a try, from its arrival to the answer's
 * leaving; `wait`: in a line there; `service`: in the hands of a worker; `database`: at its
 * database, or for what another try was fetching. Where a gateway runs the page's plan, the calls
 * that it makes are within its `server` span. What no child covers is the network's, or the
 * client's. */
export type SpanKind = 'page' | 'call' | 'try' | 'server' | 'wait' | 'service' | 'database';

/** One span. Its parent's time encloses it, but that a server may go on for a try that its caller
 * has given up: such a span is cut where its try ended. */
export interface TraceSpan {
  /** Number within the trace: 0 is the page, and every parent comes before its children. */
  readonly id: number;
  /** The span that this one is part of; null for the page alone. */
  readonly parent: number | null;
  readonly kind: SpanKind;
  /** Like `page home`, `router→movie`, `try 2 (retry)`, `movie`, `wait`, `work`, `database`. */
  readonly name: string;
  /** Since the start of the run, whole µs. */
  readonly startUs: number;
  /** Whole µs; 0 for a try that never left. */
  readonly durationUs: number;
  /** Of a page `ok`, `degraded`, `partial`, `failed`, `timeout`; of a call `answered`, `failed`,
   * `stale`, `default`, `abandoned`; of a try `answered`, `failed: reset`, `timeout`, `hung up`,
   * `withdrawn`, `refused: breaker-open`; null where the kind has none. */
  readonly outcome: string | null;
}

/** Why a page was kept: among the slowest measured ones, failed or timed out, or by the draw of its
 * name's hash, which knows nothing of how it went. */
export type TraceReason = 'slow' | 'failed' | 'sampled';

/** One page. */
export interface PageTrace {
  /** Like `r-17-3`: what `replay --explain` takes. */
  readonly request: string;
  readonly page: string;
  readonly viewer: number;
  readonly outcome: string;
  /** Since the start of the run, µs. */
  readonly askedAtUs: number;
  readonly pageLoadTimeUs: number;
  /** One or several, each once. */
  readonly reasons: readonly TraceReason[];
  /** Where its time went along the critical path, µs; the sum is the page-load time. */
  readonly sharesUs: Readonly<Record<PathKind, number>>;
  /** Depth first: a span comes after its parent, and siblings in the order of their beginning. */
  readonly spans: readonly TraceSpan[];
}

/** The traces of a run, of one architecture. */
export interface RunTraces {
  /** Page loads that ended, of which a hash chose `sampled`. */
  readonly ended: number;
  readonly sampled: number;
  /** Those that failed or timed out on the way, and how many of them are among the pages. */
  readonly failed: number;
  readonly failedKept: number;
  /** In the order in which they were asked for. The slowest are those of
   * {@link ArchitectureResult.slowest}, by `request`. */
  readonly pages: readonly PageTrace[];
}
