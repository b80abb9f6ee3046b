import type { NameOf } from '../../coordinates/coordinateNames';
import { isAffordable } from '../../gradient/allowance';
import type { LossWords } from '../../lossWords';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { FindingReport } from '../finding';
import { flatBesideAll, type Use, useOf } from '../probes/displaced';
import type { Probe, Probing } from '../probes/probe';
import type { Rule, RuleContext } from '../rule';
import { namesInHeadline, namesInWords } from '../words';

const stepsAtLeast = 20;
/** Steps between two checks of the coordinates whose gradient is 0. */
const every = 10;
/** With at least this many parameters the severity is `info` if less than half of them have no gradient. */
const manyParameters = 10;
/** The largest number of checks. Each check needs two gradients, and up to ten evaluations more where they are 0. */
const looksAtMost = 50;
/** About the number of gradients of a check that finds something. */
const lookCost = 16;

/**
 * The gradient of a coordinate is exactly 0
 *
 *   for max(20, 2 stepsPerEpoch) consecutive steps (a sample may be the first of one epoch and the last of the next), and
 *   at theta ± h Σ e_j, h = max(1, abs(theta_j))/100, with the sum over all coordinates j without a gradient, and
 *   at two random points where all coordinates are displaced by up to max(1, abs(theta_j))/100
 *
 * The last two conditions exclude an axis of symmetry, where the gradient is 0 only on the axis, a product
 * of factors that are 0, and units that are equal: `lowerBesideEnd` shows whether such a run ended at a saddle. The loss at these points tells a loss that does not use the coordinate from one that
 * rounds or compares it, so that it changes without a derivative; a change within the rounding error fl of the loss is none. A coordinate that had a gradient before is reported only while others still
 * have one; otherwise the run has reached a flat region. A coordinate whose gradient returns is removed from
 * the finding.
 *
 * The severity is `info` if there are ten or more parameters and less than half of them have no gradient.
 *
 * Known false positive: a coordinate that affects the loss only far from the current parameters (an inactive
 * penalty).
 */
export class ZeroGradientRule implements Rule, Probe {
  readonly probe: Probe | null;
  readonly #context: RuleContext;
  readonly #needed: number;
  /**
   * The step of the last check of each coordinate; 0: never. It is checked again only after its gradient has
   * returned.
   */
  readonly #lookedT: Int32Array;
  #looks = 0;
  /** The number of steps in which any coordinate had a gradient. */
  #active = 0;
  #due = false;
  #found: readonly number[] = [];
  /** What the last check of `#found` showed. */
  #look: Look | null = null;
  #posted: Posted | null = null;

  constructor(context: RuleContext) {
    const { dim, stepsPerEpoch, probing } = context;
    this.#context = context;
    this.#needed = Math.max(stepsAtLeast, 2 * stepsPerEpoch);
    this.#lookedT = new Int32Array(dim);
    this.probe = probing && this;
  }

