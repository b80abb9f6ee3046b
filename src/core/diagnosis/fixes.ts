import { baseLr, isAdaptive, isLrOfSchedule, lrPatch, numberOption } from '../config/readOptions';
import { resolveConfig } from '../config/resolve';
import type { OptionValue, Precision, RunConfig, RunConfigPatch, ScheduleConfig } from '../config/runConfig';
import { formatNumber } from '../numerics/format';
import type { OptimizerName } from '../optimizers/registry';
import { cyclingSchedule } from '../phases';
import { rescaledGroups } from '../rescaling';
import type { SourceEdit } from '../sourceEdit';
import type { ConfigFix, SourceFix } from './finding';
import { fixId } from './fixId';
import type { RuleContext } from './rule';
import { clipWords, groupWords, optimizerWords, optionWords, scheduleWords } from './settingWords';
import { floorToDigit, roundToDigit } from './words';

function fix(title: string, patch: RunConfigPatch): ConfigFix {
  return { id: fixId(patch), title, patch, verified: null };
}

/** Changes the source. */
export function sourceFix({ title, edit }: EditProposal): SourceFix {
  const { line, column } = edit.location;
  return { id: `${line}:${column}=${edit.after}`, title, edit, verified: null };
}

/** An edit of the source with its title. */
export interface EditProposal {
  readonly title: string;
  readonly edit: SourceEdit;
}

/** Changes only the learning rate; those of parameter groups by the same factor. */
export function lrFix(config: RunConfig, lr: number): ConfigFix {
  const title = optionWords(isLrOfSchedule(config) ? 'maxLr' : 'lr', lr);
  const patch = lrPatch(config, lr);
  return fix(`${title}${groupRatesInWords(patch)}`, patch);
}

const mostGroupsShown = 2;

/** ", b: lr 0.3": the learning rates of groups that a patch from `lrPatch` sets besides that of the optimizer; empty if it sets none. */
export function groupRatesInWords({ groups }: RunConfigPatch): string {
  const rates = (groups ?? []).flatMap(({ names, ranges, lr }) =>
    typeof lr === 'number' ? [groupWords({ ...(names && { names }), ...(ranges && { ranges }), lr })] : [],
  );
  if (rates.length > mostGroupsShown) return ', that of the groups by the same factor';
  return rates.map((each) => `, ${each}`).join('');
}

/**
 * Smaller learning rates for a run whose steps are too long, the most promising first. In the direction of
 * the largest curvature λ, gradient descent is stable for lr < 2/λ and fastest near lr = 1/λ. If λ is known
 * from the path, lr = 1/λ is proposed. If λ > 100/lr, it was measured far away from the start, after a step
 * that was much too long; then the geometric mean of 1/λ and lr is proposed first. Without a curvature: a
 * tenth and a hundredth of the current lr.
 */
export function smallerLrFixes({ config, curvature }: RuleContext): ConfigFix[] {
  const lr = baseLr(config);
  if (!(lr > 0)) return [];
  const tenth = roundToDigit(lr / 10);
  const inverse = isAdaptive(config) ? Number.NaN : floorToDigit(1 / curvature());
  const rates =
    inverse > 0 && inverse < lr
      ? inverse < lr / 100
        ? [floorToDigit(Math.sqrt(inverse * lr)), inverse]
        : [inverse, tenth]
      : [tenth, roundToDigit(lr / 100)];
  return [...new Set(rates)].map((rate) => lrFix(config, rate));
}

/**
 * Steps as if each coordinate were measured in its unit, with the learning rate of each; none if the configuration has
 * parameter groups.
 *
 * @param units  shape [dim]; 1 for coordinates that are not rescaled
 */
export function rescaleFixes(config: RunConfig, units: readonly number[]): ConfigFix[] {
  const groups = config.groups ? [] : rescaledGroups(config, units);
  return groups.length > 0 ? [fix(groups.map(groupWords).join('; '), { groups })] : [];
}

/** Whether clipping shortens every step: not where a step does not depend on the size of the gradient, as with Adam and signsgd. */
export function mayClip(config: RunConfig): boolean {
  return config.clip === null && !isAdaptive(config) && config.optimizer.name !== 'signsgd';
}

/** Clips the gradient norm. */
export function clipFix(norm: number): ConfigFix {
  const clip = { norm: roundToDigit(norm) };
  return fix(clipWords(clip), { clip: { ...clip, value: null } });
}

