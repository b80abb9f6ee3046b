import { cutDerivatives } from '../../../../autodiff/cutDerivatives';
import { Refusal } from '../../../../autodiff/refusal';
import type { CutDerivative } from '../../../../core/diagnosis/probes/piecewiseConstant';
import { checkCut } from '../../../../core/gradient/cutCheck';
import { answer } from '../../../../core/gradient/inquiry';
import { formatNumber } from '../../../../core/numerics/format';
import { type Random, seededRandom } from '../../../../core/numerics/random';
import { SampledCalls } from '../../../../core/numerics/sampledCalls';
import { isPromise, type MaybePromise, type Objective, type OpenContext } from '../../../../core/objective';
import type { RewrittenLoss } from '../programs/rewrittenLoss';
import type { PlainLoss } from './comparedWithPlain';

/** Separates the random choice of checked evaluations from the other random numbers of a run. */
const checkStream = 0xc07;
/** Each cut costs a reverse pass, and each coordinate at most 82 evaluations of the loss. */
const examinedAtMost = { total: 40, perSite: 4 };
const coordinatesAtMost = 8;

/** Syntax of operations that make integers. A text without any of it has no cut, and needs no check. */
const cutting = /\b(?:floor|ceil|round|trunc|sign|imul|clz32)\b|[|&^~]|<<|>>|Int(?:8|16|32)/;

/**
 * An exact objective, until the loss turns out to round: an operation that makes an integer removed the
 * derivative with respect to a coordinate, but the loss does change with it at the scale of a difference step.
 * Then a Refusal at this operation is thrown. Where the loss is constant at that scale, the derivative 0 is
 * right.
 *
 * Checked at the first evaluation, and at later ones chosen at random with growing distance.
 *
 * @param nameOf  the name of a coordinate
 * @param onCut   receives the operation, before the Refusal is thrown
 */
export function withoutCutGradient(
  exact: Objective,
  rewritten: RewrittenLoss,
  plain: PlainLoss,
  seed: number,
  nameOf: (i: number) => string,
  onCut: (cut: CutDerivative) => void,
): Objective {
  const { texts, packageFiles } = rewritten.module;
  if (packageFiles.size === 0 && !texts.some(([, text]) => cutting.test(text))) return exact;
  const check = new CutCheck(rewritten, plain, seededRandom(seed, checkStream), nameOf, onCut);
  return {
    dim: exact.dim,
    get gradientMode() {
      return exact.gradientMode;
    },
    value: (params, open) => exact.value(params, open),
    valueAndGradient(params, grad, open) {
      const result = exact.valueAndGradient(params, grad, open);
      return check.isDue() ? check.after(result, params, grad, open) : result;
    },
  };
}

class CutCheck {
  readonly #rewritten: RewrittenLoss;
  readonly #plain: PlainLoss;
  readonly #random: Random;
  readonly #checked: SampledCalls;
  readonly #nameOf: (i: number) => string;
  readonly #onCut: (cut: CutDerivative) => void;

  constructor(
    rewritten: RewrittenLoss,
    plain: PlainLoss,
    random: Random,
    nameOf: (i: number) => string,
    onCut: (cut: CutDerivative) => void,
  ) {
    this.#rewritten = rewritten;
    this.#plain = plain;
    this.#random = random;
    this.#checked = new SampledCalls(random);
    this.#nameOf = nameOf;
    this.#onCut = onCut;
  }

  isDue(): boolean {
    return this.#checked.isSelected();
  }

  async after(
    pending: MaybePromise<number>,
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): Promise<number> {
    const value = isPromise(pending) ? await pending : pending;
    this.#checked.select(2);
    const plain = await this.#plain.get();
    if (plain && Number.isFinite(value)) await this.#look(plain, params, grad.slice(), open);
    return value;
  }

  async #look(
    plain: Objective['value'],
    params: Float64Array,
    grad: Float64Array,
    open: OpenContext,
  ): Promise<void> {
    const cuts = await this.#cuts(params, open);
    let examined = 0;
    for (const [site, coordinates] of cuts)
      for (const index of coordinates) {
        if (examined++ >= coordinatesAtMost) return;
        const slope = await this.#slopeOf(plain, params, index, grad[index]!, open);
        if (slope === null) continue;
        const { step } = open();
        this.#report(site, { index, exact: grad[index]!, measured: slope, step });
      }
  }

  #report(site: number, cut: Omit<CutDerivative, 'origin'>): void {
    const origin = this.#rewritten.cutOrigin(site);
    if (origin) this.#onCut({ ...cut, origin });
    throw new Refusal(
      'rounded',
      `this operation rounds, so the exact derivative with respect to ${this.#nameOf(cut.index)} is ` +
        `${formatNumber(cut.exact)}, but the loss changes with slope ${formatNumber(cut.measured)}`,
      site,
    );
  }

  async #cuts(params: Float64Array, open: OpenContext): Promise<ReadonlyMap<number, readonly number[]>> {
    try {
      return await cutDerivatives(this.#rewritten.traced(params.length), params, open, examinedAtMost);
    } catch {
      // The exact objective has reported what the loss throws here.
      return new Map();
    }
  }

  /** The slope of the loss along a coordinate, if it clearly differs from the exact derivative; else null. */
  async #slopeOf(
    plain: Objective['value'],
    params: Float64Array,
    index: number,
    exact: number,
    open: OpenContext,
  ): Promise<number | null> {
    try {
      return await answer(checkCut(params, index, exact, this.#random), (point) => plain(point, open));
    } catch {
      // A loss may throw at points other than those of the run.
      return null;
    }
  }
}