  onStep({ t, loss, gradNorm }: StepView): void {
    this.#due = false;
    if (gradNorm > 0) this.#active++;
    // The gradient of a loss that is not finite says nothing about the loss.
    if (t % every !== 0 || !Number.isFinite(loss)) return;
    const { presence } = this.#context;
    if (this.#posted) this.#forgetWhatMoves(t);
    if (this.#looks >= looksAtMost || presence.isWhole || !this.#mayLook(gradNorm)) return;
    // Where others had a gradient in a few steps only, the terms of this coordinate may have cancelled in those.
    if (this.#active > 0 && this.#active < this.#needed) return;
    for (let i = 0; i < presence.length && !this.#due; i++)
      this.#due = this.#isWaiting(i) && (gradNorm > 0 || presence.lastAt(i) === 0);
  }

  /** Where many coordinates make a check too long against the run, only a gradient that is 0 altogether is worth one. */
  #mayLook(gradNorm: number): boolean {
    const { config, dim } = this.#context;
    const looks = this.#looks + 1;
    return isAffordable(looks * lookCost, config.steps, dim) || (looks === 1 && gradNorm === 0);
  }

  isDue(): boolean {
    return this.#due;
  }

  async look(step: StepView): Promise<void> {
    this.#looks++;
    this.#due = false;
    const waiting: number[] = [];
    for (let i = 0; i < this.#lookedT.length; i++) if (this.#isWaiting(i)) waiting.push(i);
    for (const i of waiting) this.#lookedT[i] = step.t;
    const probing = this.#context.probing!;
    const { flat: still, changes } = await this.#flat(probing, step, waiting);
    const flat = await flatBesideAll(probing, step, still);
    if (flat.length === 0) return;
    const { floor } = this.#context.terms;
    const distance = Math.max(1, Math.abs(step.before[flat[0]!]!)) / 100;
    this.#look = {
      t: step.t,
      moved: waiting.length,
      distance,
      flat,
      changes,
      floor,
      use: await useOf(probing, step, flat, floor),
    };
    this.#reportAll(step.t, [...this.#found, ...flat]);
  }

  finish({ steps }: RunOutcome): void {
    this.#posted?.extendTo(steps);
  }

  #isWaiting(i: number): boolean {
    const { presence } = this.#context;
    return presence.zerosOf(i) >= this.#needed && this.#lookedT[i]! <= presence.lastAt(i);
  }

  #forgetWhatMoves(t: number): void {
    const { presence } = this.#context;
    const still = this.#found.filter((i) => presence.zerosOf(i) >= every);
    if (still.length < this.#found.length) this.#reportAll(t, still);
  }

  /** The coordinates whose gradient stays 0 when all of them are moved by h in both directions, and the changes of the loss. */
  async #flat(
    { objective, open }: Probing,
    step: StepView,
    indices: readonly number[],
  ): Promise<Pick<Look, 'flat' | 'changes'>> {
    const grad = new Float64Array(step.before.length);
    let flat = [...indices];
    const changes: number[] = [];
    for (const sign of [1, -1]) {
      const point = step.before.slice();
      for (const i of indices) point[i]! += (sign * Math.max(1, Math.abs(point[i]!))) / 100;
      const loss = await objective.valueAndGradient(point, grad, open(step.t));
      changes.push(loss - step.loss);
      flat = flat.filter((i) => grad[i] === 0);
    }
    return { flat, changes: [changes[0]!, changes[1]!] };
  }

  /** Reports one finding for all coordinates without a gradient. */
  #reportAll(t: number, found: readonly number[]): void {
    this.#found = found;
    if (found.length === 0) {
      this.#posted?.withdraw();
      this.#posted = null;
      return;
    }
    const report = this.#report(t, found);
    if (this.#posted) this.#posted.replace(report);
    else this.#posted = this.#context.board.post(report);
  }

  #report(t: number, found: readonly number[]): FindingReport {
    const { dim, nameOf, presence, words } = this.#context;
    const starts = found.map((i) => presence.lastAt(i) + 1);
    // Not as arguments: of very many coordinates, they would exceed the stack.
    const since = starts.reduce((least, start) => Math.min(least, start));
    const latest = starts.reduce((most, start) => Math.max(most, start));
    const when = since === latest ? `since step ${since}` : `since steps ${since} to ${latest}`;
    const isInactive = found.every((i) => presence.lastAt(i) > 0);
    const look = this.#look!;
    const them = found.length > 1 ? 'them' : 'it';
    const names = namesInHeadline(nameOf, found);
    const changed = hasChangedLoss(look);
    return {
      code: 'zero-gradient',
      severity: isUsual(found.length, dim) ? 'info' : 'warning',
      headline: changed
        ? words.say`The gradient of ${names} is 0, although the loss changes with ${them}.`
        : words.say`The loss does not change with ${names} near the current point.`,
      detail: `The gradient has been exactly 0 ${when}. ${lookInWords(look, nameOf, words)} ${changed ? 'A rounding, a comparison or an index removes the derivative.' : this.#why(found)}`,
      advice: changed
        ? words.say`Use a smooth form of the expression in the loss, or remove ${them} from the parameters.`
        : isInactive || look.use.kind === 'inactive'
          ? 'Check whether this is intended, as for the penalty of a limit that is met.'
          : words.say`Check whether the loss should depend on ${them}, or remove ${them} from the parameters.`,
      steps: [since, t],
      coordinates: found,
      subject: found.length === dim && dim > 1 ? null : { kind: 'parameter', index: found[0]! },
      evidence: {
        count: found.length,
        since,
        ...(changed ? { changeAbove: look.changes[0], changeBelow: look.changes[1] } : {}),
      },
      fixes: [],
    };
  }

