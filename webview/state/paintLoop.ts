/** The interface of the page to a paint loop. */
export interface Screen {
  /** Calls `paint` in the next animation frame. */
  nextFrame(paint: () => void): void;
  /** Observes whether an element is visible or nearly visible. @returns a function that ends the observation */
  watch(element: object, changed: (near: boolean) => void): () => void;
}

/**
 * Runs all painters together, at most once per animation frame. A hidden page gets no animation frames, so it
 * does not acknowledge a frame of the run, and the host does not send the next one.
 */
export class PaintLoop {
  readonly #screen: Screen;
  readonly #painters = new Set<() => void>();
  /** Painters whose element is outside the visible area; they are called when it is nearly visible. */
  readonly #outOfSight = new Set<() => void>();
  readonly #afterwards: (() => void)[] = [];
  #scheduled = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /**
   * @param element  the painted element; it is not painted while it is outside the visible area
   * @returns a function that ends the registration
   */
  add(painter: () => void, element: object): () => void {
    this.#painters.add(painter);
    const end = this.#screen.watch(element, (near) => {
      if (!near) this.#outOfSight.add(painter);
      else if (this.#outOfSight.delete(painter)) this.request();
    });
    this.request();
    return () => {
      end();
      this.#painters.delete(painter);
      this.#outOfSight.delete(painter);
    };
  }

  /** Paints in the next animation frame; `afterwards` is called when that is done. */
  request(afterwards?: () => void): void {
    if (afterwards !== undefined) this.#afterwards.push(afterwards);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#screen.nextFrame(() => this.#paint());
  }

  #paint(): void {
    this.#scheduled = false;
    const started = performance.now();
    try {
      for (const painter of this.#painters) if (!this.#outOfSight.has(painter)) painter();
    } finally {
      performance.measure('adamscope:paint', { start: started });
      for (const done of this.#afterwards.splice(0)) done();
    }
  }
}
