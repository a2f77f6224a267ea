/** The device: page loads within patience, playback by content time, the network's absence. */
import { describe, expect, it } from 'vitest';
import { createDeviceMachine, type DeviceWorld } from '../../src/actors/device.ts';
import { minutes, ms, seconds } from '../../src/kernel/time.ts';
import { benchOfOne } from './bench-of-one.ts';

function deviceBench(world: Partial<DeviceWorld> = {}) {
  return benchOfOne(
    (simulation) =>
      createDeviceMachine({
        nowUs: () => simulation.nowUs,
        pageTimeoutUs: seconds(10),
        media: { heartbeatUs: seconds(60), seekSettleUs: seconds(5) },
        takeIn: () => {},
        startupTimeUs: () => seconds(1),
        stalls: () => false,
        stallTimeUs: () => seconds(2),
        absence: () => undefined,
        ...world,
      }),
    { viewer: 3 },
  );
}

const HOME = { type: 'page.opened', page: 'home', variables: { genre: 'Drama' }, pageSequence: 1 };
const play = (type: string, seekShare = 0) => ({
  type,
  titleId: 'tt1',
  playCount: 1,
  durationUs: minutes(3),
  seekShare,
});

function captured(bench: ReturnType<typeof deviceBench>) {
  return bench.emitted
    .filter(({ message }) => message.type === 'fact.captured')
    .map(({ atUs, message }) => [
      atUs / seconds(1),
      message['event'],
      (message['data'] as { positionSeconds?: number }).positionSeconds,
    ]);
}

describe("the device's screen", () => {
  it('A7: shows the answer and tells the SDK of the page view', () => {
    const bench = deviceBench();
    bench.tell(HOME);
    bench.simulation.run(ms(400));
    bench.tell({ type: 'page.answered', pageSequence: 1, outcome: 'partial' });
    expect(bench.types()).toEqual(['load.started', 'page.shown', 'fact.captured']);
    expect(bench.emitted[1]?.message['outcome']).toBe('partial');
  });

  it('A7: gives up after the page timeout and ignores the late answer', () => {
    const bench = deviceBench();
    bench.tell(HOME);
    bench.simulation.run(seconds(10));
    expect(bench.types()).toEqual(['load.started', 'load.abandoned', 'page.shown']);
    expect(bench.emitted.at(-1)?.message['outcome']).toBe('timeout');
    bench.tell({ type: 'page.answered', pageSequence: 1, outcome: 'ok' });
    expect(bench.emitted.length).toBe(3);
  });

  it('A7: ignores the answer to an earlier load', () => {
    const bench = deviceBench();
    bench.tell({ ...HOME, pageSequence: 2 });
    bench.tell({ type: 'page.answered', pageSequence: 1, outcome: 'ok' });
    expect(bench.types()).toEqual(['load.started']);
  });

  it('A7: hands the answers to its own calls to whoever runs the plan', () => {
    const taken: unknown[] = [];
    const bench = deviceBench({ takeIn: (attempt) => taken.push(attempt) });
    bench.tell(HOME);
    const attempt = { call: 1 };
    bench.tell({ type: 'call.answered', attempt });
    expect(taken).toEqual([attempt]);
  });
});

