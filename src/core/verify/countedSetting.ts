import type { RunConfig } from '../config/runConfig';
import type { Objective } from '../objective';
import type { Spending } from './search/searchBudget';
import type { TriedProgram, VerificationSetting } from './verificationSetting';

/** The same programs, whose gradient evaluations are counted. */
export function countedSetting(given: VerificationSetting, spending: Spending): VerificationSetting {
  const counted = (program: TriedProgram): Pick<TriedProgram, 'objective' | 'beside' | 'validation'> => ({
    validation: program.validation && spending.timed(program.validation),
    objective: async (config) => countedBy(spending, await program.objective(config)),
    beside: (plain, config) => spending.counted(program.beside(plain, config)),
  });
  return {
    ...given,
    ...counted(given),
    edited: async (edit) => {
      const program = await given.edited(edit);
      return program && { ...program, ...counted(program) };
    },
  };
}

function countedBy(spending: Spending, objective: Objective | null): Objective | null {
  return objective && spending.counted(objective);
}

/** A number of evaluations, in runs of the user's steps. */
export function inRuns(evaluations: number, { steps }: RunConfig): number {
  return Math.floor(evaluations / steps);
}
