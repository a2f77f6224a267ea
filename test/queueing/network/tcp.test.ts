/** TCP and TLS by hand: handshakes, rounds of slow start, repairs. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import {
  handshakeRoundTrips,
  INITIAL_WINDOW_SEGMENTS,
  lossRepairUs,
  SEGMENT_BYTES,
  segmentsOf,
  synRepairUs,
  transferUs,
  windowAfter,
  windowAfterIdle,
} from '../../../src/queueing/network/tcp.ts';

const RTT = 50_000;
const draws = createChance({ seed: 20_261_125, replication: 0 }).draws('tcp.test');

describe('handshakes', () => {
  it('Q81: take a round trip for TCP and what TLS takes', () => {
    const versions = ['none', '1.2', '1.3', '1.3-early-data'] as const;
    expect(versions.map((tls) => handshakeRoundTrips(tls, false))).toEqual([1, 3, 2, 2]);
    expect(versions.map((tls) => handshakeRoundTrips(tls, true))).toEqual([1, 2, 2, 1]);
  });

  it('Q81: wait one second for a lost SYN, then two', () => {
    // A SYN or its answer is lost with probability 0.19.
    const waits = [0.2, 0.189, 0.0362, 0.036].map((u) => synRepairUs(0.1, u));
    expect(waits).toEqual([0, 1e6, 1e6, 3e6]);
    expect(synRepairUs(0, 1e-300)).toBe(0);
  });
});

describe('a transfer', () => {
  const transfer = (segments: number, usPerByte: number, windowSegments = 10) =>
    transferUs({
      sizeBytes: segments * SEGMENT_BYTES,
      roundTripUs: RTT,
      usPerByte,
      windowSegments,
    });

  it('Q79: needs one more round trip each time the window has to double', () => {
    const rounds = [1, 10, 11, 30, 31, 70, 71].map((n) => (transfer(n, 0) - RTT / 2) / RTT);
    expect(rounds).toEqual([0, 0, 1, 1, 2, 2, 3]);
    expect((transfer(40, 0, 40) - RTT / 2) / RTT).toBe(0);
  });

  it('Q79: adds the time of transmission of what the last round sends', () => {
    // 100 segments at 1 µs a byte: windows of 10 and 20 take 14.6 and 29.2 ms, less than a round
    // trip; one of 40 takes 58.4 ms, so that the remaining 70 go out without a stop.
    expect(transfer(100, 1)).toBe(2 * RTT + 70 * SEGMENT_BYTES + RTT / 2);
    expect(transfer(10, 1)).toBe(10 * SEGMENT_BYTES + RTT / 2);
  });

  it('Q79: is bound by the rate where that is low', () => {
    expect(transfer(100, 10)).toBe(100 * SEGMENT_BYTES * 10 + RTT / 2);
  });

  test.prop([fc.nat(3_000_000), fc.nat(100_000), fc.double({ min: 0, max: 10, noNaN: true })], {
    numRuns: 300,
    seed: 20261125,
  })(
    'Q79: takes longer for more, and never less than light and rate allow',
    (...[sizeBytes, more, usPerByte]) => {
      const one = {
        sizeBytes,
        roundTripUs: RTT,
        usPerByte,
        windowSegments: INITIAL_WINDOW_SEGMENTS,
      };
      const delayUs = transferUs(one);
      expect(delayUs).toBeGreaterThanOrEqual(RTT / 2 + sizeBytes * usPerByte - 1e-6);
      expect(transferUs({ ...one, windowSegments: 20 })).toBeLessThanOrEqual(delayUs + 1e-6);
      expect(transferUs({ ...one, sizeBytes: sizeBytes + more })).toBeGreaterThanOrEqual(
        delayUs - 1e-6,
      );
    },
  );

  it('Q79: leaves a larger window, or half of it after a loss', () => {
    const grown = (windowSegments: number, sizeBytes: number, isRepaired = false) =>
      windowAfter({ windowSegments, sizeBytes }, isRepaired);
    expect([grown(10, 14_600), grown(10, 1), grown(4_300, 1e9)]).toEqual([20, 11, 4_308]);
    expect([grown(20, 1, true), grown(3, 1, true)]).toEqual([10, 2]);
    expect([0, 1, 1_460, 1_461].map(segmentsOf)).toEqual([1, 1, 1, 2]);
  });
});

describe('losses', () => {
  const repair = (segments: number, uLoss: number, uRepeat = 0.5) =>
    lossRepairUs({ segments, lossProbability: 0.1, roundTripUs: RTT, uLoss, uRepeat });

  it('Q80: cost a time-out where too few segments follow, a round trip where three do', () => {
    expect(repair(1, 0.05)).toBe(200_000);
    expect(repair(1, 0.1)).toBe(0);
    expect(repair(3, 0.05)).toBe(200_000);
    expect(repair(4, 0.05)).toBe(RTT);
    // The second of four is lost: only two follow.
    expect(repair(4, 0.15)).toBe(200_000);
    expect(repair(100, 0.15)).toBe(RTT);
  });

  it('Q80: time-outs are three round trips where those are long, and double', () => {
    const long = { segments: 1, lossProbability: 0.1, roundTripUs: 100_000, uLoss: 0.05 };
    expect(lossRepairUs({ ...long, uRepeat: 0.5 })).toBe(300_000);
    expect(lossRepairUs({ ...long, uRepeat: 0.05 })).toBe(300_000 + 600_000);
    expect(lossRepairUs({ ...long, uRepeat: 0.005 })).toBe(300_000 * 7);
    expect(repair(10, 0.05, 0.05)).toBe(RTT + 200_000);
    // 0.2, 0.4 … 51.2 s are nine time-outs, then seven of 60 s.
    expect(repair(1, 0.05, 1e-300)).toBeCloseTo(102_200_000 + 7 * 60_000_000, 3);
  });

  it('Q80: hit a message of n segments with probability 1 − (1 − p)ⁿ', () => {
    const n = 40_000;
    for (const [segments, lossProbability] of [
      [1, 0.02],
      [30, 0.02],
      [200, 0.01],
    ] as const) {
      let repaired = 0;
      for (let i = 0; i < n; i += 1) {
        const uLoss = draws.uniform(segments, i);
        const draw = { segments, lossProbability, roundTripUs: RTT, uLoss, uRepeat: 0.5 };
        if (lossRepairUs(draw) > 0) repaired += 1;
      }
      const theory = 1 - (1 - lossProbability) ** segments;
      expect(Math.abs(repaired / n - theory)).toBeLessThan(0.01);
      expect(repaired).toBeGreaterThan(0);
    }
  });
});

describe('a pause', () => {
  it('Q85: halves the window for each time-out that it was long, down to a fresh one', () => {
    const shrunk = (idleUs: number, roundTripUs = RTT) =>
      windowAfterIdle(80, { idleUs, roundTripUs });
    expect([0, 199_999, 200_000, 400_000, 600_000, 7e6].map((us) => shrunk(us))).toEqual([
      80, 80, 40, 20, 10, 10,
    ]);
    // Three round trips are longer than 200 ms here.
    expect(shrunk(599_999, 200_000)).toBe(80);
    expect(windowAfterIdle(3, { idleUs: 7e6, roundTripUs: RTT })).toBe(3);
  });
});
