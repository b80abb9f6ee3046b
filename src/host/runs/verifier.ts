import * as vscode from 'vscode';
import { ActiveVerification } from '../../runner/activeVerification';
import type { JobLauncher } from '../../runner/jobProcesses';
import type { Run } from '../../runs/run';
import type { Verifier } from '../../runs/verifications';
import { settingsFor } from '../settings';

/** Tries fixes in a separate process, with the settings for the file of the loss. */
export function verifierIn(jobs: JobLauncher): Verifier {
  const settingsOf = ({ record }: Run) => settingsFor(vscode.Uri.file(record.source.file));
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
