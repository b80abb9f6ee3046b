import { essentials } from '../../core/config/resolve';
import { configIn } from '../../loss/annotation/tagWords';
import type { ReportView, RunSummary } from '../../protocol/panel';
import type { ReportEntry } from '../../runs/reportEntry';

const statuses = { running: 'running', finished: 'finished', failed: 'failed', stopped: 'finished' } as const;

/** The line of a report in the history. */
export function reportSummary(entry: ReportEntry): RunSummary {
  const [done, total] = entry.progress;
  const outcomes = {
    running: total > 0 ? `${done} of ${total} runs` : 'starting',
    finished: entry.report?.summary ?? '',
    failed: entry.problems[0]?.message ?? 'failed',
    stopped: 'stopped by you',
  };
  return {
    id: entry.id,
    lossName: entry.order.source.lossName,
    title: entry.title,
    status: statuses[entry.status],
    outcome: outcomes[entry.status],
    startedAt: entry.startedAt,
  };
}

/** @param relative  converts a path to one relative to the workspace */
export function reportView(entry: ReportEntry, relative: (file: string) => string): ReportView {
  const { source, config } = entry.order;
  const { seed: _seed, steps: _steps, names: _names, ...shown } = essentials(config);
  const failure = entry.problems.find((problem) => problem.severity === 'error');
  return {
    id: entry.id,
    title: entry.title,
    lossName: source.lossName,
    file: relative(source.file),
    location: source.location,
    config: configIn(source.language, shown),
    status: entry.status,
    progress: entry.progress,
    error: failure ? { code: failure.code, message: failure.message, location: failure.location } : null,
    report: entry.report,
  };
}
