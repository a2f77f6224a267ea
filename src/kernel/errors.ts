/** The three kinds of trouble, never mixed: simulated failures are data (`ApiOutcome`), a caller's
 * mistake is an `EngineError` with a closed code, our own bug is an `InvariantError`. */

/** What each code's error tells besides its message. Add a code here before throwing it. */
export interface ErrorDetailsByCode {
  /** An event was scheduled before now, or at a time that is no whole number. Fatal for the run. */
  SIM_BAD_TIME: { readonly atUs: number; readonly nowUs: number };
  /** The run executed `limit` events: a model that never ends. Fatal for the run. */
  SIM_MAX_EVENTS: { readonly limit: number; readonly nowUs: number };
  /** More than `limit` events wait at once: a model that schedules faster than it runs. Fatal. */
  SIM_MAX_PENDING: { readonly limit: number; readonly nowUs: number };
  /** More than `limit` events ran at one instant: a zero-delay loop. Fatal for the run. */
  SIM_MAX_EVENTS_PER_INSTANT: { readonly limit: number; readonly nowUs: number };
  /** A saved state does not fit what it is restored into; nothing was restored. */
  SNAPSHOT_REFUSED: { readonly problems: readonly string[] };
  /** A log of commands does not fit the run: it was written in another one. Fatal for the run. */
  COMMANDS_REFUSED: { readonly problems: readonly string[] };
  /** No invariant and no mark has this name. */
  INVARIANT_UNKNOWN: { readonly name: string };
  /** An invariant was set on a world that was assembled without a watchtower. */
  WORLD_NOT_WATCHED: Readonly<Record<string, never>>;
  /** A distribution's parameter is outside its range. */
  CHANCE_BAD_PARAMETER: { readonly parameter: string; readonly found: number };
  /** A statistic was asked of data that cannot bear it, or with a bad argument. */
  STATS_BAD_ARGUMENT: { readonly argument: string; readonly found: unknown };
  /** A pipeline, a job or a part of one was made with an argument outside its range. */
  PIPELINE_BAD_ARGUMENT: { readonly argument: string; readonly found: unknown };
  /** A series that no forecast can be made of: empty, or not of numbers. */
  FORECAST_REFUSED: { readonly reason: string; readonly found: string };
  /** A part of `queueing` was made or used with an argument outside its range. */
  QUEUEING_BAD_ARGUMENT: { readonly argument: string; readonly found: number };
  /** An SDK's policy has a field out of range. */
  SDK_BAD_POLICY: { readonly field: string; readonly found: number };
  /** A page starts the SDK with an option that it cannot work with. Nothing was started. */
  SDK_BAD_OPTION: { readonly option: string };
  /** An actor's machine threw. Fatal for the run. */
  ACTOR_FAILED: { readonly actor: string; readonly event: string };
  /** A machine uses what the compiler does not run: named, with its place in the machine. */
  ACTOR_UNSUPPORTED: { readonly feature: string; readonly place: string };
  /** A machine reached more configurations than can be numbered. Fatal for the run. */
  ACTOR_TOO_MANY_CONFIGURATIONS: { readonly machine: string; readonly limit: number };
  /** Nothing is pending any more, and actors still wait for an answer. */
  ACTOR_DEADLOCK: { readonly waiting: readonly string[] };
  /** A world cannot be saved as it is, or a saved one does not fit the machines given. */
  ACTOR_BAD_STATE: { readonly actor: string };
  /** A message was sent to an actor that does not exist. Fatal for the run. */
  ACTOR_NO_RECEIVER: { readonly actor: string; readonly event: string };
  /** The subgraphs do not compose into a supergraph. */
  GATEWAY_COMPOSITION: { readonly problems: readonly string[] };
  /** An operation cannot be planned or is not valid against the schema. */
  GATEWAY_BAD_OPERATION: { readonly problems: readonly string[] };
  /** A subgraph to be called over HTTP has no usable address. */
  GATEWAY_BAD_SUBGRAPH_URL: { readonly subgraph: string; readonly found: string };
  /** A server cannot listen where it was told to. */
  SERVER_CANNOT_LISTEN: { readonly host: string; readonly port: number; readonly reason: string };
  /** What a dashboard sent is no command. */
  LIVE_BAD_COMMAND: { readonly path: string; readonly found: string };
  /** A window specification contradicts itself, or a row's time is no whole number of µs. */
  STREAMS_BAD_WINDOW: { readonly field: string; readonly found: string };
  /** History tells of a title that the warehouse does not know. Nothing was written. */
  WAREHOUSE_UNKNOWN_TITLE: { readonly titleId: string };
  /** A scenario does not fit its schema; every problem is listed. */
  SCENARIO_INVALID: { readonly problems: readonly ScenarioProblem[] };
  /** A question of capacity that a scenario cannot answer; every problem is listed. */
  SCENARIO_UNPLANNABLE: { readonly problems: readonly ScenarioProblem[] };
  /** A scenario file cannot be loaded or exports no scenario. */
  SCENARIO_UNREADABLE: { readonly path: string };
  /** The text of an objective is wrong; every problem is listed with its column. */
  OBJECTIVE_INVALID: {
    readonly problems: readonly { readonly column: number; readonly rule: string }[];
  };
  /** A sweep varies what cannot be varied so; every problem is listed. */
  SWEEP_INVALID: { readonly problems: readonly ScenarioProblem[] };
  /** A pipeline plan is wrong; every problem is listed. */
  PLAN_INVALID: { readonly problems: readonly ScenarioProblem[] };
  /** A plan uses what a target cannot do; every reason is listed. */
  PLAN_UNSUPPORTED: { readonly target: string; readonly problems: readonly string[] };
  /** A plan's file cannot be loaded or exports no plan. */
  PLAN_UNREADABLE: { readonly path: string };
  /** A part of `streams` was made or used with an argument outside its range. */
  STREAMS_BAD_ARGUMENT: { readonly argument: string; readonly found: unknown };
  /** A batch query could not be run, or answered what is no plain data. */
  BATCH_FAILED: { readonly reason: string };
  /** An input file is missing, empty, truncated or of an unknown kind. */
  INPUT_UNREADABLE: { readonly path: string };
  /** An output directory cannot be written. */
  OUTPUT_UNWRITABLE: { readonly path: string };
  /** A log was made or asked with an argument that breaks its rule. */
  LOG_BAD_ARGUMENT: { readonly argument: string; readonly found: unknown };
  /** A log's file is damaged before its end; nothing after the byte is read. Fatal for the
   * reader. */
  LOG_CORRUPT: { readonly file: string; readonly byteOffset: number; readonly reason: string };
  /** Who commits offsets is not, or no longer, the reader of the partition; nothing was kept. */
  LOG_FENCED: { readonly group: string; readonly reason: string };
  /** Another process writes the log. */
  LOG_LOCKED: { readonly path: string };
  /** The disk refused what was to be appended; nothing of it is kept, and a later try may work. */
  LOG_UNWRITABLE: { readonly path: string; readonly systemCode: string };
  /** The warehouse file is of another schema or cannot be opened. */
  WAREHOUSE_UNREADABLE: { readonly path: string };
  /** The warehouse did not take a batch (locked by another, full, …); nothing of it was written,
   * and the same batch may be committed again. */
  WAREHOUSE_UNWRITABLE: {
    readonly path: string;
    readonly reason: 'busy' | 'full' | 'disk' | 'journal' | 'other';
  };
  /** A lake's manifest is damaged or of another version, or a file that it names is missing. */
  LAKE_UNREADABLE: { readonly path: string };
  /** A question to a warehouse or lake that would change or read something else; nothing was. */
  QUERY_REFUSED: { readonly reason: string };
  /** A question that the engine does not understand or cannot answer, and where; from 1. */
  QUERY_FAILED: {
    readonly reason: string;
    readonly line: number | null;
    readonly column: number | null;
  };
  /** A storage stage did not take a commit (full disk, unwritable place); nothing changed. */
  STORAGE_UNWRITABLE: { readonly path: string };
  /** A row's cell does not fit its column; none of the rows given with it was taken. */
  STORAGE_BAD_ROW: { readonly column: string; readonly found: string };
  /** Two runs of one model differ: it reads something besides its inputs. */
  RUN_NOT_REPRODUCIBLE: { readonly sliceUs: number; readonly actor: string };
  /** A result directory or document cannot be read, or lacks what it is to be made again from. */
  RESULT_UNREADABLE: { readonly path: string };
  /** The folder of a collector was made with other plans than it is to be served with. */
  LIVE_FOLDER_DIFFERS: { readonly path: string };
  /** A file that a result was made from is not what it was. */
  RESULT_INPUT_CHANGED: {
    readonly path: string;
    readonly recorded: string;
    readonly found: string;
  };
  /** A document cannot become what was asked for: `possible` names the formats that it can be. */
  EXPORT_REFUSED: {
    readonly format: string;
    readonly schema: string;
    readonly possible: readonly string[];
  };
  /** Schemas that break the rules of their versions; every problem is listed. */
  SCHEMA_INCOMPATIBLE: { readonly problems: readonly string[] };
  /** An order of enrichment stages that names an unknown, a missing or a repeated stage. */
  ENRICHMENT_BAD_ORDER: { readonly problems: readonly string[] };
  /** A key of pseudonyms that is missing, malformed or weak. */
  PSEUDONYM_BAD_KEY: { readonly keyId: string };
  /** A geo-IP database that cannot be read. */
  GEO_UNREADABLE: { readonly reason: string };
  /** A recovery's patch does not fit its rules; every problem is listed. */
  RECOVERY_BAD_PATCH: { readonly problems: readonly string[] };
  /** A campaign's journal is damaged, or of another version, or there is none. */
  JOURNAL_UNREADABLE: { readonly path: string };
  /** Journals that cannot be merged; every problem is listed. */
  JOURNAL_MERGE: { readonly problems: readonly string[] };
  /** A check of `backlot/testing` was asked for with what it cannot do. */
  TESTING_BAD_ARGUMENT: { readonly argument: string; readonly found: unknown };
  /** A replay token is cut, changed, or not one of this check. */
  TESTING_BAD_TOKEN: { readonly reason: string };
  /** A corpus has a file that is no counterexample, or cannot be written. */
  TESTING_CORPUS_UNREADABLE: { readonly path: string; readonly reason: string };
  /** A model, or a judgement of models, was asked of data that it cannot be made of. */
  ANALYTICS_NO_DATA: { readonly missing: string };
  /** A part of `analytics` was made or used with an argument outside its range. */
  ANALYTICS_BAD_ARGUMENT: { readonly argument: string; readonly found: unknown };
  /** The command line is wrong. */
  CLI_USAGE: { readonly argument: string };
  /** This platform lacks something that backlot needs. */
  PLATFORM_UNSUPPORTED: { readonly found: string };
}

