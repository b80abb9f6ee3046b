import type { Keyframe } from '../core/keyframe';

/** The states of a run from which its steps can be made again. The start is not among them. */
export class Keyframes {
  #all: Keyframe[] = [];

  /** @param keyframe  of a later step than all others */
  add(keyframe: Keyframe): void {
    if (keyframe.t > 0) this.#all.push(keyframe);
  }

  /** The last one before a step; null: the step is made again from the start. */
  before(step: number): Keyframe | null {
    return this.#all.findLast(({ t }) => t < step) ?? null;
  }

  get byteLength(): number {
    return this.#all.reduce((sum, { values }) => sum + values.byteLength, 0);
  }
}
