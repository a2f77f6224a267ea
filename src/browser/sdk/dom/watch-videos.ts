/** Videos of the page: those that say their title by `data-backlot-title`, and those that the page
 * hands over. One that leaves the document ends its play. Spec: B26. */
import { randomName } from '../environment.ts';
import { type VideoWatch, watchVideo } from '../video/video-watch.ts';
import type { CaptureContext, Watcher } from './capture-context.ts';
import { attributeOf, isWithin } from './element-reader.ts';

/** Watches videos. */
export interface VideoWatcher extends Watcher {
  /** @returns what ends it. */
  observe(video: HTMLVideoElement, titleId: string): () => void;
}

interface Watched {
  readonly watch: VideoWatch;
  readonly titleId: string;
  readonly isNamedByPage: boolean;
  wasFullscreen: boolean;
}

/** Watches videos. @param isAutomatic - Whether it looks for them itself. */
export function watchVideos(context: CaptureContext, isAutomatic: boolean): VideoWatcher {
  const { win, environment, capture, later } = context;
  const { document } = win;
  const watched = new Map<HTMLVideoElement, Watched>();
  const isFullscreen = (video: Element) => document.fullscreenElement?.contains(video) ?? false;
  const add = (video: HTMLVideoElement, titleId: string, isNamedByPage: boolean) => {
    remove(video);
    const watch = watchVideo(video, {
      titleId,
      nameOfPlay: () => randomName(environment),
      uptimeMs: () => environment.uptimeMs(),
      later,
      isFullscreen: () => isFullscreen(video),
      capture: ({ type, data }, agoUs) => capture(type, data, agoUs / 1_000),
    });
    watched.set(video, { watch, titleId, isNamedByPage, wasFullscreen: isFullscreen(video) });
  };
  const remove = (video: HTMLVideoElement) => {
    watched.get(video)?.watch.stop();
    watched.delete(video);
  };
  const look = () => {
    for (const video of watched.keys()) if (!video.isConnected) remove(video);
    if (!isAutomatic) return;
    for (const video of document.querySelectorAll<HTMLVideoElement>('video[data-backlot-title]')) {
      const titleId = attributeOf(video, 'data-backlot-title');
      const known = watched.get(video);
      if (titleId === undefined || known?.isNamedByPage || known?.titleId === titleId) continue;
      if (!isWithin(video, '[data-backlot-ignore]')) add(video, titleId, false);
    }
  };
  context.listen(document, 'fullscreenchange', () => {
    for (const [video, one] of watched) {
      if (isFullscreen(video) === one.wasFullscreen) continue;
      one.wasFullscreen = !one.wasFullscreen;
      one.watch.fullscreenChanged();
    }
  });
  return {
    observe(video, titleId) {
      add(video, titleId, true);
      const mine = watched.get(video);
      return () => {
        if (watched.get(video) === mine) remove(video);
      };
    },
    documentChanged: look,
    pageBegan: look,
    leaving() {
      for (const { watch } of watched.values()) watch.ended();
    },
    stop() {
      for (const video of [...watched.keys()]) remove(video);
    },
  };
}