describe("the device's player", () => {
  it('A8: plays to the end with heartbeats in between', () => {
    const bench = deviceBench();
    bench.tell(play('player.play'));
    bench.simulation.run(minutes(10));
    expect(captured(bench)).toEqual([
      [1, 'media.play', 0],
      [61, 'media.ping', 60],
      [121, 'media.ping', 120],
      [181, 'media.end', 180],
    ]);
    expect(bench.types().at(-1)).toBe('playback.ended');
  });

  it('A8, A49: counts no content time while paused, and pings at once on resume', () => {
    const bench = deviceBench();
    bench.tell(play('player.play'));
    bench.simulation.run(seconds(31));
    bench.tell(play('player.pause'));
    bench.simulation.run(seconds(500));
    bench.tell(play('player.resume'));
    bench.simulation.run(seconds(510));
    bench.tell(play('player.stop'));
    expect(captured(bench)).toEqual([
      [1, 'media.play', 0],
      [31, 'media.pause', 30],
      [500, 'media.resume', 30],
      [500, 'media.ping', 30],
      [510, 'media.end', 40],
    ]);
  });

  it('A8, A51: jumps when told to seek, and plays on from there; told once it has settled', () => {
    const bench = deviceBench();
    bench.tell(play('player.play'));
    bench.simulation.run(seconds(11));
    bench.tell(play('player.seek', 0.5));
    bench.simulation.run(minutes(10));
    expect(captured(bench)).toEqual([
      [1, 'media.play', 0],
      [16, 'media.seek', 90],
      [71, 'media.ping', 150],
      [101, 'media.end', 180],
    ]);
  });

  it('A51: tells of seeks in a row as one, dated to the last of them', () => {
    const bench = deviceBench();
    bench.tell(play('player.play'));
    bench.simulation.run(seconds(11));
    bench.tell(play('player.seek', 0.5));
    bench.simulation.run(seconds(13));
    bench.tell(play('player.seek', 0.25));
    bench.simulation.run(seconds(16));
    bench.tell(play('player.pause'));
    const facts = bench.emitted.filter(({ message }) => message.type === 'fact.captured');
    expect(facts.slice(1).map(({ message }) => message)).toEqual([
      {
        type: 'fact.captured',
        event: 'media.seek',
        data: {
          titleId: 'tt1',
          playbackId: 'p3-1',
          positionSeconds: 45,
          seekFromSeconds: 10,
        },
        agoUs: seconds(3),
      },
      {
        type: 'fact.captured',
        event: 'media.pause',
        data: { titleId: 'tt1', playbackId: 'p3-1', positionSeconds: 48 },
      },
    ]);
  });

  it('A50, A52: ends with the books of the play', () => {
    const bench = deviceBench({ stalls: (_viewer, heartbeat) => heartbeat === 0 });
    bench.tell(play('player.play'));
    bench.simulation.run(seconds(70));
    bench.tell(play('player.pause'));
    bench.simulation.run(seconds(90));
    bench.tell(play('player.resume'));
    bench.simulation.run(seconds(95));
    bench.tell(play('player.stop'));
    const end = bench.emitted.at(-1)?.message;
    // Plays 1–61, stalls 61–63, plays to 70, is paused for 20 s, plays for 5 s.
    expect(end?.['data']).toMatchObject({
      positionSeconds: 72,
      completed: false,
      watchedSeconds: 72,
      playedSeconds: 72,
      pausedSeconds: 20,
      bufferedSeconds: 2,
    });
  });

  it('A8: stalls for as long as chance says', () => {
    const bench = deviceBench({ stalls: (_viewer, heartbeat) => heartbeat === 0 });
    bench.tell(play('player.play'));
    bench.simulation.run(seconds(130));
    expect(captured(bench)).toEqual([
      [1, 'media.play', 0],
      [61, 'media.buffer_start', 60],
      [63, 'media.buffer_end', 60],
      [123, 'media.ping', 120],
    ]);
  });
});

describe("the device's network", () => {
  it('A8: goes away during a play and comes back; pages fail meanwhile', () => {
    const bench = deviceBench({
      absence: () => ({ afterUs: seconds(20), durationUs: seconds(60) }),
    });
    bench.tell(play('player.play'));
    bench.simulation.run(seconds(30));
    bench.tell(HOME);
    expect(bench.emitted.at(-1)?.message).toEqual({ type: 'page.unreachable', pageSequence: 1 });
    bench.simulation.run(seconds(90));
    const changes = bench.emitted
      .filter(({ message }) => message.type === 'network.changed')
      .map(({ atUs, message }) => [atUs, message['online']]);
    expect(changes).toEqual([
      [seconds(20), false],
      [seconds(80), true],
    ]);
  });

  it('E461: is cut off beside an absence of its own: online where neither is', () => {
    const bench = deviceBench({
      absence: () => ({ afterUs: seconds(20), durationUs: seconds(60) }),
    });
    const online = () =>
      bench.emitted.filter(({ message }) => message.type === 'network.changed').at(-1)?.message[
        'online'
      ];
    bench.tell(play('player.play'));
    const at = (second: number, type?: string) => {
      bench.simulation.run(seconds(second));
      if (type !== undefined) bench.tell({ type });
      return online();
    };
    expect(at(10, 'network.lost')).toBe(false);
    expect(at(30, 'network.restored')).toBe(false);
    expect(at(50, 'network.lost')).toBe(false);
    expect(at(85)).toBe(false);
    bench.tell(HOME);
    expect(bench.emitted.at(-1)?.message.type).toBe('page.unreachable');
    expect(at(90, 'network.restored')).toBe(true);
  });
});
