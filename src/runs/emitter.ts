/** Ends a subscription or releases a hold. */
export interface Disposable {
  dispose(): void;
}

/** Subscribes to an event. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** The listeners of one event. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return { dispose: () => void this.#listeners.delete(own) };
  };

  /** Calls every listener. If a listener throws, the others are still called, and the error is thrown later. */
  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        setTimeout(() => {
          throw error;
        });
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
