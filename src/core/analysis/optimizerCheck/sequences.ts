import { type Random, seededRandom } from '../../numerics/random';

/** Gradients that do not depend on the optimizer's steps, so no feedback can hide or amplify a difference. */
export interface GradientSequence {
  readonly name: string;
  readonly start: Float64Array;
  readonly gradients: readonly Float64Array[];
}

const steps = 40;
const stream = 0x6d75;
/** The ratios are no powers of ten, so coordinates cannot be confused with one another. */
const sizes = [1, 0.03, 17];

type Make = (random: Random, t: number, i: number) => number;

const noise: Make = (random, _t, i) => sizes[i]! * (2 * random() - 1);

/**
 * Together the sequences distinguish all common errors. Small gradients show errors of eps. First gradients
 * of 0 show a missing eps, which divides by 0. Shrinking gradients show a maximum over past steps. Errors of
 * signs, squares and bias corrections are visible in every sequence.
 *
 * @param eps  the eps of the reference; the small gradients are about ten times as large
 */
export function sequencesFor(eps: number): readonly GradientSequence[] {
  const small = eps > 0 ? 10 * eps : 1e-7;
  return [
    sequence('noise', 1, noise),
    sequence('gradients near eps', 2, (random) => small * (2 * random() - 1)),
    sequence(
      'sparse gradients',
      3,
      (random, t, i) => {
        const g = sizes[i]! * (2 * random() - 1);
        return t > 2 && random() < 0.4 ? g : 0;
      },
      // At theta = 0 weight decay adds nothing, so the optimizer's own gradient is 0 too.
      [0, -1.3, 0.4],
    ),
    sequence(
      'shrinking gradients',
      4,
      (random, t, i) => (sizes[i]! * (1 + 0.3 * (2 * random() - 1))) / t ** 1.5,
    ),
  ];
}

function sequence(name: string, seed: number, make: Make, start = [0.7, -1.3, 0.4]): GradientSequence {
  const random = seededRandom(stream, seed);
  const gradients = Array.from({ length: steps }, (_, k) =>
    Float64Array.from(sizes, (_size, i) => make(random, k + 1, i)),
  );
  return { name, start: Float64Array.from(start), gradients };
}