  #why(found: readonly number[]): string {
    const { presence, words } = this.#context;
    const had = found.filter((i) => presence.lastAt(i) > 0).length;
    const them = found.length > 1 ? 'them' : 'it';
    if (had === 0) return useInWords(this.#look!, them, words);
    if (had < found.length)
      return words.say`The loss does not use them, or they have become inactive (${had} of ${found.length} had a gradient earlier).`;
    const subject = found.length > 1 ? 'the parameters have' : 'the parameter has';
    return `Earlier the gradient was not 0: ${subject} become inactive (a unit that is off for all samples, a max that returns another argument).`;
  }
}

/** A check of the coordinates without a gradient: all of them were moved at once. */
interface Look {
  readonly t: number;
  /** The number of coordinates that were moved. */
  readonly moved: number;
  /** h of the first one of `flat`. */
  readonly distance: number;
  /** Those whose gradient stayed 0. */
  readonly flat: readonly number[];
  /** The changes of the loss with larger and with smaller parameters. */
  readonly changes: readonly [above: number, below: number];
  /** fl, the change of the loss that rounding alone can cause. */
  readonly floor: number;
  /** How the loss uses them farther away. */
  readonly use: Use;
}

/** Whether the loss changed with parameters whose gradient is 0, and with no others. */
function hasChangedLoss({ moved, flat, changes, floor }: Look): boolean {
  return (
    moved === flat.length && changes.some((change) => Math.abs(change) > floor && Number.isFinite(change))
  );
}

function lookInWords(look: Look, nameOf: NameOf, { say, value }: LossWords): string {
  const { t, moved, distance, flat, changes, floor } = look;
  const by = flat.length > 1 ? '1 % (at least 0.01)' : `±${formatNumber(distance)}`;
  const what = `At step ${t}, a change of ${namesInWords(nameOf, flat)} by ${by}`;
  if (hasChangedLoss(look))
    return say`${what} changed the loss by ${value(changes[0])} and ${value(changes[1])}, but this gradient stayed 0.`;
  if (moved !== flat.length || !changes.every((change) => Math.abs(change) <= floor))
    return `${what} did not change this gradient.`;
  return changes.every((change) => change === 0)
    ? say`${what} changed neither the loss nor this gradient.`
    : say`${what} changed the loss by no more than its rounding error, and did not change this gradient.`;
}

/** What the loss at random displacements of all parameters says about those that never had a gradient. */
function useInWords({ use: { kind, share } }: Look, them: string, { say }: LossWords): string {
  const by = `random changes of all parameters by up to ${formatNumber(100 * share)} %`;
  switch (kind) {
    case 'inactive':
      return `Elsewhere (${by}) this gradient is not 0: a max or a branch likely removes it here.`;
    case 'cut':
      return say`At ${by} the loss depends on ${them} without a derivative, as through rounding or a comparison.`;
    case 'none':
      return say`The loss likely does not use ${them}, also not at ${by}.`;
  }
}

/**
 * With many parameters it is normal that some have no gradient: inactive units of a network, words that never
 * occur.
 */
function isUsual(count: number, dim: number): boolean {
  return dim >= manyParameters && count < dim / 2;
}
