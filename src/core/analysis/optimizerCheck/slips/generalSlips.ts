import { optionsOf } from '../../../config/resolve';
import type { OptimizerConfig } from '../../../config/runConfig';
import { dialectsOf } from '../../../optimizers/dialects';
import { optimizerNames, optimizers } from '../../../optimizers/registry';
import { type MakeStep, type Options, registryStep } from '../stepper';
import { gradientSlips } from './gradientSlips';
import { bug, type Slip, switchOptions } from './slip';

/** Common errors that any optimizer can have, derived from the reference implementation. */
export function generalSlips(reference: OptimizerConfig): Slip[] {
  return [
    skipSlip(),
    ...signSlips(reference),
    ...decaySlips(reference),
    ...countSlips(reference),
    ...stateSlips(reference),
    ...gradientSlips(reference),
    ...optionSlips(reference),
    ...formSlips(reference),
  ];
}

/** Leaves the parameters as they are: an error if it holds for a part of them. */
function skipSlip(): Slip {
  return bug(
    'coordinate-skipped',
    'the parameter is never changed: check the bounds of the loop',
    () => () => {},
  );
}

function signSlips({ name, ...rest }: OptimizerConfig): Slip[] {
  const options = rest as Options;
  const make = registryStep(name, options);
  const decay = optimizers[name].decay(options.lr as number, options);
  const reflected =
    (about: number): MakeStep =>
    (dim) => {
      const step = make(dim);
      return (params, grad, t) => {
        const before = params.slice();
        step(params, grad, t);
        for (let i = 0; i < dim; i++) params[i] = 2 * about * before[i]! - params[i]!;
      };
    };
  return [
    bug('step-sign', 'the step has the wrong sign: it moves uphill', reflected(decay)),
    ...(decay === 1
      ? []
      : [bug('step-and-decay-sign', 'step and weight decay both have the wrong sign', reflected(1))]),
    bug(
      'lr-ignored',
      'lr is not used: the steps are those of lr 1',
      registryStep(name, { ...options, lr: 1 }),
    ),
  ];
}

function decaySlips({ name, ...rest }: OptimizerConfig): Slip[] {
  const options = rest as Options;
  const weight = options.weightDecay as number | undefined;
  if (!weight) return [];
  const lr = options.lr as number;
  const decay = optimizers[name].decay(lr, options);
  const isDecoupled = optimizers[name].l2(options) === 0;
  const plain = registryStep(name, { ...options, weightDecay: 0 });
  /** Shrinks params before or after the step, apart from the gradient. */
  const shrinking =
    (factor: number, isAfter = false): MakeStep =>
    (dim) => {
      const step = plain(dim);
      const shrink = (params: Float64Array) => {
        for (let i = 0; i < dim; i++) params[i]! *= factor;
      };
      return (params, grad, t) => {
        if (!isAfter) shrink(params);
        step(params, grad, t);
        if (isAfter) shrink(params);
      };
    };
  const penalized =
    (penalty: number): MakeStep =>
    (dim) => {
      const step = plain(dim);
      return (params, grad, t) =>
        step(
          params,
          grad.map((g, i) => g + penalty * params[i]!),
          t,
        );
    };
  /** Shrinks params by a constant instead of a share of them. */
  const pulling =
    (pull: number): MakeStep =>
    (dim) => {
      const step = plain(dim);
      return (params, grad, t) => {
        const signs = params.map(Math.sign);
        step(params, grad, t);
        for (let i = 0; i < dim; i++) params[i]! -= pull * signs[i]!;
      };
    };
  const weighted = (weightDecay: number) => registryStep(name, { ...options, weightDecay });
  return [
    bug('no-decay', 'weightDecay is not used', plain),
    bug('decay-doubled', 'weight decay is twice as large as in the reference', weighted(2 * weight)),
    bug('decay-halved', 'weight decay is half as large as in the reference', weighted(weight / 2)),
    bug(
      'decay-of-sign',
      'weight decay uses the sign of the parameter, as an L1 penalty: use the parameter',
      (dim) => {
        const step = plain(dim);
        return (params, grad, t) =>
          step(
            params,
            grad.map((g, i) => g + weight * Math.sign(params[i]!)),
            t,
          );
      },
    ),
    bug(
      'decay-of-sign',
      'weight decay uses the sign of the parameter, as an L1 penalty: use the parameter',
      pulling(lr * weight),
    ),
    bug(
      'decay-without-parameter',
      'weight decay is a constant added to the gradient: multiply it by the parameter',
      (dim) => {
        const step = plain(dim);
        return (params, grad, t) =>
          step(
            params,
            grad.map((g) => g + weight),
            t,
          );
      },
    ),
    ...(isDecoupled
      ? [
          bug(
            'decay-coupled',
            'weight decay is added to the gradient (L2) and therefore divided by the denominator: the reference decouples it, params −= lr·weightDecay·params',
            penalized(weight),
          ),
          bug('decay-sign', 'weight decay has the wrong sign: parameters grow', shrinking(2 - decay)),
          bug('decay-without-lr', 'weight decay is not multiplied by lr', shrinking(1 - weight)),
          bug(
            'decay-after-step',
            'weight decay is applied after the step: apply it before the step',
            shrinking(decay, true),
          ),
        ]
      : [
          bug(
            'decay-decoupled',
            'weight decay is decoupled, params −= lr·weightDecay·params: the reference adds it to the gradient (L2)',
            shrinking(1 - lr * weight),
          ),
          bug(
            'decay-sign',
            'weight decay has the wrong sign: add weightDecay·params to the gradient',
            penalized(-weight),
          ),
          bug(
            'decay-times-lr',
            'weight decay is multiplied by lr inside the gradient',
            penalized(lr * weight),
          ),
          bug(
            'decay-without-lr',
            'weight decay is decoupled and not multiplied by lr',
            shrinking(1 - weight),
          ),
        ]),
  ];
}

