/** What the dashboard shows of a collector: a frame each second, made of counters and of the
 * pipeline's figures; nobody waits for it. Spec: S430. */
import type { CollectorCount } from '../../domain/collector-ports.ts';
import type { LiveFrame } from '../../domain/live/live-frame.ts';
import type { LiveHello } from '../../domain/live/live-hello.ts';
import type { LiveFigures } from '../../experiment/live-job/live-figures.ts';
import type { LiveSource } from '../live-source.ts';

/** What frames are made of. */
export interface FrameSources {
  readonly count: () => CollectorCount;
  readonly unreadByPartition: () => readonly number[];
  readonly figures: () => LiveFigures | undefined;
  readonly nowUs: () => number;
}

/** A source of frames, until it is stopped. */
export interface CollectorFrames extends LiveSource {
  /** Makes the next frame now. */
  tick(): void;
  /** Says that the collector has ended, and makes no more. */
  stop(): void;
}

const EVERY_MS = 1_000;

/** The graph: events go from clients to the warehouse. */
const HELLO: LiveHello = {
  schema: 'backlot.hello/1',
  title: 'Collector',
  question: 'What comes in, and how far has the pipeline come with it?',
  subjects: [
    {
      name: 'live',
      nodes: [
        { name: 'clients', kind: 'clients' },
        { name: 'collector', kind: 'collector' },
        { name: 'log', kind: 'log' },
        { name: 'warehouse', kind: 'warehouse' },
      ],
      links: [
        { name: 'batches', from: 'clients', to: 'collector' },
        { name: 'records', from: 'collector', to: 'log' },
        { name: 'facts', from: 'log', to: 'warehouse' },
      ],
    },
  ],
  faultKinds: [],
  hasClock: false,
};

/** Starts to make frames. */
export function createCollectorFrames(sources: FrameSources): CollectorFrames {
  const startUs = sources.nowUs();
  const listeners = new Set<(frame: LiveFrame) => void>();
  let sequence = 0;
  let latest: LiveFrame | undefined;
  let state: 'running' | 'finished' = 'running';
  const tick = () => {
    sequence += 1;
    latest = frameOf(sources, { sequence, state, startUs });
    for (const listener of listeners) listener(latest);
  };
  const timer = setInterval(tick, EVERY_MS);
  timer.unref();
  return {
    hello: () => HELLO,
    latest: () => latest,
    onFrame(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    command: async () => ({
      ok: false,
      code: 'LIVE_BAD_COMMAND',
      message: 'a collector runs by the wall clock: it has no clock to tell and no faults to begin',
    }),
    tick,
    stop() {
      clearInterval(timer);
      state = 'finished';
      tick();
    },
  };
}

function frameOf(
  { count, unreadByPartition, figures: read, nowUs }: FrameSources,
  at: {
    readonly sequence: number;
    readonly state: 'running' | 'finished';
    readonly startUs: number;
  },
): LiveFrame {
  const now = nowUs();
  const figures = read();
  const unread = unreadByPartition();
  const { accepted, rejected, deferred } = count();
  const since = (thenUs: number | null | undefined) =>
    thenUs === null || thenUs === undefined ? null : Math.max(0, now - thenUs);
  return {
    schema: 'backlot.frame/1',
    sequence: at.sequence,
    subject: 'live',
    clock: {
      state: at.state,
      nowUs: now - at.startUs,
      startUs: at.startUs,
      endUs: null,
      event: 0,
      speed: 1,
      reachedSpeed: 1,
    },
    pages: null,
    viewers: null,
    servers: [],
    edges: [],
    objectives: [],
    pipeline: {
      captured: null,
      accepted,
      stored: figures?.stored ?? 0,
      badRows: figures?.badRows ?? 0,
      duplicates: figures?.duplicates ?? 0,
      lateEvents: figures?.lateEvents ?? 0,
      dropped: { ...rejected, ...deferred },
      unread: unread.reduce((sum, n) => sum + n, 0),
      unreadByPartition: unread,
      watermarkLagUs: since(figures?.watermarkUs),
      freshnessUs: since(figures?.newestEventUs),
    },
    topTitles: (figures?.topTitles ?? []).map(({ titleId, plays }) => {
      return { titleId, name: titleId, plays };
    }),
    faults: [],
  };
}
