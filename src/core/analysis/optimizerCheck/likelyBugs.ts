import { optionsOf } from '../../config/resolve';
import type { OptimizerConfig } from '../../config/runConfig';
import { optimizers } from '../../optimizers/registry';
import { Agreement } from './agreement';
import type { GradientSequence } from './sequences';
import { bug, type Slip, type SlipCode } from './slips/slip';
import { pairsOf, slipsOf } from './slips/slipsOf';
import { type MakeStep, pointsOf, registryStep } from './stepper';

type Paths = readonly (readonly Float64Array[])[];

/** A likely error in a step, or the optimizer that it equals instead of the reference. */
export interface LikelyBug {
  readonly code: SlipCode;
  readonly says: string;
  readonly kind: Slip['kind'];
  /** The coordinates that have the error, if the others agree with the reference; null if all have it. */
  readonly coordinates: readonly number[] | null;
}

/** "in coordinates 1 and 2 only, v is not corrected" */
export function bugText({ says, coordinates }: LikelyBug): string {
  if (!coordinates) return says;
  const where = coordinates.length === 1 ? 'coordinate' : 'coordinates';
  return `in ${where} ${coordinates.join(' and ')} only, ${says}`;
}

const pairsShown = 2;
/** Steps after which most hypotheses are already excluded. */
const firstSteps = 4;

/**
 * The errors with which the reference reproduces the user's path along all sequences, up to rounding, and
 * differs from the unchanged reference. If no error explains all coordinates, errors that explain all
 * differing coordinates are named; if there are none, pairs of errors. Other optimizers and dialects ("it is
 * adamw") are named only if no error explains the path.
 */
export function likelyBugs(
  reference: OptimizerConfig,
  sequences: readonly GradientSequence[],
  references: Paths,
  own: Paths,
): readonly LikelyBug[] {
  const search = new Search(reference, sequences, references, own);
  const whole = search.fitting(search.singles(), null);
  if (whole.length > 0) return whole;
  const part = search.differing;
  if (part.size > 0 && part.size < own[0]![0]!.length) {
    const partial = search.fitting(search.singles(), part);
    if (partial.length > 0) return partial.slice(0, 1);
  }
  return search.fitting(pairsOf(reference), null).slice(0, pairsShown);
}

class Search {
  readonly #reference: OptimizerConfig;
  readonly #sequences: readonly GradientSequence[];
  readonly #references: Paths;
  readonly #own: Paths;
  readonly #agreements: readonly Agreement[];
  /** The coordinates that differ from the reference in any sequence. */
  readonly differing: ReadonlySet<number>;

  constructor(
    reference: OptimizerConfig,
    sequences: readonly GradientSequence[],
    references: Paths,
    own: Paths,
  ) {
    this.#reference = reference;
    this.#sequences = sequences;
    this.#references = references;
    this.#own = own;
    const options = optionsOf(reference);
    this.#agreements = references.map((points) => new Agreement(points, options));
    const coordinates = [...own[0]![0]!.keys()];
    this.differing = new Set(
      coordinates.filter((i) =>
        own.some((path, k) => this.#agreements[k]!.parting(path, new Set([i])) !== null),
      ),
    );
  }

  singles(): readonly Slip[] {
    const coordinate = Math.min(...this.differing);
    if (!Number.isFinite(coordinate)) return [];
    const [points, gradients] = [this.#own[0]!, this.#sequences[0]!.gradients];
    return [
      ...slipsOf(this.#reference, { points, gradients, coordinate }),
      ...otherRate(this.#reference, this.#references[0]!, points, coordinate),
    ];
  }

  /** The hypotheses that reproduce the user's path, in these coordinates or in all. */
  fitting(slips: readonly Slip[], within: ReadonlySet<number> | null): LikelyBug[] {
    const fitting = slips.filter(({ make }) => this.#fits(make, within));
    const codes = new Set(fitting.map(({ code }) => code));
    const inside = fitting.filter(
      ({ code }, k) =>
        !isIdentity(code) &&
        !(code === 'state-and-t-forgotten' && codes.has('state-forgotten')) &&
        !(code === 'gradient-scaled' && codes.size > 1) &&
        fitting.findIndex((other) => other.code === code) === k,
    );
    // All optimizers and dialects that fit have the same path, so one of them is enough.
    const named = inside.length > 0 ? inside : fitting.slice(0, 1);
    const coordinates = within && [...within];
    return named.map(({ code, says, kind }) => ({ code, says, kind, coordinates }));
  }

  #fits(make: MakeStep, within: ReadonlySet<number> | null): boolean {
    const options = optionsOf(this.#reference);
    const [first] = this.#sequences as [GradientSequence];
    const start = pointsOf(make, { ...first, gradients: first.gradients.slice(0, firstSteps) });
    const isSame = (path: readonly Float64Array[], k: number) =>
      new Agreement(path, options).parting(this.#own[k]!, within ?? undefined) === null;
    if (!isSame(start, 0)) return false;
    const paths = this.#sequences.map((sequence) => pointsOf(make, sequence));
    return paths.every(isSame) && paths.some((path, k) => this.#agreements[k]!.parting(path) !== null);
  }
}

function isIdentity(code: SlipCode): boolean {
  return code.startsWith('dialect-') || Object.keys(optimizers).some((name) => code === `is-${name}`);
}

/** The reference with the learning rate that the user's first step implies. */
function otherRate(
  { name, ...rest }: OptimizerConfig,
  reference: readonly Float64Array[],
  own: readonly Float64Array[],
  coordinate: number,
): Slip[] {
  const lr = rest.lr as number;
  const moved = (points: readonly Float64Array[]) =>
    (points[1]?.[coordinate] ?? Number.NaN) - points[0]![coordinate]!;
  const ratio = moved(own) / moved(reference);
  // Ten digits: the difference of the parameters is not more accurate.
  const rate = Number((lr * ratio).toPrecision(10));
  if (!(rate > 0) || rate === lr || rate === 1) return [];
  const make: MakeStep = registryStep(name, { ...optionsOf({ name, ...rest }), lr: rate });
  return [bug('other-lr', `the steps are those of lr = ${rate}; the reference has lr = ${lr}`, make)];
}