function countSlips({ name, ...rest }: OptimizerConfig): Slip[] {
  const options = rest as Options;
  const make = registryStep(name, options);
  const counting =
    (count: (t: number) => number): MakeStep =>
    (dim) => {
      const step = make(dim);
      return (params, grad, t) => step(params, grad, count(t));
    };
  return [
    bug(
      't-stuck',
      't stays at 1: increase it by one at every step',
      counting(() => 1),
    ),
    // Momentum of sgd uses t at its first step only.
    ...(name === 'sgd'
      ? []
      : [
          bug(
            't-twice',
            't increases by 2 per step: increase it once',
            counting((t) => 2 * t - 1),
          ),
          bug(
            't-twice',
            't increases by 2 per step: increase it once',
            counting((t) => 2 * t),
          ),
          bug('t-per-coordinate', 't increases for every coordinate: increase it once per step', (dim) => {
            const step = make(dim);
            return (params, grad, t) => step(params, grad, t * dim);
          }),
          bug('t-per-coordinate', 't increases for every coordinate: increase it once per step', (dim) => {
            const step = make(dim);
            return (params, grad, t) => step(params, grad, (t - 1) * dim + 1);
          }),
        ]),
    bug(
      't-per-tensor',
      't increases for every tensor: increase it once per step',
      // The check calls `update(key, w, g)` for two tensors, of which the last coordinate is the second.
      byCoordinate(make, (t, i, dim) => 2 * t - (i < dim - 1 ? 1 : 0)),
    ),
    bug(
      't-per-coordinate',
      't increases for every coordinate: increase it once per step',
      byCoordinate(make, (t, i, dim) => (t - 1) * dim + i + 1),
    ),
  ];
}

/** Steps each coordinate with a separate optimizer and its own t. */
function byCoordinate(make: MakeStep, count: (t: number, i: number, dim: number) => number): MakeStep {
  return (dim) => {
    const steps = Array.from({ length: dim }, () => make(1));
    return (params, grad, t) => {
      for (const [i, step] of steps.entries()) stepOne(step, params, grad, i, count(t, i, dim));
    };
  };
}

function stepOne(
  step: ReturnType<MakeStep>,
  params: Float64Array,
  grad: Float64Array,
  i: number,
  t: number,
): void {
  const [theta, g] = [Float64Array.of(params[i]!), Float64Array.of(grad[i]!)];
  step(theta, g, t);
  params[i] = theta[0]!;
}

function stateSlips({ name, ...rest }: OptimizerConfig): Slip[] {
  const make = registryStep(name, rest as Options);
  const forgetting =
    (count: (t: number) => number): MakeStep =>
    (dim) =>
    (params, grad, t) =>
      make(dim)(params, grad, count(t));
  return [
    bug(
      'state-forgotten',
      'the state is lost between steps: every step starts with an empty state',
      forgetting((t) => t),
    ),
    bug(
      'state-and-t-forgotten',
      'the state and t are lost between steps: every step is a first step',
      forgetting(() => 1),
    ),
    bug('state-shared', 'all coordinates share one state: keep a state for each coordinate', (dim) => {
      const step = make(1);
      return (params, grad, t) => {
        for (let i = 0; i < dim; i++) stepOne(step, params, grad, i, t);
      };
    }),
  ];
}

