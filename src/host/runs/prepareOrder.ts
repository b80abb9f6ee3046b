import * as vscode from 'vscode';
import type { CallForm } from '../../core/callForm';
import type { RunConfigPatch, Start } from '../../core/config/runConfig';
import { validatePatch } from '../../core/config/validate';
import type { LossDeclaration } from '../../loss/declaration';
import { planRun } from '../../loss/plan';
import type { SourceProblem } from '../../loss/problem';
import type { RunOrder } from '../../runs/runOrder';
import { chosenInterpreter } from '../python/pythonInterpreter';
import { settingsFor } from '../settings';
import { unsavedTexts } from '../sources/openSources';
import { lossTextOf } from './lossText';

/** The order of a run, or why there is none. */
export type Prepared =
  | { readonly kind: 'order'; readonly order: RunOrder }
  /** `adamscope.defaults` is invalid. */
  | { readonly kind: 'bad-setting'; readonly message: string }
  /** The annotation, or the loss, is invalid. At least one problem is an error, and only errors are listed. */
  | { readonly kind: 'problems'; readonly problems: readonly SourceProblem[] }
  /** Neither the configuration nor the module defines the start. */
  | { readonly kind: 'start-unknown'; readonly form: CallForm };

export interface OrderOptions {
  /** Options that override the annotation. */
  readonly overrides?: RunConfigPatch;
  /** A start that the annotation overrides. */
  readonly start?: Start;
  /** Whether an order needs a start. */
  readonly needsStart?: boolean;
}

/** What a run or an analysis of a loss needs, by the settings and the texts of the editor. Asks and shows nothing. */
export async function prepareOrder(
  declaration: LossDeclaration,
  { overrides = {}, start, needsStart = true }: OrderOptions = {},
): Promise<Prepared> {
  const { defaults, diagnosis, limits } = settingsFor(vscode.Uri.file(declaration.file));
  const [wrong] = validatePatch(defaults);
  if (wrong)
    return { kind: 'bad-setting', message: `The setting adamscope.defaults is invalid: ${wrong.message}` };
  const { source, config, problems, startKnown } = planRun(
    declaration,
    { below: start ? [defaults, { start }] : [defaults], above: [overrides] },
    unsavedTexts(),
    await chosenInterpreter(declaration),
  );
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { kind: 'problems', problems: errors };
  if (needsStart && !startKnown) return { kind: 'start-unknown', form: source.form };
  const lossText = await lossTextOf(declaration);
  return { kind: 'order', order: { source, config, lossText, overrides, diagnosis, limits } };
}
