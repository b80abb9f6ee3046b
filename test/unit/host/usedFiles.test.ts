import { expect, it } from 'vitest';
import { usesFile } from '../../../src/host/testing/usedFiles';
import { Run } from '../../../src/runs/run';
import { runRecord } from '../runs/support/runRecord';

it('a loss uses its own file and those that its last run loaded', () => {
  const record = runRecord('id');
  const texts = [
    ['/w/f.ts', ''],
    ['/w/data.ts', ''],
  ] as const;
  const run = new Run({ ...record, source: { ...record.source, texts } });
  expect(usesFile({ file: '/w/f.ts' }, undefined, '/w/f.ts')).toBe(true);
  expect(usesFile({ file: '/w/f.ts' }, run, '/w/data.ts')).toBe(true);
  expect(usesFile({ file: '/w/f.ts' }, undefined, '/w/data.ts')).toBe(false);
  expect(usesFile({ file: '/w/f.ts' }, run, '/w/other.ts')).toBe(false);
});
