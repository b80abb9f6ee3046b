import { gradientModes, precisions, type RunConfigPatch } from '../../core/config/runConfig';
import { dtypes, type Language, pythonLibraries } from '../source';

/** The grammar of a tag's value. */
export type TagGrammar =
  /** Free text, which is ignored. */
  | 'text'
  /** `[-1.2, 1]`, `{"a": 0, "b": 1}` or `a=0 b=1` */
  | 'vector'
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
  | 'expectation'
  /** Nothing, or `true` or `false` */
  | 'flag'
  /** `a b 4..9 lr=0.1` */
  | 'group';

export interface TagSpec {
  readonly grammar: TagGrammar;
  /** The key of the run's configuration that the tag sets; null if it sets none. */
  readonly key: keyof RunConfigPatch | null;
  /** An example of the value, for completion and documentation. */
  readonly example: string;
  readonly doc: string;
  /** The words that the value may be; absent if they are not known, or if it may also be something else. */
  readonly words?: readonly string[];
  /** The only language that has the tag; absent if all have it. */
  readonly language?: Language;
}

export const tagNames = [
  'loss',
  'start',
  'names',
  'maximize',
  'optimizer',
  'group',
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
  'derivative',
  'params',
  'module',
  'data',
  'dtype',
  'library',
] as const;
export type TagName = (typeof tagNames)[number];

