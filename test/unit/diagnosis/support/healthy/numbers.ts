import type { RunConfig } from '../../../../../src/core/config/runConfig';
import type { EvaluationContext, Objective } from '../../../../../src/core/objective';
import { stateNamesOf } from '../../../../../src/core/phases';
import type { RunObserver } from '../../../../../src/core/runLoop';
import {
  blankCoordinate,
  type CoordinateFormulas,
  formulasOf,
} from '../../../../../src/core/trace/coordinateFormulas';
import type { StepView } from '../../../../../src/core/update';

const looks = 24;
/** The curvature is measured at every third recorded loss. */
const curvatureEvery = 3;
const powers = 8;

/**
 * The full-batch loss along a run and the ratio of its stability value to the limit, computed independently
 * of the rules.
 */
export class RunNumbers implements RunObserver {
  /** The full-batch loss at the start and after every 24th part of the run. */
  readonly losses: number[] = [];
  /**
   * The largest ratio of a·λmax(P⁻¹H) to its limit at every third of these places, after the first 3/(1 − β)
   * steps.
   */
  stability = 0;
  readonly #objective: Objective;
  readonly #steps: number;
  readonly #formulas: CoordinateFormulas;
  /** The direction that the last search found. */
  #sharpest: Float64Array | null = null;
  readonly #names: ReturnType<typeof stateNamesOf>;

  constructor(objective: Objective, start: ArrayLike<number>, config: RunConfig) {
    this.#objective = objective;
    this.#steps = config.steps;
    this.#formulas = formulasOf(config)[0]!;
    this.#names = stateNamesOf(config);
    this.losses.push(objective.value(Float64Array.from(start), all) as number);
  }

  onStep(step: StepView): void {
    const every = Math.max(1, Math.floor(this.#steps / looks));
    if (step.t % every !== 0 && step.t !== this.#steps) return;
    this.losses.push(this.#objective.value(step.params, all) as number);
    const settled = 3 / (1 - (Number.isNaN(step.beta) ? 0 : step.beta));
    if (step.t >= settled && this.losses.length % curvatureEvery === 0)
      this.stability = Math.max(this.stability, this.#stabilityOf(step));
  }

  /**
   * By the power method on P^(−½)HP^(−½), with H from differences of the gradient. Eight iterations give a
   * lower estimate.
   */
  #stabilityOf(step: StepView): number {
    const dim = step.params.length;
    const limit = this.#formulas.stabilityLimit({ t: step.age, lr: step.lr, beta: step.beta });
    if (!Number.isFinite(limit)) return 0;
    const at = blankCoordinate();
    const roots = new Float64Array(dim);
    let size = 0;
    for (let i = 0; i < dim; i++) {
      Object.assign(at, { t: step.age, lr: step.lr, beta: step.beta, muProduct: step.muProduct });
      Object.assign(at, { grad: step.grad[i], params: step.params[i] });
      this.#names.forEach((name, k) => {
        at[name] = step.state[k]![i]!;
      });
      const effective = this.#formulas.formulas.effectiveLr!(at);
      roots[i] = Math.sqrt(effective);
    }
    let v = this.#sharpest ?? Float64Array.from({ length: dim }, (_, i) => 1 + ((i * 7) % 5) / 9);
    let norm = Math.hypot(...v);
    const [plus, minus] = [new Float64Array(dim), new Float64Array(dim)];
    for (let k = 0; k < powers; k++) {
      const direction = v.map((each, i) => (roots[i]! * each) / norm);
      const h = 1e-5 / Math.hypot(...direction);
      const shifted = (sign: number) => step.params.map((x, i) => x + sign * h * direction[i]!);
      this.#objective.valueAndGradient(shifted(1), plus, all);
      this.#objective.valueAndGradient(shifted(-1), minus, all);
      v = v.map((_, i) => (roots[i]! * (plus[i]! - minus[i]!)) / (2 * h));
      norm = Math.hypot(...v);
      if (norm === 0) return 0;
      size = norm;
    }
    this.#sharpest = v;
    return size / limit;
  }
}

const all = (): EvaluationContext => ({ step: 1, epoch: 0, indices: [], random: () => 0.5 });
