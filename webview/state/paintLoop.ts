/**
 * Runs all painters together, at most once an animation frame. A hidden page gets no animation frames, so a frame
 * of the run is not acknowledged there and the host holds the next one back.
 */
export class PaintLoop {
  readonly #painters = new Set<() => void>();
  /** Painters whose element is far from what is on the screen: they are painted when it comes near. */
  readonly #outOfSight = new Set<() => void>();
  readonly #afterwards: (() => void)[] = [];
  #scheduled = false;

  /**
   * @param element  what is painted: left out while it is scrolled away
   * @returns a function that ends the registration
   */
  add(painter: () => void, element: Element): () => void {
    this.#painters.add(painter);
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.at(-1)?.isIntersecting === false) this.#outOfSight.add(painter);
        else if (this.#outOfSight.delete(painter)) this.request();
      },
      { rootMargin: '300px' },
    );
    observer.observe(element);
    this.request();
    return () => {
      observer.disconnect();
      this.#painters.delete(painter);
      this.#outOfSight.delete(painter);
    };
  }

  /** Paints in the next animation frame; `afterwards` runs when that is done. */
  request(afterwards?: () => void): void {
    if (afterwards !== undefined) this.#afterwards.push(afterwards);
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => this.#paint());
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
