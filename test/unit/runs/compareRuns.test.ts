import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { compareRuns } from '../../../src/runs/compare/compareRuns';
import { DiskRunFiles } from '../../../src/runs/files/diskRunFiles';
import { readRunFile } from '../../../src/runs/files/runInFile';
import { Reports } from '../../../src/runs/reports';
import type { RunRecord } from '../../../src/runs/runRecord';
import { folderWith } from '../../support/startRun';
import { someVerdict } from '../../support/verdicts';
import { layout, order, runRecord, stepRecord } from './support/runRecord';

interface Written extends Partial<RunRecord> {
  /** Changes the records of some steps. */
  readonly change?: (record: Float64Array, t: number) => void;
}

/** Runs in files, each named by its id. */
async function inFiles(runs: Readonly<Record<string, Written>>) {
  const files = new DiskRunFiles(folderWith({}));
  const named = [];
  for (const [id, { change, ...rest }] of Object.entries(runs)) {
    const steps = rest.steps ?? 20;
    const params = Float64Array.of(0, 0);
    const outcome = {
      steps,
      stopped: 'steps',
      final: { params, loss: 1, gradNorm: 1 },
      best: { params, loss: 0.5, t: 1 },
      verdict: someVerdict,
    } as const;
    const writer = files.createSteps(id, layout, { steps, stride: 1 });
    await files.writeRecord(runRecord(id, { start: [1, 2], layout, steps, outcome, ...rest }));
    for (let t = 1; t <= steps; t++) {
      const record = stepRecord(t);
      change?.(record, t);
      writer.append(record, 0);
    }
    await writer.close();
    named.push({ name: id, run: await readRunFile(files.fileOf(id)) });
  }
  return named;
}

const slower = resolveConfig([{ optimizer: { lr: 0.1, beta2: 0.9 } }]).config;
const finalLoss = (loss: number, of: Written = {}): Written => {
  const params = Float64Array.of(0, 0);
  return {
    ...of,
    outcome: {
      steps: 20,
      stopped: 'steps',
      final: { params, loss, gradNorm: 1 },
      best: { params, loss, t: 1 },
      verdict: someVerdict,
    },
  };
};

describe('the comparison of runs', () => {
  it('shows their curves by step, differing options, first differences and results', async () => {
    const change = (record: Float64Array, t: number) => {
      if (t >= 7) {
        record[6]! += 5; // params of the second coordinate
        record[2]! += 9;
      }
      if (t >= 9) record[1] = 1e-3;
    };
    const report = await compareRuns(
      await inFiles({ base: finalLoss(3), other: finalLoss(0.25, { config: slower, change, steps: 30 }) }),
    );
    expect(report.charts.map(({ title, lines }) => [title, lines.map(({ name }) => name)])).toEqual([
      ['Loss', ['base', 'other']],
      ['Gradient norm', ['base', 'other']],
      ['Learning rate', ['base', 'other']],
    ]);
    const [loss, gradNorm] = report.charts;
    expect([...loss!.lines[1]!.points.subarray(14, 18)]).toEqual([8, 801, 9, 1e-3]);
    expect([...gradNorm!.lines[0]!.points.subarray(0, 4)]).toEqual([1, 102, 2, 202]);
    expect([loss!.x.title, loss!.y]).toEqual(['step', { title: 'loss', log: true }]);
    const rows = (title: string) =>
      report.tables
        .find((table) => table.title === title)!
        .rows.map(({ cells, verdict }) => [...cells, verdict]);
    expect(rows('Results')).toEqual([
      ['base', someVerdict.kind, '3', '3', '20', null],
      ['other', someVerdict.kind, '0.25', '0.25', '30', 'best'],
    ]);
    expect(rows('Where each run parts from base')).toEqual([
      ['other', '7', 'gradNorm; also params[theta[1]]', '702', '711', 'equal', null],
    ]);
    expect(rows('Options that differ')).toEqual([
      ['optimizer.lr', '0.001', '0.1', null],
      ['optimizer.beta2', '0.999', '0.9', null],
    ]);
    expect(report.summary).toBe(
      'Of 2 runs, other has the lowest final loss: 0.25. Their configurations differ in optimizer.lr, optimizer.beta2. The first difference in the steps is at step 7.',
    );
  });

  it('offers alignment by step, epoch or evaluations of the loss', async () => {
    const batches = resolveConfig([{ samples: 100, batch: 30 }]).config;
    const { charts } = await compareRuns(
      await inFiles({
        exact: { gradientMode: 'exact' },
        differences: { gradientMode: 'finite-difference' },
        batches: { gradientMode: 'exact', config: batches },
      }),
    );
    expect(charts[0]!.alignments).toEqual(['step', 'epoch', 'evaluations']);
    expect(charts[0]!.lines.map(({ scales }) => scales)).toEqual([
      [1, 1, 1],
      [1, 1, 5],
      [1, 0.25, 1],
    ]);
  });

  it('ignores rounding, and compares any number of runs, also of one name', async () => {
    const change = (record: Float64Array, t: number) => {
      record[1] = record[1]! * (1 + t * 1e-13);
    };
    const [a, b, c] = await inFiles({ a: {}, b: { change }, c: { steps: 5 } });
    const named = [a!, b!, c!].map(({ run }) => ({ name: 'adam', run }));
    const report = await compareRuns(named);
    expect(report.tables[0]!.rows.map(({ cells }) => cells[0])).toEqual(['adam', 'adam (2)', 'adam (3)']);
    expect(report.tables[1]!.rows.map(({ cells }) => cells.slice(1, 3))).toEqual([
      ['never', 'all of 20 common steps'],
      ['never', 'all of 5 common steps'],
    ]);
    expect(report.summary).toMatch(/Their configurations are equal\. Their common steps agree\.$/);
    expect(report.notes).toContain('The configurations are equal.');
  });

  it('calls no run the best if their sources differ or none has a finite loss', async () => {
    const source = { ...order.source, texts: [['/w/f.ts', 'export const f = 2;'] as const] };
    const different = await compareRuns(await inFiles({ a: finalLoss(3), b: finalLoss(2, { source }) }));
    expect(different.summary).toMatch(/^The source texts of the runs differ/);
    expect(different.tables[1]!.rows[0]!.cells.at(-1)).toBe('different');
    const broken = await compareRuns(await inFiles({ a: finalLoss(Number.NaN), b: finalLoss(Infinity) }));
    for (const { tables } of [different, broken])
      expect(tables[0]!.rows.map(({ verdict }) => verdict)).toEqual([null, null]);
  });

  it('is kept with the reports of the window', async () => {
    const report = await compareRuns(await inFiles({ a: {}, b: {} }));
    const reports = new Reports(() => {
      throw new Error('no analysis');
    });
    const told: string[] = [];
    reports.onDidChange(({ id }) => told.push(id));
    const entry = reports.add('Compare runs', order, report, 2);
    expect(reports.find(entry.id)).toMatchObject({ status: 'finished', progress: [2, 2], report });
    expect([told, reports.active]).toEqual([[entry.id], null]);
  });
});
