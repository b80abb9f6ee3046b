import { textOfValue } from '../../core/config/optionPath';
import { mergePatches } from '../../core/config/resolve';
import type { RunConfigPatch } from '../../core/config/runConfig';
import { validatePatch } from '../../core/config/validate';
import { axisPatch, type SweepAxis, SweepProblem } from './axis';

/** One run of a sweep, before it has been made. */
export interface SweepCell {
  readonly x: unknown;
  /** null without a second axis. */
  readonly y: unknown;
  readonly patch: RunConfigPatch;
  /** "lr=0.01,beta2=0.9": different cells have different names, which may be parts of file names. */
  readonly name: string;
}

const cellsAtMost = 10_000;

/**
 * The cells of a grid, row by row (y), each from the first to the last x.
 *
 * @throws SweepProblem if an option or one of its values does not exist, before anything has run
 */
export function cellsOf(x: SweepAxis, y: SweepAxis | null): SweepCell[] {
  if (x.path === y?.path) throw new SweepProblem(`both axes are ${x.path}; name two options`);
  const count = x.values.length * (y?.values.length ?? 1);
  if (count > cellsAtMost)
    throw new SweepProblem(`a sweep may have at most ${cellsAtMost} runs, and this one has ${count}`);
  return (y?.values ?? [null]).flatMap((ofY) =>
    x.values.map((ofX) => {
      const patch = mergePatches(axisPatch(x, ofX), y ? axisPatch(y, ofY) : {});
      const wrong = validatePatch(patch)[0];
      if (wrong) throw new SweepProblem(wrong.message);
      return { x: ofX, y: ofY, patch, name: nameOf([[x, ofX], ...(y ? [[y, ofY] as const] : [])]) };
    }),
  );
}

function nameOf(values: readonly (readonly [SweepAxis, unknown])[]): string {
  const short = values.map(([{ path }]) => path.slice(path.lastIndexOf('.') + 1));
  const isClear = new Set(short).size === short.length;
  return values
    .map(([{ path }, value], i) => `${isClear ? short[i] : path}=${encodeURIComponent(textOfValue(value))}`)
    .join(',');
}
