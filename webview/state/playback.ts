import { signal } from '@preact/signals';
import type { StepFocus } from './stepFocus';

/** A run is played in about this many jumps, so that the time does not depend on its length. */
const jumps = 150;

/** Moves the step cursor through the visible steps. */
export class Playback {
  readonly playing = signal(false);
  readonly #focus: StepFocus;
  #timer: ReturnType<typeof setInterval> | null = null;
  #at = 0;

  constructor(focus: StepFocus) {
    this.#focus = focus;
  }

  /** @param intervalMs  the time between two jumps; longer ones are larger */
  toggle(intervalMs: number): void {
    if (this.playing.value) this.stop();
    else this.#start(intervalMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.playing.value = false;
  }

  #start(intervalMs: number): void {
    const focus = this.#focus;
    if (focus.steps < 2) return;
    const [first, last] = focus.range;
    const from = focus.cursor.value ?? last;
    this.#move(from >= last || from < first ? first : from);
    this.playing.value = true;
    this.#timer = setInterval(() => {
      // Somebody has moved the cursor: it stays there.
      if (focus.cursor.value !== this.#at) return this.stop();
      const [start, end] = focus.range;
      const by = Math.max(1, Math.round((((end - start) / jumps) * intervalMs) / 50));
      this.#move(Math.min(end, this.#at + by));
      if (this.#at >= end) this.stop();
    }, intervalMs);
  }

  #move(step: number): void {
    this.#focus.moveCursor(step);
    this.#at = this.#focus.cursor.value ?? step;
  }
}

/** Fewer, larger jumps where the user wants less motion. */
export function playIntervalMs(reducedMotion: boolean): number {
  return reducedMotion ? 500 : 50;
}
