import type { Report } from '../core/analysis/report';
import type { LossProblem } from '../loss/problem';
import type { RunOrder } from './runOrder';

/** An analysis of a loss and, once it has a result, its report. It is stored, if the reports have storage. */
export interface ReportEntry {
  readonly id: string;
  readonly startedAt: number;
  readonly title: string;
  readonly order: RunOrder;
  status: 'running' | 'finished' | 'failed' | 'stopped';
  progress: readonly [done: number, total: number];
  report: Report | null;
  problems: readonly LossProblem[];
}
