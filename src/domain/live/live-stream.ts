/** What a dashboard's server sends beside the contract of frames: the data of its two kinds of
 * server-sent events, and the greeting with what this visitor may do. Spec: L61, L62. */
import type { LiveFrame } from './live-frame.ts';
import type { LiveHello } from './live-hello.ts';

/** The data of an `event: frame`. */
export interface FrameMessage {
  /** Frames that this client was too slow for, since it came. */
  readonly missed: number;
  readonly frame: LiveFrame;
}

/** The data of the `event: end`: no frame follows. */
export interface LiveEnding {
  /** What became of it, in a sentence. */
  readonly text: string;
  /** A command line that shows or runs it again; null where there is none. */
  readonly command: string | null;
}

/** The answer of `/hello.json`. */
export interface DashboardHello extends LiveHello {
  /** Whether the token that came along permits commands. */
  readonly mayAct: boolean;
}
