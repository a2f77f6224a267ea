/** What a dashboard needs to know once: what is there to draw, and what may be done. Spec: L2. */

/** The greeting. */
export interface LiveHello {
  readonly schema: 'backlot.hello/1';
  readonly title: string;
  readonly question: string;
  /** Architectures or variants, in the order in which they run. */
  readonly subjects: readonly LiveSubject[];
  /** What can be injected; empty where nothing can. */
  readonly faultKinds: readonly LiveFaultKind[];
  /** Whether the world's clock can be told: pause, speed, step, seek. */
  readonly hasClock: boolean;
}

/** One architecture or variant, and its graph. */
export interface LiveSubject {
  readonly name: string;
  readonly nodes: readonly LiveNode[];
  /** The names of edges are those of `LiveFrame.edges`; the pipeline's have names of their own. */
  readonly links: readonly LiveLink[];
}

/** Somebody who asks or answers. */
export interface LiveNode {
  readonly name: string;
  readonly kind: 'clients' | 'entry' | 'service' | 'store' | 'collector' | 'log' | 'warehouse';
}

/** A way from node to node. */
export interface LiveLink {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** A kind of fault that buttons offer. */
export interface LiveFaultKind {
  readonly kind: string;
  /** One sentence. */
  readonly text: string;
  /** Whom it can hit; empty: it has no target. */
  readonly targets: readonly string[];
  /** Null where it has none. */
  readonly intensity: {
    readonly default: number;
    readonly min: number;
    readonly max: number;
    readonly unit: string;
  } | null;
}
