import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import type { SearchBudget } from '../core/verify/search/searchBudget';
import type { JobLimits } from '../protocol/jobProcess';
import type { Run } from '../runs/run';
import type { Verifier } from '../runs/verifications';
import { ActiveVerification } from './activeVerification';
import type { JobLauncher } from './jobProcesses';

interface VerifierSettings {
  /** Whether the fixes of each run are tried. */
  readonly verifyFixes: boolean;
  /** The limits of the search for fixes; null for no search. */
  readonly fixBudget: SearchBudget | null;
  readonly limits: JobLimits;
  readonly diagnosis: DiagnosisLevel;
}

/** Tries fixes in a separate process. */
export function verifierWith(jobs: JobLauncher, settingsOf: (run: Run) => VerifierSettings): Verifier {
  return {
    isOn: (run) => settingsOf(run).verifyFixes,
    isSearching: (run) => settingsOf(run).fixBudget !== null,
    begin(run, findings, onProgress) {
      // The source contains the texts that the run loaded.
      const { source, config } = run.record;
      const { limits, diagnosis, fixBudget: budget } = settingsOf(run);
      const verdict = run.fixableVerdict;
      const job = { kind: 'verify', config, diagnosis, findings, verdict, budget } as const;
      return new ActiveVerification(jobs, { source, limits, job }, onProgress);
    },
  };
}
