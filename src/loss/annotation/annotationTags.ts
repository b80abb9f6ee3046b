import type { RunConfigPatch } from '../../core/config/runConfig';

/** How a tag's text is read. */
export type TagGrammar =
  /** Free text, not read. */
  | 'text'
  /** `[-1.2, 1]` */
  | 'numbers'
  /** `x y` or `"first rate", momentum` */
  | 'words'
  | 'number'
  | 'word'
  /** `1024` or `dynamic` */
  | 'numberOrWord'
  /** `adam lr=0.05 amsgrad` */
  | 'named'
  /** `norm=1` */
  | 'options'
  /** `sgd lr=0.01 momentum=0.9 at=500` */
  | 'switch'
  /** `loss<1e-8 within 5000` */
  | 'expectation';

export interface TagSpec {
  readonly grammar: TagGrammar;
  /** The key of the run's configuration that the tag sets; null if it sets none. */
  readonly key: keyof RunConfigPatch | null;
  /** What stands after the tag, for completion and documentation. */
  readonly example: string;
  readonly doc: string;
}

export const tagNames = [
  'loss',
  'start',
  'names',
  'optimizer',
  'schedule',
  'clip',
  'switch',
  'steps',
  'epochs',
  'seed',
  'samples',
  'batch',
  'validation',
  'gradient',
  'gradientMode',
  'earlyStopping',
  'tolerance',
  'precision',
  'lossScale',
  'expect',
  'optimizerStep',
] as const;
export type TagName = (typeof tagNames)[number];

export const tags: { readonly [N in TagName]: TagSpec } = {
  loss: {
    grammar: 'text',
    key: null,
    example: '',
    doc: 'Marks an exported function of one parameter vector as a loss that can be run.',
  },
  start: {
    grammar: 'numbers',
    key: 'start',
    example: '[-1.2, 1]',
    doc: 'Where the run starts. Its length is the number of parameters.',
  },
  names: {
    grammar: 'words',
    key: 'names',
    example: 'x y',
    doc: 'What the parameters are called, in order. Without it, the names of the destructured parameter.',
  },
  optimizer: {
    grammar: 'named',
    key: 'optimizer',
    example: 'adam lr=0.05 beta2=0.99',
    doc: 'The optimizer and its options. Options that are left out have torch’s defaults.',
  },
  schedule: {
    grammar: 'named',
    key: 'schedule',
    example: 'cosine tMax=2000 etaMin=1e-4',
    doc: 'How the learning rate changes from step to step. `none` keeps it constant.',
  },
  clip: {
    grammar: 'options',
    key: 'clip',
    example: 'norm=1',
    doc: 'Clips the gradient: `norm=` its Euclidean norm, `value=` every component. `none` does not clip.',
  },
  switch: {
    grammar: 'switch',
    key: 'switch',
    example: 'sgd lr=0.01 momentum=0.9 at=500',
    doc: 'Another optimizer takes over after step `at`, or with `at=plateau` when the loss has not improved for `patience` steps (epochs, where there are samples).',
  },
  steps: { grammar: 'number', key: 'steps', example: '2000', doc: 'Number of updates.' },
  epochs: {
    grammar: 'number',
    key: 'epochs',
    example: '20',
    doc: 'Passes over the samples. Decides the number of steps unless `@steps` is given too.',
  },
  seed: {
    grammar: 'number',
    key: 'seed',
    example: '0',
    doc: 'Seed of everything random: the order of samples and the `random()` that the loss is given.',
  },
  samples: {
    grammar: 'number',
    key: 'samples',
    example: '1000',
    doc: 'Number of samples; the loss is given the `indices` of those in the batch.',
  },
  batch: { grammar: 'number', key: 'batch', example: '32', doc: 'Number of samples in a mini-batch.' },
  validation: {
    grammar: 'word',
    key: 'validation',
    example: 'validationLoss',
    doc: 'Exported function that gives the validation loss, evaluated after every epoch.',
  },
  gradient: {
    grammar: 'word',
    key: null,
    example: 'lossGradient',
    doc: 'Exported function that gives the gradient of this loss.',
  },
  gradientMode: {
    grammar: 'word',
    key: 'gradientMode',
    example: 'exact',
    doc: 'How the gradient is made: `auto`, `exact`, `provided` or `finite-difference`.',
  },
  earlyStopping: {
    grammar: 'options',
    key: 'earlyStopping',
    example: 'patience=10 minDelta=1e-4',
    doc: 'Ends the run after `patience` epochs (steps, where there are no samples) that did not improve by `minDelta`.',
  },
  tolerance: {
    grammar: 'number',
    key: 'tolerance',
    example: '1e-8',
    doc: 'Ends the run when the largest gradient component stays below this fraction of its largest so far.',
  },
  precision: {
    grammar: 'word',
    key: 'precision',
    example: 'float16',
    doc: 'Rounds the gradient as mixed precision does: `float64` (no rounding), `float32`, `float16` or `bfloat16`.',
  },
  lossScale: {
    grammar: 'numberOrWord',
    key: 'lossScale',
    example: 'dynamic',
    doc: 'What the loss is multiplied by before its gradient is rounded, and the gradient divided by after it. `dynamic` starts at 65536, halves where the gradient overflows and leaves that step out, and doubles after 2000 good steps.',
  },
  expect: {
    grammar: 'expectation',
    key: 'expect',
    example: 'loss<1e-8 within 5000',
    doc: 'What the run has to reach. `adamscope check` fails where it does not.',
  },
  optimizerStep: {
    grammar: 'named',
    key: null,
    example: 'adam lr=0.01',
    doc: 'Marks a `step(params, grad, state, t)` of your own, to be held against the optimizer that is named.',
  },
};

export function isTagName(name: string): name is TagName {
  return Object.hasOwn(tags, name);
}

/** Tags that belong to JSDoc, TSDoc, Closure and common tools: never taken for misspelt ones of ours. */
export const ordinaryTags: ReadonlySet<string> = new Set(
  (
    'abstract access alias alpha api arg argument async augments author beta borrows bug callback category class ' +
    'classdesc code const constant constructor constructs copyright customfunction decorator default defaultValue ' +
    'define deprecated desc description dict emits enum event eventProperty example exception experimental export ' +
    'exports extends extern external file fileoverview final fires flow format func function generator global group ' +
    'hidden hideconstructor host ignore implements implicitCast import inheritdoc inheritDoc inner instance ' +
    'interface internal jest jsx kind label lends license link listens local main mainpage maximum member memberof ' +
    'memberOf method minimum mixes mixin modifies module name namespace next noalias nocollapse nocompile ' +
    'nosideeffects note options order overload override overview package packageDocumentation page param parameter ' +
    'pattern preserve preventExtensions private privateRemarks privateremarks property prop protected provides ' +
    'public pure readonly record ref remarks render requires return returns sealed section see sideEffects signature ' +
    'since slot source static stereotype struct stub subcategory summary suppress swagger syntax tag template test ' +
    'this throws title todo tutorial type typedef typeParam typeparam uses values var variation version virtual ' +
    'vitest why yield yields'
  ).split(' '),
);
