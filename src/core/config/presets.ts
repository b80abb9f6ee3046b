import type { RunConfigPatch } from './runConfig';

export const presetNames = ['general net', 'transformer', 'vision', 'fine-tuning', 'curve fit'] as const;
export type PresetName = (typeof presetNames)[number];

/** A recipe from the literature as a starting point for a loss of its kind. */
export interface Preset {
  /** What it is for and where it departs from its source, in one or two sentences. */
  readonly doc: string;
  /** The paper that it is taken from. */
  readonly source: string;
  /** @param steps  the length of the run, on which the lengths of schedules depend */
  readonly patch: (steps: number) => RunConfigPatch;
}

/** A share of the steps, at least one step and less than all of them. */
function part(steps: number, share: number): number {
  return Math.max(1, Math.min(steps - 1, Math.round(share * steps)));
}

/** Warmup needs a step after it. */
function warmupCosine(steps: number, share: number): NonNullable<RunConfigPatch['schedule']> | null {
  return steps > 1 ? { name: 'warmupCosine', warmup: part(steps, share) } : null;
}

export const presets: { readonly [N in PresetName]: Preset } = {
  'general net': {
    doc: 'A net of moderate size with mini-batches: decoupled weight decay, 5 % warmup, then cosine.',
    source: 'Loshchilov & Hutter, arXiv:1711.05101; defaults of Kingma & Ba, arXiv:1412.6980',
    patch: (steps) => ({
      optimizer: { name: 'adamw', lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 1e-4 },
      schedule: warmupCosine(steps, 0.05),
    }),
  },
  transformer: {
    doc: 'Attention layers: beta2 of 0.98, long warmup and clipping. Cosine replaces the inverse square root of the source.',
    source: 'Vaswani et al., arXiv:1706.03762, section 5.3; clipping as in Brown et al., arXiv:2005.14165',
    patch: (steps) => ({
      optimizer: { name: 'adam', lr: 7e-4, beta1: 0.9, beta2: 0.98, eps: 1e-9 },
      schedule: warmupCosine(steps, 0.1),
      clip: { norm: 1 },
    }),
  },
  vision: {
    doc: 'Convolutional nets: momentum, and a tenth of the learning rate after half and after three quarters of the steps.',
    source: 'He et al., arXiv:1512.03385, section 4.2',
    patch: (steps) => ({
      optimizer: { name: 'sgd', lr: 0.1, momentum: 0.9, weightDecay: 1e-4 },
      schedule:
        steps > 3
          ? { name: 'multiStep', milestones: [part(steps, 0.5), part(steps, 0.75)], gamma: 0.1 }
          : null,
    }),
  },
  'fine-tuning': {
    doc: 'Parameters that were trained before: a small learning rate with 10 % warmup. Cosine replaces the linear decay of the source.',
    source: 'Mosbach et al., arXiv:2006.04884; Devlin et al., arXiv:1810.04805, appendix A.3',
    patch: (steps) => ({
      optimizer: { name: 'adamw', lr: 2e-5, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01 },
      schedule: warmupCosine(steps, 0.1),
      clip: { norm: 1 },
    }),
  },
  'curve fit': {
    doc: 'A few parameters and all data at once: large steps that a cosine reduces to 0, until the gradient is small.',
    source: 'Kingma & Ba, arXiv:1412.6980, section 2.1 (a step is about lr); cosine of arXiv:1608.03983',
    patch: () => ({
      optimizer: { name: 'adam', lr: 0.05, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
      schedule: { name: 'cosine' },
      clip: null,
      tolerance: 1e-8,
    }),
  },
};
