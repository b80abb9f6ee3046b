import type { OptimizerName } from '../optimizers/registry';

/** What can be found out about a loss by running it several times. */
export type LossAnalysis =
  | {
      readonly kind: 'optimizers';
      /** Those to compare; null: all. */
      readonly names: readonly OptimizerName[] | null;
    }
  | { readonly kind: 'dialects' }
  | {
      readonly kind: 'dataOrders';
      /** How many seeds, from the run's own on. */
      readonly seeds: number;
    }
  | {
      readonly kind: 'lrRange';
      /** How many seeds, from the run's own on; 1 where the loss is not stochastic. */
      readonly seeds: number;
    }
  | { readonly kind: 'invariances' };

/** Told between the runs of an analysis. */
export interface AnalysisProgress {
  /** @returns false if the user gave up: the analysis then ends with `Cancelled` */
  went(done: number, total: number): boolean;
}

/** The user gave up an analysis. */
export class Cancelled extends Error {}
