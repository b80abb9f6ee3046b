import { batchesOf } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { contextAt } from '../context';
import { type Random, seededRandom } from '../numerics/random';
import type { Objective, OpenContext } from '../objective';
import { LeastSquares } from './leastSquares';
import type { TriedProgram } from './verificationSetting';

/** More coordinates would cost more evaluations than a trial is worth. */
const mostCoordinates = 100;
/** The points at which the losses are compared besides the end of the run. */
const comparedPoints = 6;
/** The losses of the same problem agree by this share of their size, or of the gain at the end of the run. */
const shareOfLoss = 1e-6;
const shareOfGain = 0.01;
/** Where the data have no effect, both programs compute the same numbers. */
const rounding = 1e-12;
const stream = 0x5a3e;

export interface SameProblemRequest {
  readonly own: TriedProgram;
  readonly edited: TriedProgram;
  readonly config: RunConfig;
  /** Where the run of the edited program ended, shape [dim]. */
  readonly end: Float64Array;
  /** The difference between the losses at the ends of the two runs. */
  readonly gain: number;
}

/**
 * Whether an edited program is the same problem with other units of its parameters: L(θ) = L'(Aθ) for one invertible affine A of a
 * known form, and the same for the validation losses. Then every loss that the edited program reaches is reached by the user's own loss,
 * too. Targets that are made from the edited data, a penalty on the parameters, a missing intercept, or a validation loss with
 * the old data all fail this check.
 *
 * The coordinates are of two kinds. Those of B do not enter products with the data, those of U do. A scales U and moves B:
 *
 *   θ'_U = D θ_U        θ'_B = θ_B + M θ_U          D diagonal, not 0; M = 0 where columns are only divided
 *
 * B and U are found by the values: with θ_U = 0 the data have no effect, and the programs agree. At such points the gradients of the
 * programs are g_U = D g'_U + Mᵀ g'_B, which determines D and M by least squares over several random θ_B. The result is then compared
 * at the end of the run and at random points. A loss with another kind of A, such as one with products of such parameters, is
 * refused: an edit that might change the problem must not be offered.
 */
export async function isSameProblem(request: SameProblemRequest): Promise<boolean> {
  const { end, config } = request;
  if (end.length > mostCoordinates || decays(config)) return false;
  const losses = await PairOfLosses.of(request);
  if (!losses) return false;
  // Of factors in a product with the data, such as those of two layers, the first or the last ones may be taken for U.
  const ascending = [...end.keys()];
  for (const order of [ascending.toReversed(), ascending]) {
    const units = await unitsFor(losses, order);
    if (units && (await agree(losses, units, request))) return true;
  }
  return false;
}

/** The minimum of a loss with weight decay depends on the units of its parameters. */
function decays({ optimizer, groups, switch: later }: RunConfig): boolean {
  return [optimizer, later?.to, ...(groups ?? [])].some((options) => Number(options?.weightDecay ?? 0) !== 0);
}

/** A: the coordinates U with their factors D, and the moves of B by each of them. */
interface Units {
  readonly scaled: readonly { readonly k: number; readonly factor: number; readonly moves: Float64Array }[];
  readonly others: readonly number[];
}

/** The loss of the user's program and of the edited one, over all samples, and the same for validation losses. */
class PairOfLosses {
  readonly random: Random;
  /** The order of magnitude of each coordinate of the edited program. */
  readonly #sizes: Float64Array;
  readonly #objectives: readonly [Objective, Objective];
  readonly #validations: readonly [Objective['value'] | null, Objective['value'] | null];
  readonly #open: OpenContext;

  static async of({ own, edited, config, end }: SameProblemRequest): Promise<PairOfLosses | null> {
    const [one, other] = [await own.objective(config), await edited.objective(config)];
    return one && other && new PairOfLosses([one, other], [own.validation, edited.validation], config, end);
  }

