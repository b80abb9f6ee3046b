import * as vscode from 'vscode';
import type { RunConfigPatch } from '../core/config/runConfig';
import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import { defaultBudget, type SearchBudget } from '../core/verify/search/searchBudget';
import type { DiscoveryMode } from '../loss/declaration';
import type { JobLimits } from '../protocol/jobProcess';

export interface Settings {
  readonly defaults: RunConfigPatch;
  readonly discovery: DiscoveryMode;
  readonly diagnosis: DiagnosisLevel;
  readonly limits: JobLimits;
  /** Whether fixes are tried in the background before they are offered. */
  readonly verifyFixes: boolean;
  /** The limits of the search for fixes; null for no search. */
  readonly fixBudget: SearchBudget | null;
  /** The size of all stored runs, beyond which the oldest ones are removed. */
  readonly storageMb: number;
  /** Whether hovering over the name of a loss evaluates it at its start. */
  readonly evaluateOnHover: boolean;
  /** The interpreter for Python losses, as written; empty if none is set. */
  readonly python: string;
}

/** The `adamscope.*` settings for a resource. */
export function settingsFor(resource: vscode.Uri | undefined): Settings {
  const settings = vscode.workspace.getConfiguration('adamscope', resource);
  return {
    defaults: settings.get<RunConfigPatch>('defaults', {}),
    discovery: settings.get<DiscoveryMode>('discovery', 'named'),
    diagnosis: settings.get<DiagnosisLevel>('diagnosis', 'full'),
    limits: {
      evaluationTimeoutMs: settings.get('evaluationTimeoutMs', 10_000),
      memoryLimitMb: settings.get('memoryLimitMb', 2048),
    },
    verifyFixes: settings.get('verifyFixes', true),
    fixBudget: budgetOf(settings.get('fixBudget', {})),
    storageMb: settings.get('storageMb', 2048),
    evaluateOnHover: settings.get('evaluateOnHover', false),
    python: settings.get('python', ''),
  };
}

/** A budget of 0 evaluations or seconds means no search. */
function budgetOf(given: Partial<SearchBudget>): SearchBudget | null {
  const budget = { ...defaultBudget, ...given };
  return budget.times > 0 && budget.seconds > 0 ? budget : null;
}
