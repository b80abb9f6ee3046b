import { lossWord } from '../ascent';
import { hasMiniBatches } from '../batches';
import type { RunConfig } from '../config/runConfig';
import { phasesOf } from '../phases';
import { glossaryTerms } from './glossaryTerms';
import type { StepLayout } from './layout';
import type { Quantity } from './names';

/** A quantity that can be shown for a run. */
export interface QuantityInfo {
  readonly quantity: Quantity;
  readonly title: string;
  readonly symbol: string;
  /** One line: what it is. */
  readonly formula: string;
  /** The heading of `docs/glossary.md` that explains it. */
  readonly term: string;
  readonly signed: boolean;
}

type Words = Omit<QuantityInfo, 'quantity' | 'term'>;

/** The quantities that can be read from a run's trace, in the order in which they are shown. */
export function describe(
  layout: StepLayout,
  config: RunConfig,
  canRead: (quantity: Quantity) => boolean,
): QuantityInfo[] {
  const words = wordsOf(layout, config);
  return (Object.keys(words) as Quantity[])
    .filter(canRead)
    .filter((quantity) => quantity !== 'actualChange' || !hasMiniBatches(config))
    .map((quantity) => ({ quantity, term: glossaryTerms[quantity], ...words[quantity] }));
}

function wordsOf(layout: StepLayout, config: RunConfig): { readonly [Q in Quantity]: Words } {
  const phases = phasesOf(config);
  const { definition } = phases[0];
  const formulas = phases.map((phase) => phase.definition.effectiveLrFormula);
  const { length } = layout.coordinates;
  const part = length < layout.dim ? `, over the ${length} recorded coordinates of ${layout.dim}` : '';
  const loss = lossWord(config);
  const best = config.maximize ? 'largest' : 'smallest';
  const isWatched = config.validation !== null || hasMiniBatches(config);
  const title = (word: string) => word[0]!.toUpperCase() + word.slice(1);
  const signed = true;
  const unsigned = false;
  return {
    loss: words(title(loss), 'f(θ)', `the ${loss} at the point where step t starts`, signed),
    best: words(
      isWatched ? 'Best watched' : 'Best before',
      config.maximize ? 'max f' : 'min f',
      isWatched
        ? `the ${best} watched ${loss} up to step t`
        : `the ${best} ${loss} at the points where steps 1 to t start`,
      signed,
    ),
    watched: words(
      config.validation === null ? `${title(loss)} over all samples` : `Validation ${loss}`,
      config.validation ?? 'f(θ)',
      'evaluated after each epoch; before the end of the first epoch, the value at the start',
      signed,
    ),
    gradNorm: words('Gradient norm', '‖g‖', 'Euclidean norm of the gradient, before clipping', unsigned),
    effectiveLr: words(
      'Effective learning rate',
      [...new Set(formulas)].join(', then '),
      'the update per unit of the averaged gradient of this coordinate',
      unsigned,
    ),
    updateOverBound: words(
      'Update / bound',
      '|Δθ| / (lr·B(t))',
      'the update as a share of the largest one that the optimizer can make at step t; never above 1',
      unsigned,
    ),
    absUpdate: words('Update', '|Δθ|', 'absolute change of the coordinate in step t', unsigned),
    mHat: words(
      'First moment',
      'mHat',
      'm / (1 − beta1ᵗ): moving average of the gradient, corrected for its start at 0',
      signed,
    ),
    vHat: words(
      'Second moment',
      'vHat',
      'v / (1 − beta2ᵗ): moving average of the squared gradient, corrected for its start at 0; the step is divided by its root',
      unsigned,
    ),
    snr: words(
      'Signal-to-noise ratio',
      '|mHat| / √vHat',
      'near 1: recent gradients agree; near 0: they cancel, and steps become shorter',
      unsigned,
    ),
    momentum: words('Momentum', 'b', 'the accumulated direction of past steps', signed),
    u: words(
      'Infinity norm',
      'u',
      'the largest recent gradient; older ones are multiplied by beta2 at each step',
      unsigned,
    ),
    sum: words('Sum of squares', 'Σ g²', 'sum of all squared gradients so far; it never decreases', unsigned),
    gAvg: words(
      'Mean gradient',
      'gAvg',
      'moving average of the gradient; its square is subtracted from the second moment',
      signed,
    ),
    lr: words(
      'Learning rate',
      'lr',
      config.groups
        ? 'the learning rate of step t, of the parameters outside all groups'
        : 'the learning rate of step t',
      unsigned,
    ),
    beta: words(
      definition.cycled === 'momentum' ? 'Momentum option' : 'beta1',
      definition.cycled ?? '',
      'the value at step t; the schedule changes it',
      unsigned,
    ),
    clipFactor: words(
      'Clip factor',
      'factor',
      'factor by which clipping reduced the gradient; 1: not clipped',
      unsigned,
    ),
    lossScale: words('Loss scale', 'scale', 'factor of the loss before its gradient is rounded', unsigned),
    underflow: words(
      'Gradient underflow',
      'share',
      'share of the nonzero gradient components that rounding changed to 0',
      unsigned,
    ),
    overflow: words(
      'Gradient overflow',
      'share',
      'share of the finite gradient components that rounding changed to infinity',
      unsigned,
    ),
    preconditioner: words(
      'Preconditioner',
      'P',
      'the divisor of each coordinate: effective learning rate = a / P',
      unsigned,
    ),
    epsShare: words(
      'eps share',
      'eps / P',
      'part of the divisor that is eps; near 1, steps are short and proportional to the gradient',
      unsigned,
    ),
    fisher: words(
      'Fisher estimate',
      'B·vHat',
      'estimate of the diagonal of the empirical Fisher information, if gradients are mostly noise; B: batch size',
      unsigned,
    ),
    updateRatio: words(
      'Update / parameter',
      '|Δθ| / |θ|',
      'relative change of the parameter in step t',
      unsigned,
    ),
    uncorrectedUpdate: words(
      'Update without correction',
      '|Δθ| of m, v',
      'the update that m and v would give without bias correction',
      unsigned,
    ),
    rms: words(
      'RMS of g / √v',
      'RMS_t',
      `√mean(g² / max(vHat, eps²)): about 1; far above 1 if the gradients grew faster than v follows${part}`,
      unsigned,
    ),
    updateNorm: words('Update norm', '‖Δθ‖', `Euclidean length of the step${part}`, unsigned),
    updateNormP: words(
      'Update norm in P',
      '‖Δθ‖_P',
      `√(Σ P Δθ²): length of the step in the norm of the preconditioner${part}`,
      unsigned,
    ),
    stability: words(
      'Stability value',
      'a·λmax(P⁻¹H)',
      'step size times preconditioned sharpness, measured on a sample of the steps; above the limit, steps along the sharpest direction grow',
      unsigned,
    ),
    stabilityLimit: words(
      'Stability limit',
      'limit',
      'the largest stability value at which steps do not grow; depends on the optimizer and its momentum',
      unsigned,
    ),
    predictedChange: words(
      'Predicted change',
      'q(Δ)',
      `change of the ${loss} according to the quadratic model g·Δ + ½‖Δ‖²_P / a${part}; blank if the gradient was clipped`,
      signed,
    ),
    actualChange: words(
      'Actual change',
      'Δf',
      `${loss} of the next step minus ${loss} of this step, including an L2 penalty`,
      signed,
    ),
    params: words('Parameters', 'θ', 'the point after step t', signed),
    grad: words('Gradient', 'g', 'the gradient that the optimizer received', signed),
    update: words('Signed update', 'Δθ', 'θ after minus θ before step t', signed),
    m: words('m', 'm', 'first moment without bias correction', signed),
    v: words('v', 'v', 'second moment without bias correction', unsigned),
    vMax: words('vMax', 'vMax', 'the largest v so far', unsigned),
    muProduct: words('Product of mu', 'Π mu', 'NAdam’s mu_1 … mu_t', unsigned),
  };
}

function words(title: string, symbol: string, formula: string, signed: boolean): Words {
  return { title, symbol, formula, signed };
}
