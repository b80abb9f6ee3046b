import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DiskReportFiles } from '../../../src/runs/reportFiles/reportFiles';
import { Reports } from '../../../src/runs/reports';
import { sweptGrid } from '../../e2e/dashboard/page/sweptGrid';
import { folderWith } from '../../support/startRun';
import { order } from './support/runRecord';

const never = () => {
  throw new Error('no analysis');
};

async function reopened(folder: string): Promise<Reports> {
  const reports = new Reports(never, new DiskReportFiles(folder));
  await reports.restored;
  return reports;
}

/** Waits until what was written is on disk. */
const written = () => new Promise((resolve) => setTimeout(resolve, 1000));

describe('the reports of earlier windows', () => {
  it('are restored as they were, numbers that JSON does not have included', async () => {
    const folder = folderWith({});
    const chart = {
      title: 'Loss',
      x: { title: 'step', log: false },
      y: { title: 'loss', log: true },
      lines: [{ name: 'a', points: Float64Array.of(1, Number.NaN, 2, Number.POSITIVE_INFINITY), band: null }],
      marks: [],
    };
    const report = { ...sweptGrid(), charts: [chart] };
    const entry = (await reopened(folder)).add('Sweep', order, report, 33);
    await written();
    const [restored] = (await reopened(folder)).history;
    expect(restored).toEqual({
      ...entry,
      order: { ...order, source: { ...order.source, texts: [] } },
    });
    expect(readdirSync(folder)).toEqual([`${entry.id}.json`]);
  });

  it('show the result so far of what was running when the window closed', async () => {
    const folder = folderWith({});
    const reports = await reopened(folder);
    const entry = reports.begin('Sweep', order, (_id, { onReport, onProgress }) => {
      onProgress(3, 9);
      onReport(sweptGrid());
      onReport({ ...sweptGrid(), summary: 'the last one' });
      return { ended: new Promise(() => {}), stop: () => {} };
    });
    await written();
    const restored = (await reopened(folder)).find(entry.id)!;
    expect([restored.status, restored.progress, restored.report!.summary]).toEqual([
      'stopped',
      [3, 9],
      'the last one',
    ]);
  });

  it('are left out if their file is damaged', async () => {
    const folder = folderWith({});
    const { id } = (await reopened(folder)).add('Sweep', order, sweptGrid(), 33);
    await written();
    const file = path.join(folder, `${id}.json`);
    const content = readFileSync(file, 'utf8');
    for (const damaged of [
      '',
      '{}',
      'null',
      content.slice(0, -20),
      content.replace('"version":1', '"version":2'),
      content.replace('"values":{"float64"', '"values":{"floats"'),
      content.replace('"verdict":"diverged"', '"verdict":"sideways"'),
    ]) {
      writeFileSync(file, damaged);
      expect((await reopened(folder)).history).toEqual([]);
    }
    writeFileSync(file, content);
    expect((await reopened(folder)).history).toHaveLength(1);
  });

  it('are the newest 50', async () => {
    const folder = folderWith({});
    const files = new DiskReportFiles(folder);
    const reports = new Reports(never, null);
    for (let i = 0; i < 52; i++) {
      const entry = reports.add(`Sweep ${i}`, order, { ...sweptGrid(), heatmaps: [], tables: [] }, 1);
      await files.write({ ...entry, startedAt: i });
    }
    const { history } = await reopened(folder);
    expect([history.length, history[0]!.title, history.at(-1)!.title]).toEqual([50, 'Sweep 2', 'Sweep 51']);
    expect(readdirSync(folder)).toHaveLength(50);
  });
});
