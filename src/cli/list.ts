import { toJson } from '../core/numerics/json';
import { lineAfterFile, lineOf } from '../core/sourceLocation';
import { planRun } from '../loss/plan';
import { display, findLosses } from './findLosses';
import { warn } from './warn';

/** `adamscope list`: prints the losses in a file or below a folder. */
export async function list(target: string, { json }: { readonly json?: boolean }): Promise<void> {
  const losses = (await findLosses(target, ({ message }) => warn(message))).map((declaration) => {
    const { config, problems, startKnown } = planRun(declaration, { below: [], above: [] });
    return {
      file: display(declaration.file),
      name: declaration.name,
      ...lineOf(declaration.location),
      dim: declaration.dim ?? config.start?.length ?? null,
      start: config.start,
      config,
      problems,
      startKnown,
    };
  });
  if (json) {
    console.log(
      toJson(
        losses.map(({ problems: _, startKnown: __, ...loss }) => loss),
        2,
      ),
    );
    return;
  }
  for (const { file, cell, line, name, dim, start, config, problems, startKnown } of losses) {
    const where = start
      ? `from [${start.join(', ')}]`
      : startKnown
        ? 'from the start of its module'
        : `no start${dim ? `, ${dim} coordinates` : ''}`;
    console.log(
      `${file}:${lineAfterFile({ cell, line })}  ${name}  ${config.optimizer.name} lr ${config.optimizer.lr}  ${where}`,
    );
    for (const problem of problems)
      console.log(
        `  ${problem.severity}: ${file}:${lineAfterFile(problem.location)}:${problem.location.column}: ${problem.message}`,
      );
  }
  if (losses.length === 0) console.log('no losses found');
}
