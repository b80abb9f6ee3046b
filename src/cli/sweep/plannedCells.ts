import type { RunConfigPatch } from '../../core/config/runConfig';
import type { LossDeclaration } from '../../loss/declaration';
import type { Plan } from '../../loss/plan';
import type { SweepAxis } from '../../runs/sweep/axis';
import { cellsOf, type SweepCell } from '../../runs/sweep/cells';
import { planOf } from '../prepare';

/** A cell with what it runs. */
export interface PlannedCell extends SweepCell {
  readonly plan: Plan;
  /** The configuration layers that override the annotation, with the values of the cell. */
  readonly above: readonly RunConfigPatch[];
  /** The name of its file, without a folder. */
  readonly fileName: string;
}

/**
 * The cells of a sweep of a loss, row by row (y).
 *
 * @param above  the configuration layers that override the annotation
 * @throws SweepProblem, BadInput if an option or one of its values does not exist, before anything has run
 */
export function plannedCells(
  declaration: LossDeclaration,
  above: readonly RunConfigPatch[],
  x: SweepAxis,
  y: SweepAxis | null,
): PlannedCell[] {
  return cellsOf(x, y).map((cell) => {
    const layers = [...above, cell.patch];
    return {
      ...cell,
      plan: planOf(declaration, layers),
      above: layers,
      fileName: `${encodeURIComponent(declaration.name)},${cell.name}.adamscope`,
    };
  });
}
