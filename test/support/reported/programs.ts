import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LossDeclaration } from '../../../src/loss/declaration';
import { discover, optimizerStepsIn } from '../../../src/loss/discovery/discover';
import { isOptimizerStep } from '../../../src/loss/discovery/optimizerStep';
import type { ReportCase, ReportTable } from '../../corpus/reported/case';

const folder = path.resolve(import.meta.dirname, '../../corpus/reported');

/** The folder of the programs. */
export const reportPrograms = path.join(folder, 'programs');

/** An annotated export of a program. */
export interface ReportSubject {
  /** For example verdicts.ts#line. */
  readonly name: string;
  readonly declaration: LossDeclaration;
  readonly isStep: boolean;
}

/** Every annotated export of every program, with or without a case. */
export function reportSubjects(): ReportSubject[] {
  return readdirSync(reportPrograms)
    .sort()
    .flatMap((name) => {
      const file = path.join(reportPrograms, name);
      const text = readFileSync(file, 'utf8');
      return [...discover(text, file, 'annotated'), ...optimizerStepsIn(text, file)].map((declaration) => ({
        name: `${name}#${declaration.name}`,
        declaration,
        isStep: isOptimizerStep(declaration),
      }));
    });
}

/** The cases of all tables, by the names of their subjects. */
export async function reportCases(): Promise<ReadonlyMap<string, ReportCase>> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.case.ts'));
  const tables = await Promise.all(
    files.map((file) => import(path.join(folder, file)) as Promise<ReportTable>),
  );
  return new Map(
    tables.flatMap(({ file, cases }) =>
      Object.entries(cases).map(([name, each]) => [`${file}#${name}`, each] as const),
    ),
  );
}