const otherEps = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-10, 1e-12, 1e-16];
/** Values that are often hard-coded. */
const hardCoded: Readonly<Record<string, readonly number[]>> = {
  beta1: [0.9, 0.5, 0.95],
  beta2: [0.999, 0.99, 0.98, 0.95],
  alpha: [0.99, 0.9, 0.999, 0.95],
  momentum: [0.9, 0.99, 0.5],
  dampening: [0],
  lrDecay: [0],
  initialAccumulatorValue: [0, 0.1],
  momentumDecay: [4e-3, 1],
  eps: otherEps,
};

/** The reference with other options. */
function optionSlips({ name, ...rest }: OptimizerConfig): Slip[] {
  const options = rest as Options;
  const at = (change: Partial<Options>) => registryStep(name, { ...options, ...change } as Options);
  const slips: Slip[] = [];
  const { beta1, beta2 } = options;
  if (beta1 !== undefined && beta2 !== undefined) {
    slips.push(
      bug('betas-exchanged', 'beta1 and beta2 are exchanged', at({ beta1: beta2, beta2: beta1 })),
      bug('beta1-twice', 'v uses beta1 instead of beta2', at({ beta2: beta1 })),
      bug('beta2-twice', 'm uses beta2 instead of beta1', at({ beta1: beta2 })),
      bug('no-first-moment', 'the step uses the gradient instead of m', at({ beta1: 0 })),
      bug('no-second-moment', 'the step is divided by |g| of the last step instead of √v', at({ beta2: 0 })),
    );
    if (beta1 !== 0.9 && beta2 !== 0.999)
      slips.push({
        code: 'betas-hard-coded',
        says: `beta1 is 0.9 and beta2 is 0.999; the reference has ${beta1} and ${beta2}`,
        kind: 'option',
        make: at({ beta1: 0.9, beta2: 0.999 }),
      });
  }
  if (options.momentum)
    slips.push(bug('no-momentum', 'momentum is not used', at({ momentum: 0, nesterov: false })));
  if (options.eps)
    slips.push(bug('no-eps', 'eps is missing: the step divides by 0 where gradients are 0', at({ eps: 0 })));
  for (const [option, values] of Object.entries(hardCoded))
    for (const value of values)
      if (
        options[option] !== undefined &&
        options[option] !== value &&
        !(option === 'momentum' && !options.momentum)
      )
        slips.push({
          code: `other-${option}`,
          says: `${option} is ${value} instead of ${options[option]}`,
          kind: 'option',
          make: at({ [option]: value }),
        });
  for (const option of switchOptions)
    if (typeof options[option] === 'boolean' && !(option === 'nesterov' && !options.momentum))
      slips.push({
        code: options[option] ? `no-${option}` : `is-${option}`,
        says: options[option] ? `${option} is not used` : `${option} is used; the reference does not use it`,
        kind: options[option] ? 'bug' : 'option',
        make: at({ [option]: !options[option] }),
      });
  return slips;
}

/** Other dialects, and other optimizers with the options that they share with the reference. */
function formSlips(reference: OptimizerConfig): Slip[] {
  const { name } = reference;
  const options = optionsOf(reference);
  const dialects = dialectsOf(name).filter(
    (dialect) => dialect !== options.dialect && options.dialect !== undefined,
  );
  // Without weight decay, adamw is the same as adam.
  const others = optimizerNames.filter(
    (other) => other !== name && !(other === 'adamw' && !options.weightDecay),
  );
  return [
    ...dialects.map(
      (dialect): Slip => ({
        code: `dialect-${dialect}`,
        says: `it is ${name} in the dialect of ${dialect}`,
        kind: 'form',
        make: registryStep(name, { ...options, dialect }),
      }),
    ),
    ...others.map((other): Slip => {
      const specs = optimizers[other].options;
      const own = Object.fromEntries(
        Object.entries(specs).map(([option, spec]) => [option, options[option] ?? spec.default]),
      ) as Options;
      return {
        code: `is-${other}`,
        says: `it is ${other}`,
        kind: 'form',
        make: registryStep(other, 'dialect' in own ? { ...own, dialect: 'torch' } : own),
      };
    }),
  ];
}
