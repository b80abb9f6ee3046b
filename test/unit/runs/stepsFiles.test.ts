import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { Keyframe } from '../../../src/core/keyframe';
import { recordLength, type StepLayout } from '../../../src/core/trace/layout';
import type { VectorSample } from '../../../src/core/trace/vectorSample';
import { DiskRunFiles } from '../../../src/runs/files/diskRunFiles';
import type { RunRecord } from '../../../src/runs/runRecord';
import { RunStore } from '../../../src/runs/runStore';
import { StoredRun } from '../../../src/runs/storedRun';
import { folderWith } from '../../support/startRun';
import { FakeSource } from './support/fakeSource';
import { layout, order, runRecord, stepRecord } from './support/runRecord';

async function write(
  files: DiskRunFiles,
  steps: number,
  planned = steps,
  of = layout,
  samples: readonly VectorSample[] = [],
): Promise<void> {
  const writer = files.createSteps('a', of, { steps: planned, stride: 1 });
  await files.writeRecord(runRecord('a', { layout: of, start: new Array(of.dim).fill(1) }));
  for (let t = 1; t <= steps; t++) writer.append(stepRecord(t, of), 0);
  for (const sample of samples) writer.sample(sample);
  await writer.close();
}

/** The records that are read back, and the warning about the others. */
async function read(
  files: DiskRunFiles,
  record: Partial<RunRecord> = {},
): Promise<{
  rows: Float64Array[];
  samples: VectorSample[];
  keyframes: Keyframe[];
  stride: number;
  warning: string | null;
}> {
  const of = record.layout ?? layout;
  const start = new Array(of.dim).fill(1);
  const source = new StoredRun(
    runRecord('a', { layout: of, start, gradientMode: 'exact', ...record }),
    files,
  );
  const rows: Float64Array[] = [];
  const samples: VectorSample[] = [];
  const keyframes: Keyframe[] = [];
  let stride = 0;
  source.open({
    onOpened: (opened) => {
      stride = opened.stride ?? 1;
    },
    onRecord: (data, offset) => rows.push(data.slice(offset, offset + recordLength(of))),
    onSample: (sample) => samples.push(sample),
    onKeyframe: (keyframe) => keyframes.push(keyframe),
  });
  const { problems } = await source.ended;
  return { rows, samples, keyframes, stride, warning: problems[0]?.message ?? null };
}

const opened = runRecord('a', { layout, start: [1, 1] });

const rowsTo = (steps: number) => Array.from({ length: steps }, (_, i) => stepRecord(i + 1));

