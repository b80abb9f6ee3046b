/** What a paint loop knows of the page. */
export interface Screen {
  /** Calls `paint` in the next animation frame. */
  nextFrame(paint: () => void): void;
  /** Tells when an element comes near what is on the screen, and when it leaves. @returns a function that ends it */
  watch(element: object, changed: (near: boolean) => void): () => void;
}

/**
 * Runs all painters together, at most once an animation frame. A hidden page gets no animation frames, so a frame
 * of the run is not acknowledged there and the host holds the next one back.
 */
export class PaintLoop {
  readonly #screen: Screen;
  readonly #painters = new Set<() => void>();
  /** Painters whose element is far from what is on the screen: they are painted when it comes near. */
  readonly #outOfSight = new Set<() => void>();
  readonly #afterwards: (() => void)[] = [];
  #scheduled = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /**
   * @param element  what is painted: left out while it is scrolled away
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

  /** Paints in the next animation frame; `afterwards` runs when that is done. */
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
