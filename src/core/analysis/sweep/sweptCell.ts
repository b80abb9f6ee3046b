import { directionOf, isBetter } from '../../ascent';
import type { RunConfig } from '../../config/runConfig';
import type { StopReason } from '../../stopping';
import type { VerdictKind } from '../../verdict/verdict';

/** Where the stability value passed the optimizer's stability limit. */
export interface Crossing {
  /** The first of the consecutive samples at or above the limit. */
  readonly step: number;
  readonly stability: number;
  readonly limit: number;
}

/** The result of one run of a sweep. */
export interface CellResult {
  /** The final loss; NaN if the run ended before it was evaluated. */
  readonly loss: number;
  readonly verdict: VerdictKind;
  readonly steps: number;
  readonly stopped: StopReason;
  /** undefined if stability is not measured; null if the limit was not reached. */
  readonly crossing: Crossing | null | undefined;
}

/** A cell of a sweep with its result; null while it has none. */
export interface SweptCell {
  readonly x: unknown;
  /** null without a second axis. */
  readonly y: unknown;
  readonly result: CellResult | null;
}

/** Whether the final loss says how good the run was. */
export function hasLoss({ loss, verdict }: CellResult): boolean {
  return Number.isFinite(loss) && verdict !== 'diverged' && verdict !== 'broken' && verdict !== 'unbounded';
}

/** The cell with the best final loss that is a result; null if there is none. */
export function bestCell<C extends SweptCell>(cells: readonly C[], config: RunConfig): C | null {
  const direction = directionOf(config);
  return cells.reduce<C | null>((best, cell) => {
    if (!cell.result || !hasLoss(cell.result)) return best;
    return !best || isBetter(cell.result.loss, best.result!.loss, direction) ? cell : best;
  }, null);
}