/** Uniform random numbers of [0, 1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

describe('the steps on disk', () => {
  it('are read back with every number, finite or not', async () => {
    const files = new DiskRunFiles(path.join(folderWith({}), 'runs'));
    const rows = rowsTo(9000);
    rows[4]!.fill(Number.NaN, 1);
    rows[5]!.fill(Number.NEGATIVE_INFINITY, 1);
    const writer = files.createSteps('a', layout, { steps: 9000, stride: 1 });
    await files.writeRecord(opened);
    for (const row of rows) writer.append(row, 0);
    await writer.close();
    expect(await read(files, { steps: 9000 })).toMatchObject({ rows, samples: [], stride: 1, warning: null });
  });

  it('are read back from a run of a million coordinates, one row at a time', async () => {
    const wide: StepLayout = {
      dim: 1e6,
      coordinates: Array.from({ length: 1e6 }, (_, i) => i),
      stateNames: ['m', 'v'],
      extras: [],
    };
    const files = new DiskRunFiles(folderWith({}));
    await write(files, 2, 1, wide);
    const { rows, warning } = await read(files, { layout: wide, steps: 2 });
    expect(warning).toBeNull();
    expect(rows.map((row) => [row.length, row[0], row.at(-1)])).toEqual([
      [5_000_005, 1, 100 + 5_000_004],
      [5_000_005, 2, 200 + 5_000_004],
    ]);
  }, 30_000);

  it('contain the keyframes, wherever they have room', async () => {
    const files = new DiskRunFiles(folderWith({}));
    const writer = files.createSteps('a', layout, { steps: 40, stride: 1 });
    await files.writeRecord(opened);
    const keyframe = (t: number, length: number): Keyframe => ({
      t,
      values: Float64Array.from({ length }, (_, i) => (i === 0 ? t : Math.sin(i))),
    });
    // Small ones, also more than there are records to carry them, and one that is larger than a batch of steps.
    const keyframes = [1, 2, 3, 4, 5, 6].map((t) => keyframe(t, 20)).concat(keyframe(7, 2 ** 18));
    for (const each of keyframes) writer.keyframe(each);
    for (const row of rowsTo(3)) writer.append(row, 0);
    await writer.close();
    writer.keyframe(keyframe(8, 20));
    await writer.close();
    const { rows, keyframes: found, warning } = await read(files, { steps: 3 });
    expect(rows).toEqual(rowsTo(3));
    const start = { t: 0, values: Float64Array.of(0, 1, 1) };
    const sums = (of: readonly Keyframe[]) =>
      of.map(({ t, values }) => [t, crc32(new Uint8Array(values.buffer))]);
    expect(sums(found)).toEqual(sums([start, ...keyframes, keyframe(8, 20)]));
    expect(warning).toBeNull();
  });

  it('contain the values of coordinates that were picked later, also after the end of the run', async () => {
    const folder = folderWith({});
    const first: StepLayout = { ...layout, coordinates: [0] };
    const second: StepLayout = { ...layout, coordinates: [1] };
    const source = new FakeSource({ of: first });
    const storeOf = () => new RunStore({ files: new DiskRunFiles(folder), openSource: () => source });
    const store = storeOf();
    const run = store.start(order);
    source.load();
    source.take(40);
    const part = (from: number, to: number) => ({
      layout: second,
      records: Array.from({ length: to - from + 1 }, (_, i) => stepRecord(from + i, second)),
      start: 2,
    });
    store.keepHistory(run, 1, part(11, 20), 1);
    source.end();
    await run.finished;
    store.keepHistory(run, 1, part(21, 40), 1);
    store.keepHistory(run, 1, part(1, 10), 1);
    await store.dispose();
    const later = storeOf();
    expect(await later.restore()).toEqual([]);
    const again = later.find(run.record.id)!;
    await later.load(again);
    const { trace } = again.picked.get(1)!;
    expect([trace.first, trace.rows, trace.stride, trace.start]).toEqual([1, 40, 1, [2]]);
    expect(Array.from({ length: 40 }, (_, row) => trace.record(row))).toEqual(part(1, 40).records);
    await later.dispose();
  });

  it('contain the samples of all coordinates', async () => {
    const many: StepLayout = {
      ...layout,
      dim: 40,
      coordinates: [0, 39],
      bands: ['params', 'snr'],
      blocks: 2,
      groups: [0, 10, 40],
    };
    const samples: VectorSample[] = [1, 3].map((t) => ({
      t,
      ranking:
        t === 1
          ? null
          : {
              ranks: [
                { name: 'largestUpdate', coordinates: [7, 3], values: [2, Number.POSITIVE_INFINITY] },
                { name: 'dead', coordinates: [1], values: [-0.5] },
              ],
              dead: 12,
            },
      blocks: Float64Array.of(t, 2, Number.NaN, 4),
      groups: Float64Array.of(1, t, Number.NaN, 4),
    }));
    const files = new DiskRunFiles(folderWith({}));
    await write(files, 3, 3, many, samples);
    const { rows, samples: found, warning } = await read(files, { layout: many, steps: 3 });
    expect(warning).toBeNull();
    expect(rows).toHaveLength(3);
    expect(found).toEqual(samples);
  });

  it('are every k-th step of a run that would be too large, and the last step', async () => {
    const files = new DiskRunFiles(folderWith({}));
    // At 15 numbers per step, 64 MB hold 559,240 steps.
    await write(files, 99, 1_200_000);
    const { rows, stride, warning } = await read(files, { steps: 99 });
    expect([stride, rows.length, warning]).toEqual([4, 26, null]);
    expect(rows.slice(1, 3)).toEqual([stepRecord(5), stepRecord(9)]);
    expect(rows.slice(-2)).toEqual([stepRecord(97), stepRecord(99)]);
  });

  it('are read up to the last intact batch, with a warning, whichever bit is wrong', async () => {
    const folder = folderWith({});
    const files = new DiskRunFiles(folder);
    const file = path.join(folder, 'a.adamscope');
    for (const part of [1, 2, 3]) await write(files, 40 * part, 120);
    const good = readFileSync(file);
    const { rows: whole } = await read(files, { steps: 120 });
    const random = generator(7);
    for (let seed = 0; seed < 1000; seed++) {
      const bad = Buffer.from(good);
      const place = Math.floor(random() * good.length);
      bad[place] = bad[place]! ^ (1 << Math.floor(random() * 8));
      writeFileSync(file, bad);
      const { rows, warning } = await read(files, { steps: 120 });
      if (rows.length < whole.length) expect(warning, `byte ${place}`).toMatch(/could not be read/);
      expect(rows, `byte ${place}`).toEqual(whole.slice(0, rows.length));
    }
  }, 60_000);

  it('are read up to the last intact batch of a truncated file, with a warning', async () => {
    const folder = folderWith({});
    const files = new DiskRunFiles(folder);
    await write(files, 10);
    const file = path.join(folder, 'a.adamscope');
    for (let size = statSync(file).size - 1; size > 0; size -= 101) {
      truncateSync(file, size);
      const { rows, warning } = await read(files, { steps: 10 });
      expect(rows).toEqual([]);
      expect(warning).toMatch(/cut off|does not begin like a run|were not written/);
    }
  });

  it('have a warning if the file ends before the run did, or is missing', async () => {
    const files = new DiskRunFiles(folderWith({}));
    expect((await read(files, { steps: 0 })).warning).toBeNull();
    expect((await read(files, { steps: 5 })).warning).toMatch(/they are not there/);
    await write(files, 10);
    expect((await read(files, { steps: 12 })).warning).toMatch(/the last ones were not written/);
  });

  it('are on disk within a second, before the run ends', async () => {
    const files = new DiskRunFiles(folderWith({}));
    const writer = files.createSteps('a', layout, { steps: 100, stride: 1 });
    await files.writeRecord(opened);
    writer.append(stepRecord(1), 0);
    await expect.poll(async () => (await read(files, { steps: 1 })).rows.length, { timeout: 2000 }).toBe(1);
    await writer.close();
  });
});

describe('the id of a run', () => {
  it.each(['../escape', 'a/b', 'a\\b', '', '.', '..', 'a\0b', 'x'.repeat(65), 'a.b', '-a', 'C:'])(
    '%j is not used as a path',
    async (id) => {
      const files = new DiskRunFiles(folderWith({}));
      expect(() => files.createSteps(id, layout, { steps: 1, stride: 1 })).toThrow(/not the id of a run/);
      await expect(files.openSteps(id)).rejects.toThrow(/not the id of a run/);
      await expect(files.remove(id)).rejects.toThrow(/not the id of a run/);
      expect(() => files.writeRecord(runRecord(id, { config: resolveConfig([]).config }))).toThrow(
        /not the id of a run/,
      );
    },
  );
});
