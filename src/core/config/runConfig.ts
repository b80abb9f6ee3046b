import { gradientMethods } from '../objective';
import type { OptimizerName } from '../optimizers/registry';
import type { ScheduleName } from '../schedules/registry';

/** How the gradient is to be computed: by one of the methods, or, `auto`, by the best that the loss allows. */
export const gradientModes = ['auto', ...gradientMethods] as const;
export type GradientMode = (typeof gradientModes)[number];

export type OptionValue = number | boolean | string | readonly number[];

/** A name and its options, flat, as the user writes them: `{ name: 'adam', lr: 0.05 }`. */
export type Named<N extends string> = { readonly name: N } & Readonly<Record<string, OptionValue | N>>;
export type OptimizerConfig = Named<OptimizerName>;
export type ScheduleConfig = Named<ScheduleName>;

export type ClipConfig = { readonly norm: number } | { readonly value: number };

export interface EarlyStoppingConfig {
  /** Epochs without improvement (steps where the loss has no samples) after which the run ends. */
  readonly patience: number;
  /** An improvement is a value below best − minDelta; unit of the loss. */
  readonly minDelta: number;
}

/** Another optimizer takes over in the middle of a run, as SWATS does (Keskar & Socher, arXiv:1712.07628). */
export interface SwitchConfig {
  readonly to: OptimizerConfig;
  /** The last step of the first optimizer; 'plateau': when the loss has not improved for `patience`. */
  readonly at: number | 'plateau';
  /** Epochs without improvement (steps where the loss has no samples); read at 'plateau' only. */
  readonly patience: number;
}

/** The number format that the gradient is rounded to on its way to the optimizer. */
export const precisions = ['float64', 'float32', 'float16', 'bfloat16'] as const;
export type Precision = (typeof precisions)[number];

/** What the loss is expected to reach: a loss below `loss` within `steps` updates. Read by `adamscope check`. */
export interface Expectation {
  readonly loss: number;
  readonly steps: number | null;
}

/**
 * One run, completely: every default filled in. The same schema, with every key optional, is what annotations,
 * settings, the panel, the command line and the trace file hold (`RunConfigPatch`).
 */
export interface RunConfig {
  readonly optimizer: OptimizerConfig;
  readonly schedule: ScheduleConfig | null;
  readonly clip: ClipConfig | null;
  /** Number of updates. */
  readonly steps: number;
  /** Passes over the samples; where given, it decides `steps` unless the same layer or a stronger one gives that. */
  readonly epochs: number | null;
  readonly start: readonly number[] | null;
  readonly names: readonly string[] | null;
  readonly seed: number;
  readonly gradientMode: GradientMode;
  readonly samples: number | null;
  readonly batch: number | null;
  /** Name of the exported function that gives the validation loss. */
  readonly validation: string | null;
  readonly earlyStopping: EarlyStoppingConfig | null;
  /** Ends the run when max abs(g) <= tolerance x its largest so far, 10 steps in a row. null: never. */
  readonly tolerance: number | null;
  readonly precision: Precision;
  /** What the loss is multiplied by before its gradient is rounded, and the gradient divided by after it. */
  readonly lossScale: number | 'dynamic';
  readonly switch: SwitchConfig | null;
  readonly expect: Expectation | null;
}

type OptionsPatch = Readonly<Record<string, OptionValue | null>>;

/** An RFC 7396 merge patch of a RunConfig: any subset of its keys, null resets a key to its default. */
export type RunConfigPatch = {
  readonly [K in Exclude<keyof RunConfig, 'optimizer' | 'schedule' | 'clip' | 'earlyStopping' | 'switch'>]?:
    | RunConfig[K]
    | null;
} & {
  readonly optimizer?: OptionsPatch | null;
  readonly schedule?: OptionsPatch | null;
  readonly clip?: { readonly norm?: number | null; readonly value?: number | null } | null;
  readonly earlyStopping?: { readonly patience?: number; readonly minDelta?: number } | null;
  readonly switch?: {
    /** A name alone stands for that optimizer at its defaults. */
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

/** One thing wrong with a patch. `path` leads to the value: ['optimizer', 'beta2']. */
export interface ConfigProblem {
  readonly path: readonly string[];
  readonly code: ConfigProblemCode;
  readonly message: string;
  /** The nearest right name, for a quick fix. */
  readonly suggestion?: string;
}
