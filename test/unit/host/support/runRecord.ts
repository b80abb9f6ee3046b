import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunRecord } from '../../../../src/host/runs/run';

/** A run of a loss of one line that has only just begun. */
export function runRecord(id: string, rest: Partial<RunRecord> = {}): RunRecord {
  return {
    id,
    startedAt: 0,
    source: {
      language: 'javascript',
      file: '/w/f.ts',
      exportName: 'f',
      lossName: 'f',
      location: { file: '/w/f.ts', line: 1, column: 1, endLine: 1, endColumn: 2 },
      parameterName: null,
      wantsFloat64Array: false,
      startExport: null,
      gradientExport: null,
      texts: [['/w/f.ts', 'export const f = 1;']],
    },
    parameterNames: null,
    lossText: 'text',
    config: resolveConfig([]).config,
    overrides: {},
    status: 'running',
    start: [0],
    layout: null,
    gradientMode: null,
    findings: [],
    verification: 'none',
    outcome: null,
    expectation: null,
    problems: [],
    lrChanges: [],
    elapsedMs: 0,
    ...rest,
  };
}
