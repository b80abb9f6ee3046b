import { norm2 } from '../numerics/norms';
import type { Objective, OpenContext } from '../objective';
import type { RunOutcome } from '../runLoop';
import type { StepView } from '../update';
import { type Beyond, lookBeyond } from './lookBeyond';

/** Up to this multiple of the first gradient norm, the run has not yet run away. */
const calm = 10;
/** From this multiple of the first gradient norm, the numbers overflow by themselves in a few steps. */
const runaway = 1e20;

/**
 * Watches for a loss that falls without bound by steps that grow, until a number overflows. Such a run ends like one that left
 * the domain of its loss, but no shorter step helps: there is no minimum. It is recognised by the loss on the line along
 * a step that the run made before its gradients grew.
 */
export class OverflowWatch {
  /** The last point with a gradient of usual size, and the step from there. */
  #from: Float64Array | null = null;
  #step: Float64Array | null = null;
  /** The last step, if its gradient was of usual size. Its vectors are copied only when a gradient has grown. */
  #calmStep: StepView | null = null;
  #firstNorm = Number.NaN;
  #lastNorm = 0;
  #last = Number.NaN;
  #least = Number.POSITIVE_INFINITY;
  #start = Number.NaN;

  onStep(step: StepView): void {
    const isCalm = this.#isCalm(step);
    if (this.#calmStep && !isCalm) this.#keep(step.previous, step.before);
    this.#calmStep = isCalm ? step : null;
  }

  #keep(from: Float64Array, to: Float64Array): void {
    this.#from = from.slice();
    this.#step = to.map((theta, i) => theta - from[i]!);
  }

  #isCalm({ loss, gradNorm }: StepView): boolean {
    if (!Number.isFinite(loss)) return false;
    if (Number.isNaN(this.#start)) this.#start = loss;
    this.#last = loss;
    this.#least = Math.min(this.#least, loss);
    if (!Number.isFinite(gradNorm)) return false;
    if (Number.isNaN(this.#firstNorm)) this.#firstNorm = gradNorm;
    this.#lastNorm = gradNorm;
    return !(gradNorm > calm * this.#firstNorm);
  }

  /**
   * The loss beyond the run, if it fell until the numbers overflowed.
   *
   * @param frozenAt  the step at which a moment of the optimizer had overflowed, after which no update was made; null if there is none
   * @returns null if the run did not end like this, or the loss does not fall all the way along a straight line
   */
  async beyond(
    outcome: RunOutcome,
    frozenAt: number | null,
    objective: Objective,
    open: OpenContext,
  ): Promise<Beyond | null> {
    const { stopped, steps, final } = outcome;
    if ((Number.isFinite(final.loss) && frozenAt === null) || stopped === 'error') return null;
    if (this.#calmStep) this.#keep(this.#calmStep.before, this.#calmStep.params);
    const [from, step] = [this.#from, this.#step];
    if (from === null || step === null) return null;
    const hasFallen = this.#last < this.#start && this.#last === this.#least;
    const hasOverflowed =
      frozenAt !== null ||
      final.loss === Number.NEGATIVE_INFINITY ||
      this.#lastNorm >= runaway * this.#firstNorm;
    if (!hasFallen || !hasOverflowed || !step.every(Number.isFinite) || norm2(step) === 0) return null;
    const seen = await lookBeyond(objective, from, step, open, 0);
    return seen && { ...seen, overflow: { t: frozenAt ?? steps, lastLoss: this.#last } };
  }
}
