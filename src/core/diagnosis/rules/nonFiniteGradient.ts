import type { RunEnd } from '../../ending/runEnd';
import { formatNumber } from '../../numerics/format';
import type { RunOutcome } from '../../runLoop';
import type { StepView } from '../../update';
import type { Posted } from '../board';
import type { Rule, RuleContext } from '../rule';
import { nonFiniteFixes, nonFiniteIndices } from './nonFinite';

/**
 * The first gradient with an entry that is NaN or infinite, at a finite loss; a non-finite loss is reported
 * as `non-finite-loss`. The test uses the gradient norm before clipping: apart from overflow of the norm, it
 * is finite if and only if every entry is finite.
 */
export class NonFiniteGradientRule implements Rule {
  readonly #context: RuleContext;
  #found = false;
  #firstNorm = Number.NaN;
  #posted: Posted | null = null;

  constructor(context: RuleContext) {
    this.#context = context;
  }

  onStep({ t, loss, grad, gradNorm, overflow }: StepView): void {
    const { board, config, nameOf, words } = this.#context;
    // Infinite values from rounding to the emulated precision are reported as `precision-loss`.
    if (overflow > 0) return;
    if (Number.isNaN(this.#firstNorm)) this.#firstNorm = t === 1 ? gradNorm : Number.NaN;
    if (this.#found || Number.isFinite(gradNorm) || board.has('non-finite-loss')) return;
    this.#found = true;
    const broken = nonFiniteIndices(grad);
    const first = broken[0];
    const others =
      broken.length > 1 ? ` and ${broken.length - 1} more of ${grad.length} components are not finite` : '';
    const what =
      first === undefined
        ? `the gradient norm before clipping is ${formatNumber(gradNorm)}`
        : `the gradient of ${nameOf(first)} is ${words.value(grad[first]!)}${others}`;
    this.#posted = board.post({
      code: 'non-finite-gradient',
      severity: 'error',
      headline: words.say`The gradient is not finite at step ${t}, although the loss is finite.`,
      detail:
        words.say`The loss is ${words.value(loss)}, but ${what}. The derivative likely does not exist at this point (root, norm or ` +
        'power at zero) or overflows (large exponential).',
      advice: 'Rewrite the expression so that its derivative exists there, or decrease lr.',
      steps: [t, t],
      coordinates: broken,
      subject: null,
      evidence: { loss, count: broken.length, t },
      fixes: nonFiniteFixes(config, t === 1 ? Number.NaN : this.#firstNorm),
    });
  }

  /** An overflow is where a loss without a lower bound must end: `unbounded-loss` reports it, and shorter steps only delay it. */
  finish(_outcome: RunOutcome, end: RunEnd | null): void {
    if (end?.beyond?.overflow) this.#posted?.withdraw();
  }
}
