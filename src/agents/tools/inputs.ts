import * as v from 'valibot';
import type { RunConfigPatch } from '../../core/config/runConfig';
import { configKeys } from '../../core/config/validate';
import type { Roots } from '../roots';
import { ToolProblem } from '../toolProblem';

const text = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));

export const pathInput = text(4096);

/** `FILE#NAME` */
export const lossInput = v.pipe(
  text(4096),
  v.description('FILE#NAME, for example src/fit.ts#rosenbrock, as list_losses names it'),
);

export const runInput = v.pipe(
  text(4096),
  v.description('the id of a run of this session, or the path of a run file or a recording (*.adamscope)'),
);

/** A name of a quantity, a coordinate, a finding or a fix. */
export const nameInput = text(512);

export const stepInput = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER));

/** The options that override the annotation. They are checked as those of the annotation are, which also says what was meant. */
export const configurationInput = v.pipe(
  v.looseObject(Object.fromEntries(configKeys.map((key) => [key, v.exactOptional(v.unknown())]))),
  v.description(
    'options that override the annotation, with its keys, for example {"optimizer": {"name": "adam", "lr": 0.01}, "schedule": {"name": "cosine"}, "start": [-1.2, 1], "seed": 3}',
  ),
) as v.GenericSchema<RunConfigPatch, RunConfigPatch>;

/**
 * The file and the name of a loss that a client names.
 *
 * @throws ToolProblem if it is not FILE#NAME, or the file is outside of the roots
 */
export function lossAddress(given: string, roots: Roots): { readonly file: string; readonly name: string } {
  const at = given.lastIndexOf('#');
  if (at <= 0 || at === given.length - 1)
    throw new ToolProblem(`name the loss as FILE#NAME, for example src/fit.ts#rosenbrock; got ${given}`);
  return { file: roots.resolve(given.slice(0, at)), name: given.slice(at + 1) };
}
