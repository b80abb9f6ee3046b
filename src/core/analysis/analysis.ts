import type { OptimizerName } from '../optimizers/registry';

/** An analysis that runs a loss several times. */
export type LossAnalysis =
  | {
      readonly kind: 'optimizers';
      /** The optimizers to compare; null: all. */
      readonly names: readonly OptimizerName[] | null;
    }
  | { readonly kind: 'dialects' }
  | {
      readonly kind: 'dataOrders';
      /** The number of seeds, counted up from the run's seed. */
      readonly seeds: number;
    }
  | {
      readonly kind: 'lrRange';
      /** The number of seeds, counted up from the run's seed; 1 is used if the loss is deterministic. */
      readonly seeds: number;
    }
  | { readonly kind: 'invariances' }
  /** What to look at before a run: scales, learning rate, schedule, clipping, precision, validation, stopping rule. */
  | { readonly kind: 'checklist' };

/** Receives the progress of an analysis. */
export interface AnalysisProgress {
  /**
   * Called between the runs. @returns false if the user cancelled: the analysis then ends with `Cancelled`
   */
  went(done: number, total: number): boolean;
}

/** The user cancelled an analysis. */
export class Cancelled extends Error {}
