import { mergePatches } from '../../core/config/resolve';
import type { RunConfigPatch } from '../../core/config/runConfig';
import { validatePatch } from '../../core/config/validate';
import type { LossDeclaration } from '../../loss/declaration';
import type { Plan } from '../../loss/plan';
import { BadInput } from '../badInput';
import { planOf } from '../prepare';
import { axisPatch, type SweepAxis } from './axis';

/** One run of a sweep, before it has been made. */
export interface SweepCell {
  readonly x: unknown;
  /** null without a second axis. */
  readonly y: unknown;
  readonly plan: Plan;
  /** The configuration layers that override the annotation, with the values of the cell. */
  readonly above: readonly RunConfigPatch[];
  /** The name of its file, without a folder. */
  readonly fileName: string;
}

const cellsAtMost = 10_000;

/**
 * The cells of a grid, row by row (y), each from the first to the last x.
 *
 * @throws BadInput if an option or one of its values does not exist, before anything has run
 */
export function cellsOf(
  declaration: LossDeclaration,
  above: readonly RunConfigPatch[],
  x: SweepAxis,
  y: SweepAxis | null,
): SweepCell[] {
  if (x.path === y?.path) throw new BadInput(`--x and --y are both ${x.path}; name two options`);
  const count = x.values.length * (y?.values.length ?? 1);
  if (count > cellsAtMost)
    throw new BadInput(`a sweep may have at most ${cellsAtMost} runs, and this one has ${count}`);
  return (y?.values ?? [null]).flatMap((ofY) =>
    x.values.map((ofX) => {
      const patch = mergePatches(axisPatch(x, ofX), y ? axisPatch(y, ofY) : {});
      const wrong = validatePatch(patch)[0];
      if (wrong) throw new BadInput(wrong.message);
      const layers = [...above, patch];
      return {
        x: ofX,
        y: ofY,
        plan: planOf(declaration, layers),
        above: layers,
        fileName: fileNameOf(declaration.name, [[x, ofX], ...(y ? [[y, ofY] as const] : [])]),
      };
    }),
  );
}

/** "rosenbrock,lr=0.01,beta2=0.9.adamscope". Different cells have different names. */
function fileNameOf(lossName: string, values: readonly (readonly [SweepAxis, unknown])[]): string {
  const short = values.map(([{ path }]) => path.slice(path.lastIndexOf('.') + 1));
  const isClear = new Set(short).size === short.length;
  const parts = values.map(
    ([{ path }, value], i) => `${isClear ? short[i] : path}=${encodeURIComponent(textOfValue(value))}`,
  );
  return `${[encodeURIComponent(lossName), ...parts].join(',')}.adamscope`;
}

/** A value as it is written on the command line. */
export function textOfValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
