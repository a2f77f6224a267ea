/** A film that the browser makes itself, so that the demo needs no media from anywhere: a canvas
 * that moves is recorded, which takes as long as the film is. Where a browser cannot record, what
 * the canvas shows is played as it comes. */

/** What a video element can play. */
export type Film =
  | { readonly kind: 'file'; readonly url: string }
  | {
      readonly kind: 'stream';
      readonly stream: MediaStream;
    };

const WIDTH = 480;
const HEIGHT = 270;
const FRAMES_PER_SEC = 25;
const made = new Map<string, Promise<Film>>();

/** The film of a title, made once. */
export function filmOf(name: string, seconds: number): Promise<Film> {
  const known = made.get(name) ?? makeFilm(name, seconds);
  made.set(name, known);
  return known;
}

async function makeFilm(name: string, seconds: number): Promise<Film> {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const stop = animate(canvas, name);
  const stream = canvas.captureStream(FRAMES_PER_SEC);
  if (typeof MediaRecorder === 'undefined') return { kind: 'stream', stream };
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  const done = new Promise<void>((resolve, reject) => {
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    recorder.addEventListener('stop', () => resolve());
    recorder.addEventListener('error', () => reject(new Error('the film cannot be recorded')));
  });
  recorder.start();
  setTimeout(() => recorder.stop(), seconds * 1_000);
  await done;
  stop();
  for (const track of stream.getTracks()) track.stop();
  return { kind: 'file', url: URL.createObjectURL(new Blob(parts, { type: recorder.mimeType })) };
}

/** Draws on and on. @returns what ends it. */
function animate(canvas: HTMLCanvasElement, name: string): () => void {
  const ink = canvas.getContext('2d');
  const hue = hueOf(name);
  const startedMs = performance.now();
  const draw = () => {
    if (ink === null) return;
    const t = (performance.now() - startedMs) / 1_000;
    ink.fillStyle = `hsl(${hue} 45% 18%)`;
    ink.fillRect(0, 0, WIDTH, HEIGHT);
    for (let i = 0; i < 6; i += 1) {
      ink.fillStyle = `hsl(${hue + 25 * i} 70% 60% / 0.7)`;
      const x = WIDTH * (0.5 + 0.4 * Math.sin(t * (0.6 + i * 0.13) + i));
      const y = HEIGHT * (0.5 + 0.35 * Math.cos(t * (0.5 + i * 0.17) + 2 * i));
      ink.beginPath();
      ink.arc(x, y, 18 + 6 * i, 0, 2 * Math.PI);
      ink.fill();
    }
    ink.fillStyle = '#fff';
    ink.font = '600 24px system-ui, sans-serif';
    ink.fillText(name, 20, HEIGHT - 24);
    ink.fillText(t.toFixed(1), 20, 36);
  };
  draw();
  const timer = setInterval(draw, 1_000 / FRAMES_PER_SEC);
  return () => clearInterval(timer);
}

/** A colour for a name: the same each time. */
export function hueOf(name: string): number {
  let sum = 0;
  for (let i = 0; i < name.length; i += 1) sum = (sum * 31 + name.charCodeAt(i)) % 360;
  return sum;
}
