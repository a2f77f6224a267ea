/** What a planted bug is: a patch of one source file as data, with what it would do in production
 * and the property that must notice. The product holds no switch for any. Spec: T120. */

/** Parts of the product that bugs are planted in. */
export type Subject =
  | 'kernel'
  | 'breakers'
  | 'calls'
  | 'balancing'
  | 'scaling'
  | 'fleets'
  | 'windows'
  | 'aggregates'
  | 'pipeline'
  | 'storage'
  | 'requests'
  | 'world'
  | 'sdk';

/** A bug. `find` stands in `file` exactly once. */
export interface Bug {
  /** Kebab-case, unique in the zoo. */
  readonly name: string;
  /** Path from the root of the project. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What goes wrong in production, in one sentence. */
  readonly story: string;
  /** `subject/name` of the property that must catch it. */
  readonly property: `${Subject}/${string}`;
  /** Runs of the property within which it must. */
  readonly withinRuns: number;
}