  private constructor(
    objectives: readonly [Objective, Objective],
    validations: readonly [Objective['value'] | null, Objective['value'] | null],
    { seed, samples, batch }: RunConfig,
    end: Float64Array,
  ) {
    this.#objectives = objectives;
    this.#validations = validations;
    this.#sizes = end.map((x) => Math.abs(x) || 1);
    this.random = seededRandom(seed, stream);
    const batches = batchesOf(samples, batch, seed);
    this.#open = contextAt(seed, batches, 1, batches.all);
  }

  get dim(): number {
    return this.#sizes.length;
  }

  /** A random value of a coordinate of the edited program. */
  valueFor(k: number): number {
    return (2 * this.random() - 1) * this.#sizes[k]!;
  }

  /** [L(theta), L'(edited)], and the same of the validation losses. */
  async values(theta: Float64Array, edited: Float64Array): Promise<readonly (readonly [number, number])[]> {
    const [one, other] = this.#objectives;
    const pairs: [number, number][] = [
      [await one.value(theta, this.#open), await other.value(edited, this.#open)],
    ];
    const [first, second] = this.#validations;
    if (first && second) pairs.push([await first(theta, this.#open), await second(edited, this.#open)]);
    return pairs;
  }

  async gradients(theta: Float64Array): Promise<readonly [Float64Array, Float64Array]> {
    const [g, edited] = [new Float64Array(this.dim), new Float64Array(this.dim)];
    const [one, other] = this.#objectives;
    await one.valueAndGradient(theta, g, this.#open);
    await other.valueAndGradient(theta, edited, this.#open);
    return [g, edited];
  }
}

async function unitsFor(losses: PairOfLosses, order: readonly number[]): Promise<Units | null> {
  const point = new Float64Array(losses.dim);
  const others: number[] = [];
  const scaled: number[] = [];
  for (const k of order) {
    point[k] = losses.valueFor(k);
    const pairs = await losses.values(point, point);
    if (pairs.every(([a, b]) => isNear(a, b, rounding))) {
      others.push(k);
      continue;
    }
    point[k] = 0;
    scaled.push(k);
  }
  if (scaled.length === 0) return null;
  const gradients: (readonly [Float64Array, Float64Array])[] = [];
  while (gradients.length < others.length + 4) {
    const at = new Float64Array(losses.dim);
    for (const k of others) at[k] = losses.valueFor(k);
    gradients.push(await losses.gradients(at));
  }
  const given = others.map((k) => Float64Array.from(gradients, ([, edited]) => edited[k]!));
  const each = scaled.map((k) => {
    const own = Float64Array.from(gradients, ([, edited]) => edited[k]!);
    const wanted = Float64Array.from(gradients, ([g]) => g[k]!);
    const [factor, ...moves] = new LeastSquares([own, ...given]).solve(wanted);
    return { k, factor: factor!, moves: Float64Array.from(moves) };
  });
  return each.every(({ factor }) => factor !== 0 && Number.isFinite(factor))
    ? { scaled: each, others }
    : null;
}

/** Whether the losses agree at the end of the run and at random points. */
async function agree(
  losses: PairOfLosses,
  units: Units,
  { end, gain }: SameProblemRequest,
): Promise<boolean> {
  const atEnd = await losses.values(ownPoint(end, units), end);
  if (!atEnd.every(([a, b]) => Math.abs(a - b) <= shareOfGain * Math.abs(gain))) return false;
  for (let count = 0; count < comparedPoints; count++) {
    const edited = end.map((_, k) => losses.valueFor(k));
    const pairs = await losses.values(ownPoint(edited, units), edited);
    if (!pairs.every(([a, b]) => isNear(a, b, shareOfLoss))) return false;
  }
  return true;
}

/** θ = A⁻¹θ' */
function ownPoint(edited: Float64Array, { scaled, others }: Units): Float64Array {
  const theta = edited.slice();
  for (const { k, factor } of scaled) theta[k] = edited[k]! / factor;
  for (const [i, b] of others.entries())
    theta[b] = edited[b]! - scaled.reduce((sum, { k, moves }) => sum + moves[i]! * theta[k]!, 0);
  return theta;
}

function isNear(a: number, b: number, share: number): boolean {
  return a === b || Math.abs(a - b) <= share * Math.max(Math.abs(a), Math.abs(b));
}
