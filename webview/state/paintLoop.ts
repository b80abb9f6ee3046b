/** The interface of the page to a paint loop. */
export interface Screen {
  /** Calls `paint` in the next animation frame. */
  nextFrame(paint: () => void): void;
  /**
   * Observes whether an element is visible or nearly visible, and tells it soon after the call.
   *
   * @returns a function that ends the observation
   */
  watch(element: object, changed: (near: boolean) => void): () => void;
  /** The current time in milliseconds. */
  now(): number;
}

type Painter = () => void;

/** A request that is answered when all painters that it asked for have painted. */
interface Waiting {
  readonly left: Set<Painter>;
  readonly done: () => void;
}

/**
 * The time for painting in one animation frame. After it, the remaining painters wait for the next frame, so that the page
 * answers in between and the first pictures appear before the last ones are drawn. At least one painter is called in each frame.
 */
const frameMs = 12;

/**
 * Runs the painters of visible elements, each at most once per animation frame, in the order of their requests. A hidden page
 * gets no animation frames, so it does not acknowledge a frame of the run, and the host does not send the next one.
 */
export class PaintLoop {
  readonly #screen: Screen;
  /** The painters whose element is visible or nearly visible. */
  readonly #near = new Set<Painter>();
  /** The painters of which it is not known yet. */
  readonly #unseen = new Set<Painter>();
  /** The painters that were requested and have not painted since, in the order of the requests. */
  readonly #due = new Set<Painter>();
  #waiting: Waiting[] = [];
  #scheduled = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /**
   * Paints an element when it is first seen, and at every request while it is visible.
   *
   * @returns a function that ends the registration
   */
  add(painter: Painter, element: object): () => void {
    this.#unseen.add(painter);
    const end = this.#screen.watch(element, (near) => {
      if (!near) this.#leave(painter);
      else if (!this.#near.has(painter)) {
        this.#unseen.delete(painter);
        this.#near.add(painter);
        this.#due.add(painter);
        this.#schedule();
      }
    });
    return () => {
      end();
      this.#leave(painter);
    };
  }

  /** Paints in the next animation frames; `afterwards` is called when every visible element has been painted. */
  request(afterwards?: () => void): void {
    for (const painter of this.#near) this.#due.add(painter);
    if (afterwards) this.#waiting.push({ left: new Set([...this.#near, ...this.#unseen]), done: afterwards });
    this.#schedule();
  }

  #leave(painter: Painter): void {
    this.#unseen.delete(painter);
    this.#near.delete(painter);
    this.#due.delete(painter);
    for (const { left } of this.#waiting) left.delete(painter);
    if (this.#waiting.length > 0) this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#screen.nextFrame(() => this.#paint());
  }

  #paint(): void {
    this.#scheduled = false;
    const from = performance.now();
    const until = this.#screen.now() + frameMs;
    const errors: unknown[] = [];
    for (const painter of [...this.#due]) {
      this.#due.delete(painter);
      for (const { left } of this.#waiting) left.delete(painter);
      try {
        painter();
      } catch (error) {
        errors.push(error);
      }
      if (this.#screen.now() >= until) break;
    }
    performance.measure('adamscope:paint', { start: from });
    const done = this.#waiting.filter(({ left }) => left.size === 0);
    this.#waiting = this.#waiting.filter(({ left }) => left.size > 0);
    for (const each of done) each.done();
    if (this.#due.size > 0) this.#schedule();
    if (errors.length > 0) throw errors[0];
  }
}
