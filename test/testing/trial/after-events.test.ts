/** Watches with news miss nothing: what they look at never changes without the news, and they find
 * what they would find if they were asked after every event. */
import { describe, expect, it } from 'vitest';
import type { World } from '../../../src/experiment/assemble.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import type { Invariant, InvariantWatch } from '../../../src/testing/invariants/invariant.ts';
import { INVARIANTS } from '../../../src/testing/invariants/library.ts';
import { changesOf, noChanges } from '../../../src/testing/invariants/notes/changes.ts';
import { wrapMethod } from '../../../src/testing/invariants/notes/wrap-method.ts';
import { towerOf, viewOf } from '../../../src/testing/invariants/view/watchtower.ts';
import { drawTrial } from '../../../src/testing/swarm/campaign/swarm-source.ts';
import { afterEvents } from '../../../src/testing/trial/after-events.ts';
import { runTrial } from '../../../src/testing/trial/run-trial.ts';
import { partOf } from '../../long/part-of.ts';
import { smallTrial } from '../invariants/small-trial.ts';

const FIRST_SEED = 9_000;
const SEEDS = partOf(200, 2, 'worlds of the swarm');

/** An invariant that does something in a world, and finds nothing. */
function doing(name: string, watch: (world: World) => InvariantWatch['afterEvent']): Invariant {
  const claim = 'is there for what it does';
  return {
    name,
    modality: 'always',
    claim,
    watch: (world) => ({ afterEvent: watch(world), exercised: () => 1 }),
  };
}

/** Stands first, and has everybody asked after every event. */
const RESTLESS = doing('restless', (world) => {
  const { alarms, requests, pipeline } = towerOf(world).changes;
  return () => {
    for (const one of [alarms, requests, pipeline]) one.count += 1;
    return undefined;
  };
});

/** What invariants read who look only when requests may have changed. */
function requestsOf(world: World): string {
  const { pages, edges, servers } = viewOf(world);
  return JSON.stringify([
    [pages.asked, pages.ended, pages.open, pages.offline],
    edges.map((edge) => [
      [edge.calls, edge.settled, edge.abandoned, edge.openCalls, edge.tries, edge.retries],
      [edge.hedges, edge.answers, edge.errors, edge.timeouts, edge.hangUps, edge.openTries],
    ]),
    servers.map((server) => [
      [server.offered, server.answered, server.failures, server.inFlight, server.limit],
      [server.waiting, server.busyWorkers, server.readyCount, server.memberCount],
      server.replicas.map((one) => [
        [one.state, one.isReady, one.isMember, one.waiting, one.inService, one.workers, one.held],
      ]),
    ]),
  ]);
}

/** The same of the pipeline. */
function pipelineOf(world: World): string {
  const { pipeline } = viewOf(world);
  const { watermarkUs, watermarksUs, committedOffsets, endOffsets } = pipeline;
  // JSON knows no infinite numbers.
  const watermarks = [watermarkUs, ...watermarksUs].map(String);
  return JSON.stringify([watermarks, committedOffsets, endOffsets, towerOf(world).pipeline.lives]);
}

/** Breaks where something changes without the news. */
const NEWS_IS_COMPLETE: Invariant = {
  name: 'news-is-complete',
  modality: 'always',
  claim: 'what is looked at changes only with the news of it',
  watch(world) {
    const { changes } = towerOf(world);
    const kinds = [
      { news: changes.requests, read: requestsOf, count: -1, text: '' },
      { news: changes.pipeline, read: pipelineOf, count: -1, text: '' },
    ];
    let exercised = 0;
    return {
      afterEvent() {
        for (const kind of kinds) {
          const { count, text } = kind;
          kind.text = kind.read(world);
          kind.count = kind.news.count;
          if (kind.count !== count) continue;
          exercised += 1;
          if (kind.text !== text) return { message: `${text}\nbecame\n${kind.text}` };
        }
        return undefined;
      },
      exercised: () => exercised,
    };
  },
};