/** Clips the gradient by component. */
export function clipValueFix(limit: number): ConfigFix {
  const clip = { value: roundToDigit(limit) };
  return fix(clipWords(clip), { clip: { ...clip, norm: null } });
}

/** No clipping. */
export function noClipFix(): ConfigFix {
  return fix(clipWords(null), { clip: null });
}

export function scheduleOptionFix(name: string, value: number): ConfigFix {
  return fix(optionWords(name, value), { schedule: { [name]: value } });
}

/** The same lengths in the other unit. A warmup that is a share of the run in one unit is derived anew in the other. */
export function scheduleUnitFix({ schedule, steps }: RunConfig): ConfigFix {
  const unit = schedule!.unit === 'epoch' ? 'step' : 'epoch';
  const isDerived = schedule!.warmup === Math.max(1, Math.floor(steps / 10));
  return fix(unit === 'epoch' ? 'schedule per epoch' : 'schedule per step', {
    schedule: { unit, ...(isDerived && { warmup: null }) },
  });
}

/** Linear warmup over `steps`, then the current learning rate. */
export function warmupFix(steps: number): ConfigFix {
  return scheduleFix({ name: 'linear', startFactor: 0.01, endFactor: 1, totalIters: steps });
}

/** Linear warmup over `steps`, then cosine decay to 0. */
export function warmupCosineFix(steps: number, config: RunConfig): ConfigFix {
  return scheduleFix({ name: 'warmupCosine', warmup: steps, totalSteps: config.steps });
}

/** Cosine decay to 0 from the learning rate, that of the schedule if it has one. */
export function cosineFix(config: RunConfig): ConfigFix {
  const schedule: ScheduleConfig = { name: 'cosine', tMax: config.steps, etaMin: 0 };
  const optimizer = isLrOfSchedule(config) ? { optimizer: { lr: baseLr(config) } } : {};
  return fix(scheduleWords(schedule), { ...optimizer, schedule });
}

function scheduleFix(schedule: ScheduleConfig): ConfigFix {
  return fix(scheduleWords(schedule), { schedule });
}

/** Reductions of lr that come later, or are smaller. */
export function reductionFixes(schedule: ScheduleConfig): ConfigFix[] {
  const [patience, factor, threshold] = (['patience', 'factor', 'threshold'] as const).map(
    (name) => numberOption(schedule, name)!,
  );
  return [
    ...(threshold! > 0 ? [scheduleOptionFix('threshold', 0)] : []),
    scheduleOptionFix('patience', Math.max(10, 10 * patience!)),
    ...(factor! < 0.5 ? [scheduleOptionFix('factor', 0.5)] : []),
    noScheduleFix(),
  ];
}

/** A constant learning rate, without a schedule. */
export function noScheduleFix(): ConfigFix {
  return fix(scheduleWords(null), { schedule: null });
}

export function epsFix(eps: number): ConfigFix {
  return fix(optionWords('eps', eps), { optimizer: { eps } });
}

/**
 * A shorter memory of squared gradients: v follows growing gradients faster, and lags less behind shrinking
 * ones.
 */
export function smallerBeta2Fixes({ optimizer }: RunConfig): ConfigFix[] {
  const beta2 = numberOption(optimizer, 'beta2');
  if (beta2 === undefined) return [];
  return [0.99, 0.95, 0.9]
    .filter((smaller) => smaller < beta2)
    .map((smaller) => fix(optionWords('beta2', smaller), { optimizer: { beta2: smaller } }));
}

/** A longer memory of squared gradients. */
export function largerBeta2Fixes({ optimizer }: RunConfig): ConfigFix[] {
  const beta2 = numberOption(optimizer, 'beta2');
  if (beta2 === undefined) return [];
  return [0.999, 0.9999]
    .filter((larger) => larger > beta2)
    .map((larger) => fix(optionWords('beta2', larger), { optimizer: { beta2: larger } }));
}

/** AdamW with the same options: weight decay acts on the parameters, not on the gradient. */
export function decoupledDecayFix({ optimizer }: RunConfig): ConfigFix[] {
  if (optimizer.name !== 'adam' || optimizer.amsgrad === true) return [];
  return [decoupled(optimizer, optimizer.weightDecay!)];
}

