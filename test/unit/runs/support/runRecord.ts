import { resolveConfig } from '../../../../src/core/config/resolve';
import { recordLength, type StepLayout } from '../../../../src/core/trace/layout';
import type { RunDescription, RunOrder } from '../../../../src/runs/runOrder';
import { newRecord, type RunRecord } from '../../../../src/runs/runRecord';

/** Two coordinates with their moments: 15 numbers per step. */
export const layout: StepLayout = { dim: 2, coordinates: [0, 1], stateNames: ['m', 'v'], extras: [] };

export const description: RunDescription = {
  source: {
    language: 'javascript',
    file: '/w/f.ts',
    exportName: 'f',
    lossName: 'f',
    location: { file: '/w/f.ts', line: 1, column: 1, endLine: 1, endColumn: 2 },
    parameterName: null,
    form: { vector: { kind: 'array' }, context: true },
    startExport: null,
    gradient: null,
    validation: null,
    texts: [['/w/f.ts', 'export const f = 1;']],
  },
  lossText: 'text',
  config: resolveConfig([]).config,
  overrides: {},
};

export const order: RunOrder = {
  ...description,
  diagnosis: 'full',
  limits: { evaluationTimeoutMs: 10_000, memoryLimitMb: 2048 },
};

/** The record of a run that has just started, for a loss of one line. */
export function runRecord(id: string, rest: Partial<RunRecord> = {}): RunRecord {
  return { ...newRecord(id, 0, description), status: 'running', start: [0], ...rest };
}

/** The record of step t, with a different value for every number. */
export function stepRecord(t: number, of: StepLayout = layout): Float64Array {
  const data = Float64Array.from({ length: recordLength(of) }, (_, i) => t * 100 + i);
  data[0] = t;
  return data;
}