/** Worlds that are tampered with while they run. */
const TAMPERED: readonly Invariant[] = [
  doing('counts-an-answer-twice', ({ wired }) => {
    for (const edge of wired.edges) {
      wrapMethod(edge, 'answered', (answered, attempt) => {
        answered(attempt);
        edge.account.answers += 1;
      });
    }
    return undefined;
  }),
  doing('never-lets-go', ({ wired }) => {
    for (const { fleet } of wired.servers) wrapMethod(fleet, 'release', () => undefined);
    return undefined;
  }),
  doing('never-comes-back', ({ wired }) => {
    for (const server of wired.servers) wrapMethod(server, 'recover', () => undefined);
    return undefined;
  }),
  doing('watermark-goes-back', ({ clickstream }) => {
    const { pipeline } = clickstream.drive;
    wrapMethod(pipeline, 'partitionWatermarkUs', (watermarkUs, partition) =>
      pipeline.processTimeUs > 0 && pipeline.watermarkUs > 0 && pipeline.counts().length > 0
        ? watermarkUs(partition) - (pipeline.processTimeUs % 7)
        : watermarkUs(partition),
    );
    return undefined;
  }),
];

describe('who is asked after an event', () => {
  it('T150: is who has news or always looks, in the order of the watches', () => {
    const asked: string[] = [];
    const { requests, pipeline } = noChanges();
    const watch = (name: string, news?: InvariantWatch['news']) => ({
      name,
      watch: { afterEvent: () => undefined, news, exercised: () => 1 },
    });
    const deaf = { name: 'deaf', watch: { exercised: () => 1 } };
    const tell = afterEvents(
      [watch('calls', requests), watch('all'), deaf, watch('log', pipeline)],
      ({ name }) => asked.push(name),
    );
    const askedNow = () => {
      tell();
      return asked.splice(0);
    };
    expect(askedNow()).toEqual(['calls', 'all', 'log']);
    expect(askedNow()).toEqual(['all']);
    pipeline.count += 1;
    expect(askedNow()).toEqual(['all', 'log']);
    requests.count += 3;
    pipeline.count += 1;
    expect(askedNow()).toEqual(['calls', 'all', 'log']);
  });

  it('T151: is everybody after an event of a handler that nobody knows', () => {
    const changes = noChanges();
    expect(changesOf('new.thing', changes)).toEqual([changes.requests, changes.pipeline]);
    expect(changesOf('actor.timer', changes)).toEqual([]);
    expect(changesOf('fleet.movie.ready', changes)).toEqual([changes.requests]);
    expect(changesOf('collector.accept', changes)).toEqual([changes.pipeline]);
    expect(changesOf('fault.begins', changes)).toHaveLength(2);
  });
});

describe('news', () => {
  it(`T151: is told of every change, in ${SEEDS} worlds of the swarm`, async () => {
    let exercised = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
      const outcome = await runTrial(drawTrial({ kind: 'swarm' }, seed), [NEWS_IS_COMPLETE]);
      expect(outcome.violations, `seed ${seed}`).toEqual([]);
      exercised += outcome.exercised['news-is-complete'] ?? 0;
    }
    expect(exercised).toBeGreaterThan(500 * SEEDS);
  });

  it.each(TAMPERED)('T152: of what $name does is there when it is done', async (tampering) => {
    const faults = [
      { kind: 'service.outage' as const, target: 'movie', at: seconds(20), for: seconds(30) },
    ];
    const trial = smallTrial({ healedAt: minutes(1), scenario: { faults } });
    const found = async (...first: readonly Invariant[]) => {
      const { violations } = await runTrial(trial, [tampering, ...first, ...INVARIANTS]);
      return violations;
    };
    const always = await found(RESTLESS);
    expect(always).not.toEqual([]);
    expect(await found()).toEqual(always);
  });
});
