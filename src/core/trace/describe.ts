import type { RunConfig } from '../config/runConfig';
import { phasesOf } from '../phases';
import { glossaryTerms } from './glossaryTerms';
import { isStochastic, type StepLayout } from './layout';
import type { Quantity } from './names';

/** A quantity that a run has to show. */
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

/** The quantities of a run that can be read off its trace, in the order to show them. */
export function describe(
  layout: StepLayout,
  config: RunConfig,
  canRead: (quantity: Quantity) => boolean,
): QuantityInfo[] {
  const words = wordsOf(layout, config);
  return (Object.keys(words) as Quantity[])
    .filter((quantity) => canRead(quantity) && (quantity !== 'clipFactor' || config.clip !== null))
    .filter((quantity) => quantity !== 'actualChange' || !isStochastic(config))
    .map((quantity) => ({ quantity, term: glossaryTerms[quantity], ...words[quantity] }));
}

function wordsOf(layout: StepLayout, config: RunConfig): { readonly [Q in Quantity]: Words } {
  const phases = phasesOf(config);
  const { definition } = phases[0];
  const formulas = phases.map((phase) => phase.definition.effectiveLrFormula);
  const { length } = layout.coordinates;
  const part = length < layout.dim ? `, over the ${length} recorded coordinates of ${layout.dim}` : '';
  const signed = true;
  const unsigned = false;
  return {
    loss: words('Loss', 'f(θ)', 'the loss at the point where step t starts', signed),
    best: words(
      'Best so far',
      'min f',
      config.validation !== null || isStochastic(config)
        ? 'the least watched loss up to step t'
        : 'the least loss up to step t',
      signed,
    ),
    watched: words(
      config.validation === null ? 'Loss over all samples' : 'Validation loss',
      config.validation ?? 'f(θ)',
      'after the last whole epoch; the value before the first is that of the start',
      signed,
    ),
    gradNorm: words('Gradient norm', '‖g‖', 'Euclidean norm of the gradient, before clipping', unsigned),
    effectiveLr: words(
      'Effective learning rate',
      [...new Set(formulas)].join(', then '),
      'what a unit of direction moves this coordinate by',
      unsigned,
    ),
    updateOverBound: words(
      'Update / bound',
      '|Δθ| / (lr·B(t))',
      'share of the largest step that the optimizer can take at step t; 1 cannot be passed',
      unsigned,
    ),
    absUpdate: words('Update', '|Δθ|', 'how far the coordinate moved in step t', unsigned),
    mHat: words('First moment', 'mHat', 'm / (1 − beta1ᵗ): mean of recent gradients', signed),
    vHat: words(
      'Second moment',
      'vHat',
      'v / (1 − beta2ᵗ): mean of recent squared gradients; the one that divides',
      unsigned,
    ),
    snr: words(
      'Signal to noise',
      '|mHat| / √vHat',
      'near 1: the gradients agree; near 0: they cancel, and steps shrink by themselves',
      unsigned,
    ),
    momentum: words('Momentum', 'b', 'the direction that is kept', signed),
    u: words('Infinity norm', 'u', 'the largest gradient, each step back counted beta2 less', unsigned),
    sum: words('Sum of squares', 'Σ g²', 'all squared gradients so far: it only grows', unsigned),
    gAvg: words('Mean gradient', 'gAvg', 'what the centered second moment takes off', signed),
    lr: words('Learning rate', 'lr', 'the learning rate that step t used', unsigned),
    beta: words(
      definition.cycled === 'momentum' ? 'Momentum option' : 'beta1',
      definition.cycled ?? '',
      'as step t used it: the schedule cycles it',
      unsigned,
    ),
    clipFactor: words(
      'Clipping',
      'factor',
      'what clipping multiplied the gradient by; 1: it did nothing',
      unsigned,
    ),
    lossScale: words('Loss scale', 'scale', 'what the loss is multiplied by before rounding', unsigned),
    underflow: words(
      'Gradient underflow',
      'share',
      'share of the non-zero gradient components that rounding made 0',
      unsigned,
    ),
    overflow: words(
      'Gradient overflow',
      'share',
      'share of the finite gradient components that rounding made infinite',
      unsigned,
    ),
    preconditioner: words('Preconditioner', 'P', 'the diagonal that divides: effective lr = a / P', unsigned),
    epsShare: words(
      'Share of eps',
      'eps / P',
      'near 1: eps divides, and steps are proportional to the gradient',
      unsigned,
    ),
    fisher: words(
      'Fisher estimate',
      'B·vHat',
      'diagonal of the empirical Fisher information, where gradients are mostly noise; B: batch size',
      unsigned,
    ),
    updateRatio: words('Update / parameter', '|Δθ| / |θ|', 'how much of itself a parameter moved', unsigned),
    uncorrectedUpdate: words(
      'Update without correction',
      '|Δθ| of m, v',
      'the update that m and v give as they are, the bias of their start at 0 left in',
      unsigned,
    ),
    rms: words(
      'RMS of g / √v',
      'RMS_t',
      `√mean(g² / max(vHat, eps²)): far above 1, v lags behind the gradient${part}`,
      unsigned,
    ),
    updateNorm: words('Update norm', '‖Δθ‖', `Euclidean length of the step${part}`, unsigned),
    updateNormP: words(
      'Update norm in P',
      '‖Δθ‖_P',
      `√(Σ P Δθ²): the step’s length as the optimizer measures it${part}`,
      unsigned,
    ),
    stability: words(
      'Stability of the steps',
      'a·λmax(P⁻¹H)',
      'how strongly the sharpest direction is corrected, sampled every so many steps; above the limit steps along it grow',
      unsigned,
    ),
    stabilityLimit: words(
      'Limit',
      'limit',
      'what the stability must stay below, by the optimizer and its momentum',
      unsigned,
    ),
    predictedChange: words(
      'Predicted change',
      'q(Δ)',
      `what the quadratic model g·Δ + ½‖Δ‖²_P / a promises${part}; blank where the gradient was clipped`,
      signed,
    ),
    actualChange: words(
      'Actual change',
      'Δf',
      'the loss of the next step minus the loss of this one, an L2 penalty included',
      signed,
    ),
    params: words('Parameters', 'θ', 'the point after step t', signed),
    grad: words('Gradient', 'g', 'the gradient that the optimizer got', signed),
    update: words('Signed update', 'Δθ', 'θ after minus θ before step t', signed),
    m: words('m', 'm', 'first moment, not corrected for its start at 0', signed),
    v: words('v', 'v', 'second moment, not corrected for its start at 0', unsigned),
    vMax: words('vMax', 'vMax', 'the largest v so far', unsigned),
    muProduct: words('Product of mu', 'Π mu', 'NAdam’s mu_1 … mu_t', unsigned),
  };
}

function words(title: string, symbol: string, formula: string, signed: boolean): Words {
  return { title, symbol, formula, signed };
}