/** AdamW with the options of Adam and this decay. The options at their defaults need no words. */
function decoupled(
  { lr, name: _, dialect: _d, amsgrad: _a, ...options }: RunConfig['optimizer'],
  weightDecay: OptionValue,
): ConfigFix {
  const usual = resolveConfig([{ optimizer: { name: 'adamw' } }]).config.optimizer;
  const others = Object.entries({ ...options, weightDecay }).filter(([key, value]) => value !== usual[key]);
  const optimizer = { name: 'adamw', lr: lr!, ...Object.fromEntries(others) } as const;
  return fix(optimizerWords(optimizer), { optimizer });
}

/** Divides by the largest v so far, which does not decrease when gradients become small. */
export function amsgradFix({ optimizer }: RunConfig): ConfigFix[] {
  return optimizer.amsgrad === false ? [fix('amsgrad', { optimizer: { amsgrad: true } })] : [];
}

/** Another optimizer at the same learning rate. */
export function optimizerFix(name: OptimizerName, lr: number): ConfigFix {
  const optimizer = { name, lr };
  return fix(optimizerWords(optimizer), { optimizer });
}

/**
 * Ten and a hundred times the weight decay; decoupled (AdamW) for Adam, whose preconditioner would cancel its
 * effect.
 */
export function weightDecayFixes({ optimizer }: RunConfig): ConfigFix[] {
  const now = numberOption(optimizer, 'weightDecay');
  if (now === undefined) return [];
  const from = Math.max(now, 1e-3);
  return [10 * from, 100 * from].map((weightDecay) =>
    optimizer.name === 'adam'
      ? decoupled(optimizer, weightDecay)
      : fix(optionWords('weightDecay', weightDecay), { optimizer: { weightDecay } }),
  );
}

/** A tenth and a hundredth of the weight decay, and none. */
export function smallerWeightDecayFixes({ optimizer }: RunConfig): ConfigFix[] {
  const now = numberOption(optimizer, 'weightDecay');
  if (now === undefined || now === 0) return [];
  return [now / 10, now / 100, 0].map((weightDecay) =>
    fix(optionWords('weightDecay', weightDecay), {
      optimizer: { weightDecay: roundToDigit(weightDecay) },
    }),
  );
}

/** Early stopping for which every decrease counts as an improvement: minDelta = 0. */
export function earlyStoppingFix(patience: number): ConfigFix {
  return fix(`early stopping, patience ${patience}, minDelta 0`, {
    earlyStopping: { patience, minDelta: 0 },
  });
}

export function lossScaleFix(lossScale: number | 'dynamic'): ConfigFix {
  return fix(optionWords('lossScale', lossScale), { lossScale });
}

export function precisionFix(precision: Precision): ConfigFix {
  return fix(optionWords('precision', precision), { precision });
}

export function startFix(start: readonly number[]): ConfigFix {
  return fix(`start at [${start.map((each) => formatNumber(each)).join(', ')}]`, { start });
}

/** Larger batches with the same number of steps: if the number of epochs is given, it increases. */
export function batchFix(batch: number, { epochs, steps }: RunConfig): ConfigFix {
  return fix(`batch size ${batch}`, epochs === null ? { batch } : { batch, epochs: null, steps });
}

/** The current learning rate up to a step, then a tenth of it. For findings that begin late in a run. */
export function decayFromFix(step: number): ConfigFix {
  const patch = { schedule: { name: 'multiStep', milestones: [step], gamma: 0.1 } };
  return fix(`decrease lr tenfold after step ${step}`, patch);
}

export function momentumFix(momentum: number): ConfigFix {
  return fix(optionWords('momentum', momentum), { optimizer: { momentum } });
}

/** The next two usual values below the momentum, or beta1; none if a schedule cycles it. */
export function smallerMomentumFixes(config: RunConfig): ConfigFix[] {
  const { optimizer } = config;
  const name = numberOption(optimizer, 'beta1') === undefined ? 'momentum' : 'beta1';
  const now = numberOption(optimizer, name);
  if (now === undefined || cyclingSchedule(config) !== null) return [];
  return [0.9, 0.5, 0]
    .filter((smaller) => smaller < now && !(smaller === 0 && optimizer.nesterov === true))
    .slice(0, 2)
    .map((smaller) => fix(optionWords(name, smaller), { optimizer: { [name]: smaller } }));
}

export function gradientModeFix(gradientMode: RunConfig['gradientMode']): ConfigFix {
  return fix(optionWords('gradientMode', gradientMode), { gradientMode });
}