export const tags: { readonly [N in TagName]: TagSpec } = {
  loss: {
    grammar: 'text',
    key: null,
    example: '',
    doc: 'Marks an exported function of one parameter vector as a loss.',
  },
  start: {
    grammar: 'vector',
    key: 'start',
    example: '[-1.2, 1]',
    doc: 'The initial parameters. Their number is the number of parameters of the loss. If they have names, `a=0 b=1` or `{"a": 0, "b": 1}`.',
  },
  names: {
    grammar: 'words',
    key: 'names',
    example: 'w1[0..63] b1',
    doc: 'The names of the parameters, in order. `w1[0..63]` names 64 of them, `w[0..7][0..7]` a matrix by rows, and `net.w[0..3] net.b` a group. By default the names of the destructured parameter.',
  },
  maximize: {
    grammar: 'flag',
    key: 'maximize',
    example: '',
    doc: 'The optimizer increases the function (ascent), as with torch’s `maximize=True`: the gradient is negated before weight decay and all else.',
  },
  optimizer: {
    grammar: 'named',
    key: 'optimizer',
    example: 'adam lr=0.05 beta2=0.99',
    doc: 'The optimizer and its options. Other options have torch’s defaults.',
  },
  group: {
    grammar: 'group',
    key: 'groups',
    example: 'b lr=0.1 weightDecay=0',
    doc: 'Options of some parameters, by name or by index (`0..9` includes both), as torch’s parameter groups. All others have those of `@optimizer`. One line for each group.',
  },
  schedule: {
    grammar: 'named',
    key: 'schedule',
    example: 'cosine tMax=2000 etaMin=1e-4',
    doc: 'The learning-rate schedule. `none` keeps the learning rate constant.',
  },
  clip: {
    grammar: 'options',
    key: 'clip',
    example: 'norm=1',
    doc: 'Clips the gradient: `norm=` limits its Euclidean norm, `value=` limits each component. `none`: no clipping.',
  },
  switch: {
    grammar: 'switch',
    key: 'switch',
    example: 'sgd lr=0.01 momentum=0.9 at=500',
    doc: 'Switches to another optimizer after step `at`, or with `at=plateau` when the loss has not improved for `patience` steps (with samples: epochs).',
  },
  steps: { grammar: 'number', key: 'steps', example: '2000', doc: 'Number of updates.' },
  epochs: {
    grammar: 'number',
    key: 'epochs',
    example: '20',
    doc: 'Number of passes over the samples. Determines the number of steps unless `@steps` is given too.',
  },
  seed: {
    grammar: 'number',
    key: 'seed',
    example: '0',
    doc: 'Seed of all random numbers: the order of the samples, and `random()` in the second argument of the loss.',
  },
  samples: {
    grammar: 'number',
    key: 'samples',
    example: '1000',
    doc: 'Number of samples. The second argument of the loss has the `indices` of those in the mini-batch.',
  },
  batch: { grammar: 'number', key: 'batch', example: '32', doc: 'Number of samples in a mini-batch.' },
  validation: {
    grammar: 'word',
    key: 'validation',
    example: 'validationLoss',
    doc: 'Exported function that returns the validation loss. It is evaluated after every epoch.',
  },
  gradient: {
    grammar: 'word',
    key: null,
    example: 'lossGradient',
    doc: 'Exported function that returns the gradient of this loss.',
  },
  gradientMode: {
    grammar: 'word',
    key: 'gradientMode',
    example: 'exact',
    words: gradientModes,
    doc: 'How the gradient is computed: `exact` (automatic differentiation), `provided` (by your function), `finite-difference`, or `auto` (the best available).',
  },
  earlyStopping: {
    grammar: 'options',
    key: 'earlyStopping',
    example: 'patience=10 minDelta=1e-4',
    doc: 'Ends the run after `patience` epochs (without samples: steps) without an improvement of more than `minDelta`.',
  },
  tolerance: {
    grammar: 'number',
    key: 'tolerance',
    example: '1e-8',
    doc: 'Ends the run when, for 10 steps, the largest gradient component is at most this fraction of its maximum so far.',
  },
  precision: {
    grammar: 'word',
    key: 'precision',
    example: 'float16',
    words: precisions,
    doc: 'Rounds the gradient as in mixed-precision training: `float64` (no rounding), `float32`, `float16` or `bfloat16`.',
  },
  lossScale: {
    grammar: 'numberOrWord',
    key: 'lossScale',
    example: 'dynamic',
    words: ['dynamic'],
    doc: 'Factor of the loss before its gradient is rounded; the gradient is divided by it afterwards. `dynamic` starts at 65536, is halved when the gradient overflows (that step is skipped), and is doubled after 2000 steps without overflow.',
  },
  expect: {
    grammar: 'expectation',
    key: 'expect',
    example: 'loss<1e-8 within 5000',
    doc: 'The loss that the run must reach. `adamscope check` fails if it does not. With `@maximize`: `loss>0.9`.',
  },
  optimizerStep: {
    grammar: 'named',
    key: null,
    example: 'adam lr=0.01',
    doc: 'Marks an optimizer of your own, `step(params, grad, state, t)`, and names the optimizer to compare it with.',
  },
  derivative: {
    grammar: 'word',
    key: null,
    example: 'erf',
    language: 'javascript',
    doc: 'Marks a function that returns the partial derivatives of another function: a list with one entry for each argument. Calls of that function are then not entered; its value and these derivatives are used. The function may be your own or from a package (`numeric.norm2`).',
  },
  params: {
    grammar: 'word',
    key: null,
    example: 'initial_params',
    language: 'python',
    doc: 'Variable, or function without parameters, that gives the parameters at the start with their structure: a tensor, or dicts and lists of tensors.',
  },
  module: {
    grammar: 'word',
    key: null,
    example: 'make_model',
    language: 'python',
    doc: 'Function that builds the `torch.nn.Module` whose parameters are optimized. The loss gets the module.',
  },
  data: {
    grammar: 'word',
    key: null,
    example: 'make_data',
    language: 'python',
    doc: 'Function that makes the data of a step. The loss gets them after the module.',
  },
  dtype: {
    grammar: 'word',
    key: null,
    example: 'float64',
    words: dtypes,
    language: 'python',
    doc: 'The type of the numbers in the parameters: `float64` or `float32`.',
  },
  library: {
    grammar: 'word',
    key: null,
    example: 'torch',
    words: pythonLibraries,
    language: 'python',
    doc: 'The package in whose arrays the loss takes its parameters: `torch`, `jax` or `numpy`; `python`: lists of floats. By default it is found from the annotation of the parameter and the imports of the module.',
  },
};

/** The tags of a language, in the order of the table. */
export function tagNamesOf(language: Language): readonly TagName[] {
  return namesByLanguage[language];
}

const namesByLanguage: { readonly [L in Language]: readonly TagName[] } = {
  javascript: namesFor('javascript'),
  python: namesFor('python'),
};

function namesFor(language: Language): readonly TagName[] {
  return tagNames.filter((name) => (tags[name].language ?? language) === language);
}

export function isTagName(name: string, language: Language): name is TagName {
  return Object.hasOwn(tags, name) && (tags[name as TagName].language ?? language) === language;
}

/** Tags of JSDoc, TSDoc, Closure and common tools, which are never reported as misspelled tags of ours. */
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
