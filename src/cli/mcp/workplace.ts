import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AskedVerifications } from '../../agents/askedVerifications';
import type { Roots } from '../../agents/roots';
import { ToolProblem } from '../../agents/toolProblem';
import type { Workplace } from '../../agents/workplace';
import type { SearchBudget } from '../../core/verify/search/searchBudget';
import type { JobLimits } from '../../protocol/jobProcess';
import { RunJob } from '../../runner/runJob';
import { verifierWith } from '../../runner/verifier';
import { RunStore } from '../../runs/runStore';
import { BadInput } from '../badInput';
import { findLoss, findLosses } from '../findLosses';
import { jobs } from '../jobs';
import { lossTextOf } from '../outFile';
import { chosenPython } from '../python';

/** The runs of a session stay in memory, so each has less room than in the editor, where they are on disk. */
const recordBudget = 32 * 2 ** 20;

/** Of all runs that are verified. */
interface Settings {
  readonly limits: JobLimits;
  readonly budget: SearchBudget | null;
}

/** The workplace of a command that serves a client. */
export function workplaceAt(roots: Roots, { limits, budget: fixBudget }: Settings): Workplace {
  const runs = new RunStore({
    files: null,
    openSource: (order) => new RunJob(jobs, { ...order, recordBudget }),
  });
  const diagnosis = 'full';
  const verifier = verifierWith(jobs, () => ({ verifyFixes: false, fixBudget, limits, diagnosis }));
  return {
    roots,
    runs,
    verifications: new AskedVerifications(runs, verifier),
    refusal: () => null,
    async losses(at) {
      const unreadable: string[] = [];
      const { losses } = await asProblem(() =>
        findLosses([at ?? '.'], ({ message }) => unreadable.push(message)),
      );
      return { losses, unreadable };
    },
    declaration: (file, name) => asProblem(async () => findLoss(`${file}#${name}`)),
    surroundings: async (declaration) => ({
      defaults: {},
      texts: [],
      interpreter: chosenPython(),
      lossText: lossTextOf(declaration),
      diagnosis,
      limits,
    }),
    page: (code) => readFile(path.join(__dirname, '..', 'docs', 'diagnoses', `${code}.md`), 'utf8'),
  };
}

async function asProblem<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof BadInput ? new ToolProblem(error.message) : error;
  }
}
