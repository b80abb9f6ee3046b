import type { TensorColumn } from '../../src/protocol/panel';

/** What is shown of a tensor. */
export type TensorStatistic = Exclude<TensorColumn, 'mNorm' | 'vNorm' | 'effectiveLr5' | 'effectiveLr95'>;

interface StatisticWords {
  readonly title: string;
  /** The head of its column. */
  readonly head: string;
  readonly meaning: string;
  /** The value of a module: the extreme one of its tensors. */
  readonly extreme: 'largest' | 'smallest';
  /** Whether it is a share in [0, 1]. */
  readonly isShare: boolean;
}

/** In the order of the columns. */
export const tensorStatistics: { readonly [S in TensorStatistic]: StatisticWords } = {
  updateRatio: {
    title: 'Update / parameter',
    head: '‖Δθ‖ / ‖θ‖',
    meaning: 'Norm of the update divided by the norm of the parameters',
    extreme: 'largest',
    isShare: false,
  },
  gradNorm: {
    title: 'Gradient norm',
    head: '‖g‖',
    meaning: 'Norm of the gradient of the whole tensor',
    extreme: 'largest',
    isShare: false,
  },
  updateNorm: {
    title: 'Update norm',
    head: '‖Δθ‖',
    meaning: 'Norm of the update, estimated from a sample of the tensor',
    extreme: 'largest',
    isShare: false,
  },
  paramNorm: {
    title: 'Parameter norm',
    head: '‖θ‖',
    meaning: 'Norm of the parameters of the whole tensor',
    extreme: 'largest',
    isShare: false,
  },
  effectiveLr50: {
    title: 'Effective learning rate',
    head: 'effective lr',
    meaning: 'Median of lr/(sqrt(vHat) + eps) over a sample of the tensor',
    extreme: 'largest',
    isShare: false,
  },
  epsShare: {
    title: 'Share of eps',
    head: 'eps / P',
    meaning: 'Median share of eps in the divisor sqrt(vHat) + eps',
    extreme: 'largest',
    isShare: true,
  },
  snr: {
    title: 'Signal-to-noise ratio',
    head: 'snr',
    meaning: 'Median of abs(mHat)/sqrt(vHat)',
    extreme: 'smallest',
    isShare: false,
  },
  rmsT: {
    title: 'RMS of g / √vHat',
    head: 'RMS',
    meaning: 'Root mean square of the normalized gradient g/sqrt(vHat)',
    extreme: 'largest',
    isShare: false,
  },
  zeros: {
    title: 'Zeros',
    head: 'zeros',
    meaning: 'Share of coordinates whose gradient is 0',
    extreme: 'largest',
    isShare: true,
  },
  unmoved: {
    title: 'Unmoved',
    head: 'unmoved',
    meaning: 'Share of coordinates that the step did not change',
    extreme: 'largest',
    isShare: true,
  },
  nonFinite: {
    title: 'Non-finite',
    head: 'non-finite',
    meaning: 'Share of coordinates whose gradient is not finite',
    extreme: 'largest',
    isShare: true,
  },
};

export const shownStatistics = Object.keys(tensorStatistics) as readonly TensorStatistic[];