/** One thing wrong with a scenario: where, what stands there, and what would be right. */
export interface ScenarioProblem {
  /** Path to the field, like `services.movie.replicas`. */
  readonly path: string;
  /** What stands there, as JSON. */
  readonly found: string;
  /** The rule it breaks, and the nearest valid name or value. */
  readonly rule: string;
}

/** Every code an {@link EngineError} can carry. */
export type ErrorCode = keyof ErrorDetailsByCode;

/** A caller's mistake. The message is one line: code, place, value found, rule, remedy. */
export class EngineError<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly details: ErrorDetailsByCode[C];

  constructor(
    code: C,
    message: string,
    details: ErrorDetailsByCode[C],
    options: { readonly cause?: unknown } = {},
  ) {
    super(`${code}: ${message}`, options);
    this.name = 'EngineError';
    this.code = code;
    this.details = details;
  }
}

/** A bug in backlot itself. Please report it with the replay line that the message ends with. */
export class InvariantError extends Error {
  readonly code: string;
  readonly details: unknown;

  constructor(code: string, details: unknown) {
    super(`INVARIANT ${code}: ${JSON.stringify(details)}; a bug in backlot, please report it`);
    this.name = 'InvariantError';
    this.code = code;
    this.details = details;
  }
}

/** Asserts what must hold whatever the caller does.
 * @throws InvariantError when it does not. */
export function invariant(condition: boolean, code: string, details: unknown): asserts condition {
  if (!condition) throw new InvariantError(code, details);
}

/** The name in `known` nearest to `name` by edit distance, or undefined where none is near
 * (more than half of the letters differ). Cost O(k · n · m). */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.ceil(Math.max(name.length, 2) / 2) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
