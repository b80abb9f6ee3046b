import { checking, type NonFiniteOperation } from '../../../../../autodiff/checking';
import { dataBindings } from '../../../../../autodiff/dataBindings';
import { checkedValue } from '../../../../../autodiff/provenance';
import { tracedObjective } from '../../../../../autodiff/tracedObjective';
import type { Objective, OpenContext } from '../../../../../core/objective';
import type { SourceLocation } from '../../../../../core/sourceLocation';
import type { RewrittenLoss } from '../../programs/rewrittenLoss';
import { type DataCell, dataCells, type Suspects } from './dataCells';

/** What happened between two examinations of the data while a program was loaded. */
interface LoadStep {
  readonly operations: readonly NonFiniteOperation[];
}

/** An instance of the program in which some faulty data are replaced by finite numbers. */
export interface DataProgram {
  /** The data that were replaced, in the order in which they were found. */
  readonly repaired: readonly DataCell[];
  /** The keys of the data that were found faulty and left as they are. */
  readonly faulty: ReadonlySet<string>;
  /** The operations with non-finite results at load. */
  readonly atLoad: readonly NonFiniteOperation[];
  /** The part of the loading that ended when the datum was found. */
  stepOf(cell: DataCell): LoadStep;
  readonly value: Objective['value'];
  /** The value, and the operations of the evaluation with non-finite results. */
  checkedValue(params: Float64Array, open: OpenContext): ReturnType<typeof checkedValue>;
  placeOf(site: number): { readonly location: SourceLocation; readonly expression: string } | null;
}

/**
 * @param isRepaired    whether to replace a faulty datum by a finite number, as soon as it is found
 * @param repairedSite  the expression whose non-finite results at load are replaced; null for none
 * @param suspects      the data that count as faulty
 */
export type LoadProgram = (
  isRepaired: (cell: DataCell) => boolean,
  repairedSite: number | null,
  suspects: Suspects,
) => Promise<DataProgram>;

/** @param load  loads a new instance whose modules show their variables */
export async function loadDataProgram(
  load: () => Promise<RewrittenLoss>,
  dim: number,
  isRepaired: (cell: DataCell) => boolean,
  repairedSite: number | null,
  suspects: Suspects,
): Promise<DataProgram> {
  const repaired: DataCell[] = [];
  const faulty = new Set<string>();
  const steps = new Map<DataCell, LoadStep>();
  const known = new Set<string>();
  let past = 0;
  checking.start();
  checking.repair(repairedSite);
  dataBindings.observe((variables) => {
    const operations = checking.nonFinite;
    const step = { operations: operations.slice(past) };
    past = operations.length;
    for (const cell of dataCells(variables, suspects)) {
      if (!isRepaired(cell)) faulty.add(cell.key);
      else if (cell.repair() && !known.has(cell.key)) {
        known.add(cell.key);
        repaired.push(cell);
        steps.set(cell, step);
      }
    }
  });
  try {
    const loss = await load();
    const traced = loss.traced(dim);
    return {
      repaired,
      faulty,
      atLoad: checking.nonFinite,
      stepOf: (cell) => steps.get(cell)!,
      value: tracedObjective(traced).value,
      checkedValue: (params, open) => checkedValue(traced, params, open),
      placeOf: (site) => {
        const location = loss.locationOf(site);
        return location && { location, expression: loss.expressionOf(site) };
      },
    };
  } finally {
    checking.repair(null);
    checking.stop();
    dataBindings.end();
  }
}
