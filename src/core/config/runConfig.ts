import { gradientMethods } from '../objective';
import type { OptimizerName } from '../optimizers/registry';
import type { ScheduleName } from '../schedules/registry';

/** How the gradient is computed: by one of the methods, or (`auto`) by the best one that the loss allows. */
export const gradientModes = ['auto', ...gradientMethods] as const;
export type GradientMode = (typeof gradientModes)[number];

export type OptionValue = number | boolean | string | readonly number[];

/** A name and its options in one object, as the user writes them: `{ name: 'adam', lr: 0.05 }`. */
export type Named<N extends string> = { readonly name: N } & Readonly<Record<string, OptionValue | N>>;
export type OptimizerConfig = Named<OptimizerName>;
export type ScheduleConfig = Named<ScheduleName>;

export type ClipConfig = { readonly norm: number } | { readonly value: number };

export interface EarlyStoppingConfig {
  /** The number of epochs without improvement (steps if the loss has no samples) after which the run ends. */
  readonly patience: number;
  /** An improvement is a value below best − minDelta; unit of the loss. */
  readonly minDelta: number;
}

/** A switch to another optimizer during a run, as in SWATS (Keskar & Socher, arXiv:1712.07628). */
export interface SwitchConfig {
  readonly to: OptimizerConfig;
  /** The last step of the first optimizer; 'plateau': after `patience` epochs without improvement. */
  readonly at: number | 'plateau';
  /** Epochs without improvement (steps if the loss has no samples); used only with 'plateau'. */
  readonly patience: number;
}

/**
 * Options of some coordinates, as torch's parameter groups: names and ranges of indices (both ends included), and the options
 * of the optimizer that differ there.
 */
export interface GroupConfig {
  readonly names?: readonly string[];
  readonly ranges?: readonly (readonly [number, number])[];
  readonly [option: string]:
    | OptionValue
    | readonly string[]
    | readonly (readonly [number, number])[]
    | undefined;
}

/** The number format to which the gradient is rounded before the optimizer receives it. */
export const precisions = ['float64', 'float32', 'float16', 'bfloat16'] as const;
export type Precision = (typeof precisions)[number];

/** A start as the user writes it: a list, or a number for each name, in any order. */
export type Start = readonly number[] | NamedStart;
export type NamedStart = Readonly<Record<string, number>>;

export function isNamedStart(start: Start): start is NamedStart {
  return !Array.isArray(start);
}

/** A loss below `loss` is expected within `steps` updates. Checked by `adamscope check`. */
export interface Expectation {
  readonly loss: number;
  readonly steps: number | null;
  /** An objective above `loss` is expected: for a run that maximizes, and only for one. */
  readonly above?: true;
}

/**
 * The complete configuration of a run, with every default filled in. Annotations, settings, the panel, the
 * command line and the trace file use the same schema with every key optional (`RunConfigPatch`).
 */
export interface RunConfig {
  readonly optimizer: OptimizerConfig;
  readonly schedule: ScheduleConfig | null;
  readonly clip: ClipConfig | null;
  /** Number of updates. */
  readonly steps: number;
  /** Passes over the samples. It determines `steps`, unless the same layer or a stronger one sets `steps`. */
  readonly epochs: number | null;
  /** In the order of the coordinates. */
  readonly start: readonly number[] | null;
  readonly names: readonly string[] | null;
  readonly seed: number;
  readonly gradientMode: GradientMode;
  readonly samples: number | null;
  readonly batch: number | null;
  /** The name of the exported function that returns the validation loss. */
  readonly validation: string | null;
  readonly earlyStopping: EarlyStoppingConfig | null;
  /** Ends the run when max abs(g) ≤ tolerance × its maximum so far, in 10 consecutive steps. null: never. */
  readonly tolerance: number | null;
  readonly precision: Precision;
  /** The factor of the loss before its gradient is rounded; the gradient is divided by it afterwards. */
  readonly lossScale: number | 'dynamic';
  readonly switch: SwitchConfig | null;
  readonly expect: Expectation | null;
  /** Ascent: the run increases the function as far as it can, as torch's maximize=True. */
  readonly maximize: boolean;
  readonly groups: readonly GroupConfig[] | null;
}

type OptionsPatch = Readonly<Record<string, OptionValue | null>>;

/** An RFC 7396 merge patch of a RunConfig: any subset of its keys, null resets a key to its default. */
export type RunConfigPatch = {
  readonly [K in Exclude<
    keyof RunConfig,
    'optimizer' | 'schedule' | 'clip' | 'start' | 'earlyStopping' | 'switch'
  >]?: RunConfig[K] | null;
} & {
  readonly start?: Start | null;
  readonly optimizer?: OptionsPatch | null;
  readonly schedule?: OptionsPatch | null;
  readonly clip?: { readonly norm?: number | null; readonly value?: number | null } | null;
  readonly earlyStopping?: { readonly patience?: number; readonly minDelta?: number } | null;
  readonly switch?: {
    /** A name alone means that optimizer with its defaults. */
    readonly to?: string | OptionsPatch | null;
    readonly at?: number | 'plateau' | null;
    readonly patience?: number | null;
  } | null;
};

export const configProblemCodes = [
  'unknown-key',
  'unknown-name',
  'unknown-option',
  'wrong-type',
  'out-of-range',
  'missing',
] as const;
export type ConfigProblemCode = (typeof configProblemCodes)[number];

/** A problem of a patch. `path` leads to the value: ['optimizer', 'beta2']. */
export interface ConfigProblem {
  readonly path: readonly string[];
  readonly code: ConfigProblemCode;
  readonly message: string;
  /** The most similar valid name, for a quick fix. */
  readonly suggestion?: string;
}
