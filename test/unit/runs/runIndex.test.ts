import { appendFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DiskRunFiles, type FileSystem } from '../../../src/runs/files/diskRunFiles';
import type { RunRecord } from '../../../src/runs/runRecord';
import { RunStore } from '../../../src/runs/runStore';
import { folderWith } from '../../support/startRun';
import { someVerdict } from '../../support/verdicts';
import { layout, runRecord } from './support/runRecord';

const wide = 1_000_000;

function endedRun(id: string, dim: number): RunRecord {
  const start = Array.from({ length: dim }, (_, i) => i);
  const params = Float64Array.from(start, (value) => value / 2);
  return runRecord(id, {
    status: 'finished',
    startedAt: Number.parseInt(id.slice(1), 10),
    start,
    layout: { ...layout, dim, coordinates: dim > 2 ? start.filter((i) => i % 100 === 0) : [0, 1] },
    gradientMode: 'exact',
    steps: 3,
    stopped: 'steps',
    outcome: {
      steps: 3,
      stopped: 'steps',
      final: { params, loss: 1, gradNorm: 2 },
      best: { params, loss: 0.5, t: 2 },
      verdict: someVerdict,
    },
  });
}

/** Counts the bytes that are read of the files of a folder. */
function counted() {
  const counter = { bytes: 0 };
  const system = {
    ...fs,
    async open(file: string, flags: string) {
      const handle = await fs.open(file, flags);
      return {
        stat: () => handle.stat(),
        close: () => handle.close(),
        async read(buffer: Uint8Array, offset: number, length: number, position: number) {
          const result = await handle.read(buffer, offset, length, position);
          counter.bytes += result.bytesRead;
          return result;
        },
        async readFile() {
          const text = await handle.readFile('utf8');
          counter.bytes += text.length;
          return text;
        },
      };
    },
  } as unknown as FileSystem;
  return { counter, system };
}

async function stored(...records: readonly RunRecord[]): Promise<string> {
  const folder = folderWith({});
  const files = new DiskRunFiles(folder);
  for (const record of records) await files.writeRecord(record);
  await files.settle();
  return folder;
}

const storeOf = (files: DiskRunFiles) =>
  new RunStore({
    files,
    openSource: () => {
      throw new Error('nothing is run');
    },
  });

describe('the start of a window', () => {
  it('with 50 stored runs, five of a million coordinates, reads a few kilobytes of each', async () => {
    const records = Array.from({ length: 50 }, (_, k) => endedRun(`r${k}`, k % 10 === 0 ? wide : 2));
    const folder = await stored(...records);
    const onDisk = readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
    expect(onDisk).toBeGreaterThan(100 * 2 ** 20);
    const { counter, system } = counted();
    const store = storeOf(new DiskRunFiles(folder, system));
    expect(await store.restore()).toEqual([]);
    expect(counter.bytes / records.length).toBeLessThan(16 * 1024);
    expect(store.history.map(({ record }) => record.id)).toEqual(records.map(({ id }) => id));
    expect(store.history.map(({ dim }) => dim)).toEqual(records.map((_, k) => (k % 10 === 0 ? wide : 2)));
    const [large, small] = store.history;
    expect(large!.summary).toBe(small!.summary);
    // The records of small runs are whole.
    expect(small!.record).toEqual(records[1]);
  }, 60_000);
});

describe('a large run', () => {
  it('has its vectors when it is opened, and a change before that does not lose them', async () => {
    const record = endedRun('r1', 2000);
    const folder = await stored(record);
    const store = storeOf(new DiskRunFiles(folder));
    await store.restore();
    const [run] = store.history;
    expect(run!.record.start).toBeNull();
    store.setPinned('r1', true);
    await store.load(run!);
    expect(run!.record).toEqual({ ...record, isPinned: true });
    await store.dispose();
    const later = storeOf(new DiskRunFiles(folder));
    await later.restore();
    await later.complete(later.history[0]!);
    expect(later.history[0]!.record).toEqual({ ...record, isPinned: true });
  });
});

describe('the index', () => {
  it('does not count for a file that has changed since', async () => {
    const folder = await stored(endedRun('r1', 2000), endedRun('r2', 2));
    appendFileSync(path.join(folder, 'r1.adamscope'), 'x');
    const { records } = await new DiskRunFiles(folder).readRecords();
    expect(records.map(({ isWhole, record }) => [isWhole, record.start?.length])).toEqual([
      [true, 2000],
      [true, 2],
    ]);
  });

  it.each([
    '',
    '{',
    '{"version":1,"runs":{"r1":3}}',
    '{"version":2,"runs":{}}',
    '{"version":1,"runs":{"r1":{}}}',
  ])('that is damaged (%j) is made anew from the files', async (json) => {
    const folder = await stored(endedRun('r1', 2000));
    writeFileSync(path.join(folder, 'index.json'), json);
    const files = new DiskRunFiles(folder);
    expect((await files.readRecords()).records.map(({ isWhole }) => isWhole)).toEqual([true]);
    await files.settle();
    expect((await new DiskRunFiles(folder).readRecords()).records.map(({ isWhole }) => isWhole)).toEqual([
      false,
    ]);
  });
});
