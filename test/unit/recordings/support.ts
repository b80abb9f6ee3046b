import type { Recording } from '../../../src/recordings/recording';
import type { RecordedStep, RecordingRuleClass } from '../../../src/recordings/rules/rule';
import { type TensorColumn, tensorColumns } from '../../../src/recordings/tensorHistory';

/** A recording of two tensors in two groups, of which three coordinates each are recorded. */
export const recording: Recording = {
  startedAt: 0,
  optimizer: 'AdamW',
  module: 'torch.optim.adamw',
  groups: [
    { lr: 0.01, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.1 },
    { lr: 0.02, betas: [0.9, 0.99], eps: 1e-6, weight_decay: 0 },
  ],
  dim: 15,
  tensors: [
    { name: '0.weight', shape: [4, 3], dtype: 'float32', device: 'cpu', group: 0, first: 0, sampled: 12 },
    { name: '0.bias', shape: [3], dtype: 'float32', device: 'cpu', group: 1, first: 12, sampled: 3 },
  ],
  coordinates: [0, 5, 11, 12, 13, 14],
  states: ['m', 'v'],
  place: { file: '/work/train.py', line: 3, function: '<module>' },
  argv: ['/work/train.py'],
  environment: { interpreter: 'python3', version: '3.11', packages: {} },
  distributed: null,
  buffers: [],
};

type Values = Partial<Record<TensorColumn, number>>;

/** A recorded step; what is not given is not recorded. @param tensors  of each tensor; null: none had a gradient */
export function step(
  t: number,
  values: Partial<RecordedStep> = {},
  tensors: readonly Values[] = [],
): RecordedStep {
  const row = new Float32Array(recording.tensors.length * tensorColumns.length).fill(Number.NaN);
  tensors.forEach((columns, i) => {
    for (const [name, value] of Object.entries(columns))
      row[i * tensorColumns.length + tensorColumns.indexOf(name as TensorColumn)] = value;
  });
  return {
    t,
    loss: null,
    gradNorm: Number.NaN,
    clipFactor: Number.NaN,
    groupLr: [],
    lossScale: Number.NaN,
    tensors: tensors.length > 0 ? { t, values: row } : null,
    ...values,
  };
}

/** The report of a rule after some steps. */
export function reportOf(Rule: RecordingRuleClass, steps: readonly RecordedStep[]) {
  const rule = new Rule(recording);
  for (const each of steps) rule.take(each);
  return rule.report;
}

/** Steps 1 to `count`. */
export function steps(count: number, make: (t: number) => RecordedStep): RecordedStep[] {
  return Array.from({ length: count }, (_, i) => make(i + 1));
}
