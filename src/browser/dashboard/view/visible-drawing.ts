/** Drawings cost a page most of its time: they are made only while somebody can see them. */

/** Draws the newest state of something while its box is in sight, or nearly. */
export class VisibleDrawing<T> {
  readonly #draw: (state: T) => void;
  #state: T | undefined;
  #isVisible = false;

  constructor(box: Element, draw: (state: T) => void) {
    this.#draw = draw;
    const watcher = new IntersectionObserver(
      (entries) => {
        this.#isVisible = entries.at(-1)?.isIntersecting ?? false;
        this.redraw();
      },
      { rootMargin: '120px' },
    );
    watcher.observe(box);
  }

  get isVisible(): boolean {
    return this.#isVisible;
  }

  show(state: T): void {
    this.#state = state;
    this.redraw();
  }

  /** Draws it again, where it can be seen. */
  redraw(): void {
    if (this.#isVisible && this.#state !== undefined) this.#draw(this.#state);
  }
}
