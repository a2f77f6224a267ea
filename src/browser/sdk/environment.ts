/** What the SDK uses of a browser, as ports: a real window fills them in `dom/`, tests with fakes,
 * so that several tabs, full stores and bad networks can be had without a browser. */

/** The part of Web Storage that is used. Every method may throw. */
export interface TextStore {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
  removeItem(key: string): void;
}

/** What is asked of a server. */
export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Blob;
  /** Must outlive the page. */
  readonly keepalive: boolean;
  readonly signal: AbortSignal;
}

/** What a server answered. */
export interface HttpAnswer {
  readonly status: number;
  header(name: string): string | null;
  text(): Promise<string>;
}

/** A browser's tab, as the SDK sees it. */
export interface BrowserEnvironment {
  /** ms since the Unix epoch. */
  wallMs(): number;
  /** Monotonic ms, fractions allowed. */
  uptimeMs(): number;
  isOnline(): boolean;
  /** Posts, without credentials. Rejects where there was no answer. */
  post(request: HttpRequest): Promise<HttpAnswer>;
  /** Has the browser post text when it can. @returns false where it will not. */
  beacon(url: string, text: string): boolean;
  /** Undefined where the browser cannot compress. */
  readonly gzip: ((text: string) => Promise<Blob>) | undefined;
  randomBytes(count: number): Uint8Array;
  /** A uniform in (0, 1). */
  uniform(): number;
  /** Calls later; @returns what calls it off. */
  later(delayMs: number, call: () => void): () => void;
  /** What all tabs of the site share, and what this tab has alone; undefined where forbidden. */
  readonly shared: TextStore | undefined;
  readonly ownTab: TextStore | undefined;
  /** Calls while no other tab is in a call of this name; without locks, at once. */
  exclusively(name: string, call: () => void): void;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
const NAME_BYTES = 16;

/** A random name of 96 bits. */
export function randomName(environment: BrowserEnvironment): string {
  let name = '';
  for (const byte of environment.randomBytes(NAME_BYTES)) name += ALPHABET[byte & 63];
  return name;
}
