import { firstNonFinite, maxAbs } from '../numerics/norms';
import { type Random, seededRandom } from '../numerics/random';
import { isPromise, type MaybePromise, type Objective, type OpenContext } from '../objective';
import type { DifferenceAccuracy } from './differenceAccuracy';
import { answer, type Inquiry } from './inquiry';
import { lengthAlong, usualLength } from './lengthAlong';
import { type Noise, noiseAlong } from './noise';

/**
 * The largest dimension at which a gradient by central differences is computed. A gradient takes 2·dim evaluations of a loss whose
 * cost usually grows with dim too: seconds per step at this dimension, hours per step at 1e6.
 */
export const mostDifferences = 20_000;

const cubeRootEpsilon = Math.cbrt(Number.EPSILON);
/** A longer step, relative to the length of a coordinate, would not measure a local slope. */
const longestStep = 0.1;
/** The number of coordinates whose truncation error is measured. */
const examinedAtMost = 3;
/** Separates the directions in which noise is measured from the other random numbers of a run. */
const noiseStream = 0x0153;

/**
 * Gradient by central differences: 2·dim evaluations of the loss, and one for its value.
 *
 *   D_i = (f(x + h e_i) − f(x − h e_i)) / ((x_i + h) − (x_i − h)),   h = η^⅓ L_i
 *
 * L_i is the length over which the loss varies along coordinate i: max(1, |x_i|), unless the loss shows another one (see
 * `lengthAlong`). The step h balances the truncation error h²f‴/6 and the rounding error ηf/h; the total error is about η^⅔ relative
 * to the scale of f. The divisor is the distance between the two points after rounding. η is ε, unless the loss shows a larger
 * noise: see `noiseAlong`. With a larger noise, truncation errors are measured for three coordinates, and h is shortened if
 * they are larger than the error that is due to noise.
 *
 * Lengths and noise are measured at the evaluations 1, 4, 16 and so on, and the largest noise counts. If nothing is found, that takes
 * 2·dim + 7 more evaluations of the loss.
 *
 * @param onAccuracy  called when the loss turns out not to compute in double precision; absent: it does, and noise is not measured
 */
export function withFiniteDifferences(
  dim: number,
  value: Objective['value'],
  onAccuracy?: (accuracy: DifferenceAccuracy) => void,
): Objective {
  const differences = new Differences(dim, onAccuracy);

  function valueAndGradient(
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): MaybePromise<number> {
    const gradientAfter = (loss: number) => {
      const done = answer(differences.gradient(params, loss, grad), (point) => value(point, open));
      return isPromise(done) ? done.then(() => loss) : loss;
    };
    const loss = value(params, open);
    return isPromise(loss) ? loss.then(gradientAfter) : gradientAfter(loss);
  }

  return { dim, gradientMode: 'finite-difference', value, valueAndGradient };
}

class Differences {
  readonly #point: Float64Array;
  readonly #onAccuracy: ((accuracy: DifferenceAccuracy) => void) | undefined;
  readonly #random: Random = seededRandom(0, noiseStream);
  #calls = 0;
  #nextLook = 1;
  #noise: Noise | null = null;
  /** h, relative to the length of a coordinate. */
  #step = cubeRootEpsilon;
  /** The lengths that are not the usual ones, and where they were measured. */
  readonly #lengths = new Map<number, { readonly length: number; readonly at: number }>();

  constructor(dim: number, onAccuracy?: (accuracy: DifferenceAccuracy) => void) {
    this.#point = new Float64Array(dim);
    this.#onAccuracy = onAccuracy;
  }

  *gradient(params: Float64Array, loss: number, grad: Float64Array): Inquiry<void> {
    const isDue = ++this.#calls === this.#nextLook;
    if (isDue) this.#nextLook *= 4;
    if (isDue) yield* this.#measureLengths(params, loss, grad);
    const found = isDue && this.#onAccuracy ? yield* this.#look(params) : null;
    // Differences with the usual relative step were taken with the lengths.
    const isTaken = isDue && this.#step === cubeRootEpsilon;
    this.#point.set(params);
    for (let i = 0; i < grad.length; i++)
      if (!isTaken || !Number.isFinite(grad[i])) grad[i] = yield* this.#difference(params, i, this.#step);
    if (found === null) return;
    const largest = maxAbs(grad);
    this.#onAccuracy?.({ error: largest > 0 ? found.error / largest : null, noise: found.noise.relative });
  }

  /** Measures the lengths, and writes the slopes into `grad`. */
  *#measureLengths(params: Float64Array, loss: number, grad: Float64Array): Inquiry<void> {
    for (let i = 0; i < params.length; i++) {
      const { length, slope } = yield* lengthAlong(params, i, loss, this.#random);
      const at = params[i]!;
      grad[i] = slope;
      if (length === usualLength(at)) this.#lengths.delete(i);
      else this.#lengths.set(i, { length, at });
    }
  }

  /** Far from where the loss varied over a length, it is expected to vary over the distance from there. */
  #length(x: number, i: number): number {
    const usual = usualLength(x);
    const measured = this.#lengths.get(i);
    return measured ? Math.min(usual, Math.max(measured.length, Math.abs(x - measured.at))) : usual;
  }

  *#difference(params: Float64Array, i: number, step: number): Inquiry<number> {
    const point = this.#point;
    const x = params[i]!;
    const h = step * this.#length(x, i);
    point[i] = x + h;
    const up = yield point;
    point[i] = x - h;
    const down = yield point;
    point[i] = x;
    return (up - down) / (x + h - (x - h));
  }

  /** Measures the noise, and fits the step to it. Returns the noise and the error of a component, if the noise is new. */
  *#look(params: Float64Array): Inquiry<{ readonly noise: Noise; readonly error: number } | null> {
    const direction = params.map(
      (x, i) => (this.#random() < 0.5 ? -1 : 1) * (0.5 + this.#random()) * this.#length(x, i),
    );
    const noise = yield* orNull(noiseAlong(params, direction, this.#random));
    if (!noise || noise.relative <= (this.#noise?.relative ?? 0)) return null;
    this.#noise = noise;
    const step = Math.min(longestStep, Math.max(cubeRootEpsilon, Math.cbrt(noise.relative)));
    // Three standard deviations of the difference of two values.
    const rounding = (3 * Math.SQRT2 * noise.absolute) / (2 * step);
    const truncation = (yield* orNull(this.#truncation(params, step))) ?? 0;
    const shorter =
      truncation > rounding ? Math.max(cubeRootEpsilon / step, Math.cbrt(rounding / (2 * truncation))) : 1;
    this.#step = shorter * step;
    return { noise, error: rounding / shorter + truncation * shorter ** 2 };
  }

  /** The largest truncation error of some coordinates: a third of what doubling the step changes. */
  *#truncation(params: Float64Array, step: number): Inquiry<number> {
    const { length } = params;
    this.#point.set(params);
    const changes = new Float64Array(Math.min(length, examinedAtMost));
    for (let k = 0; k < changes.length; k++) {
      const i = length <= examinedAtMost ? k : Math.floor(this.#random() * length);
      const near = yield* this.#difference(params, i, step);
      changes[k] = (yield* this.#difference(params, i, 2 * step)) - near;
    }
    return firstNonFinite(changes) < 0 ? maxAbs(changes) / 3 : 0;
  }
}

/** null if the loss throws at one of the points, which are not points of the run. */
function* orNull<T>(inquiry: Inquiry<T>): Inquiry<T | null> {
  try {
    return yield* inquiry;
  } catch {
    return null;
  }
}
