/**
 * Runs all painters together, at most once an animation frame. A hidden page gets no animation frames, so a frame
 * of the run is not acknowledged there and the host holds the next one back.
 */
export class PaintLoop {
  readonly #painters = new Set<() => void>();
  readonly #afterwards: (() => void)[] = [];
  #scheduled = false;

  /** @returns a function that ends the registration. */
  add(painter: () => void): () => void {
    this.#painters.add(painter);
    this.request();
    return () => this.#painters.delete(painter);
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
      for (const painter of this.#painters) painter();
    } finally {
      performance.measure('adamscope:paint', { start: started });
      for (const done of this.#afterwards.splice(0)) done();
    }
  }
}
