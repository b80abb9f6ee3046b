import { toJson } from '../core/numerics/json';
import { lineAfterFile, lineOf } from '../core/sourceLocation';
import type { LossDeclaration } from '../loss/declaration';
import { type Plan, planRun } from '../loss/plan';
import { display, findLosses } from './findLosses';
import { warn } from './warn';

type Planned = Plan & { readonly declaration: LossDeclaration };

/** `adamscope list`: prints the losses in files or below folders, and as text also the optimizers of the user. */
export async function list(targets: readonly string[], { json }: { readonly json?: boolean }): Promise<void> {
  const found = await findLosses(targets.length > 0 ? targets : ['.'], ({ message }) => warn(message));
  const losses = found.losses.map(planned);
  if (json) {
    // Each entry can be run.
    console.log(toJson(losses.map(lossValue), 2));
    return;
  }
  const optimizers = found.optimizers.map(planned);
  for (const line of [...losses.flatMap(linesOfLoss), ...optimizers.flatMap(linesOfOptimizer)])
    console.log(line);
  if (losses.length === 0) console.log('no losses found');
}

function planned(declaration: LossDeclaration): Planned {
  return { ...planRun(declaration, { below: [], above: [] }), declaration };
}

function placeOf({ declaration: { file, name, location } }: Planned) {
  return { file: display(file), name, ...lineOf(location) };
}

function dimOf({ declaration, config }: Planned): number | null {
  return declaration.dim ?? config.start?.length ?? null;
}

function lossValue(loss: Planned) {
  const { config } = loss;
  return { ...placeOf(loss), dim: dimOf(loss), start: config.start, config };
}

function linesOfLoss(loss: Planned): string[] {
  const { start, optimizer } = loss.config;
  const dim = dimOf(loss);
  const where = start
    ? `from [${start.join(', ')}]`
    : loss.startKnown
      ? 'from the start of its module'
      : `no start${dim ? `, ${dim} coordinates` : ''}`;
  return [`${headOf(loss)}  ${optimizer.name} lr ${optimizer.lr}  ${where}`, ...problemLines(loss)];
}

function linesOfOptimizer(own: Planned): string[] {
  const { optimizer } = own.config;
  const { file, name } = placeOf(own);
  return [
    `${headOf(own)}  optimizer, checked against ${optimizer.name} lr ${optimizer.lr} by adamscope invariances ${file}#${name}`,
    ...problemLines(own),
  ];
}

function headOf(planned: Planned): string {
  const { declaration } = planned;
  return `${display(declaration.file)}:${lineAfterFile(declaration.location)}  ${declaration.name}`;
}

function problemLines({ declaration, problems }: Planned): string[] {
  const file = display(declaration.file);
  return problems.map(
    ({ severity, location, message }) =>
      `  ${severity}: ${file}:${lineAfterFile(location)}:${location.column}: ${message}`,
  );
}
