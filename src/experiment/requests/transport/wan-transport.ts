/** The way between a client and a server: the wide-area network of its device as far as region 0,
 * where connections and TLS end, and from there the backbone where the server stands elsewhere.
 * Spec: E35, E37. */
import { invariant } from '../../../kernel/errors.ts';
import type { TrafficMeter } from '../../../queueing/network/traffic-meter.ts';
import type { WideAreaNetwork } from '../../households/wide-area-network.ts';
import type { TrafficCount } from '../../world/recorder.ts';
import type { Attempt } from '../calls/call.ts';
import { drawIndex } from '../calls/page-request.ts';
import { answerBytes, CLIENT_HEADER_BYTES, requestBytes } from './message-sizes.ts';
import type { Transport } from './transport.ts';

/** What the way is made of. */
export interface WanTransportOptions {
  readonly wan: WideAreaNetwork;
  /** Counts calls and bytes. */
  readonly count: TrafficCount;
  /** Counts bytes by class. */
  readonly meter: TrafficMeter;
  /** The way on to another region; undefined where the server stands in region 0. */
  readonly backbone: Transport | undefined;
}

/** Makes the way. */
export function createWanTransport(options: WanTransportOptions): Transport {
  const { wan, count, meter, backbone } = options;
  const messageOf = (attempt: Attempt, sizeBytes: number) => {
    const { call, number, connection } = attempt;
    const { request } = call;
    invariant(connection !== undefined, 'ATTEMPT_WITHOUT_CONNECTION', { id: attempt.id });
    const key = drawIndex(request, call.slot, number);
    return { client: request.client, connection, sizeBytes, key };
  };
  return {
    upUs(attempt, afterUs) {
      const sizeBytes = requestBytes(attempt) + CLIENT_HEADER_BYTES.up;
      count.calls += 1;
      count.bytes += sizeBytes;
      meter.add('inbound', sizeBytes);
      const wanUs = wan.upUs(messageOf(attempt, sizeBytes), afterUs);
      return backbone === undefined ? wanUs : backbone.upUs(attempt, wanUs);
    },
    downUs(attempt, ok) {
      const sizeBytes = answerBytes(attempt, ok) + CLIENT_HEADER_BYTES.down;
      count.bytes += sizeBytes;
      meter.add('internet', sizeBytes);
      const wanUs = wan.downUs(messageOf(attempt, sizeBytes));
      return backbone === undefined ? wanUs : wanUs + backbone.downUs(attempt, ok);
    },
  };
}
