import { utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SavedLosses } from '../../../src/host/savedLosses';
import { Cancelled, WorkSlices } from '../../../src/host/workSlices';
import { startParse } from '../../../src/loss/discovery/parse';
import { folderWith } from '../../support/startRun';

vi.mock(import('../../../src/loss/discovery/parse'), async (original) => {
  const actual = await original();
  return { ...actual, startParse: vi.fn(actual.startParse) };
});

const loss = (name: string) => `export const ${name} = ([x]: number[]): number => x * x;\n`;

beforeEach(() => {
  vi.mocked(startParse).mockClear();
});

function workspace(count: number) {
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`f${i}.ts`, i % 10 === 0 ? loss(`f${i}Loss`) : 'export {};\n']),
  );
  const folder = folderWith(files);
  return Object.keys(files).map((file) => ({ file: path.join(folder, file), mode: 'named' as const }));
}

async function names(saved: SavedLosses, files: ReturnType<typeof workspace>, slices = new WorkSlices()) {
  const found: string[] = [];
  for await (const losses of saved.losses(files, slices)) found.push(...losses.map(({ name }) => name));
  return found;
}

describe('the losses of files on disk', () => {
  it('are searched in files whose text may contain a loss, and again only in changed files', async () => {
    const files = workspace(100);
    const saved = new SavedLosses();
    expect(await names(saved, files)).toEqual(Array.from({ length: 10 }, (_, i) => `f${i * 10}Loss`));
    expect(startParse).toHaveBeenCalledTimes(10);
    await names(saved, files);
    expect(startParse).toHaveBeenCalledTimes(10);
    writeFileSync(files[10]!.file, loss('newLoss'));
    utimesSync(files[20]!.file, 1, 1);
    expect(await names(saved, files)).toContain('newLoss');
    expect(startParse).toHaveBeenCalledTimes(12);
  });

  it('of one file are searched alone, and again only if it has changed', async () => {
    const files = workspace(20);
    const saved = new SavedLosses();
    await names(saved, files);
    vi.mocked(startParse).mockClear();
    writeFileSync(files[10]!.file, loss('newLoss'));
    const inOne = async () => (await saved.lossesIn(files[10]!, new WorkSlices())).map(({ name }) => name);
    expect([await inOne(), await inOne()]).toEqual([['newLoss'], ['newLoss']]);
    expect(startParse).toHaveBeenCalledTimes(1);
    expect(await names(saved, files)).toEqual(['f0Loss', 'newLoss']);
    expect(startParse).toHaveBeenCalledTimes(1);
    const gone = { file: `${files[10]!.file}.gone.ts`, mode: 'named' as const };
    expect(await saved.lossesIn(gone, new WorkSlices())).toEqual([]);
  });

  it('are empty for a file that was deleted or cannot be read', async () => {
    const files = workspace(1);
    const gone = { file: `${files[0]!.file}.gone.ts`, mode: 'named' as const };
    const folder = { file: path.dirname(files[0]!.file), mode: 'named' as const };
    expect(await names(new SavedLosses(), [gone, folder, ...files])).toEqual(['f0Loss']);
  });

  it('are searched in slices, and a cancelled search keeps its results', async () => {
    const files = workspace(100);
    const saved = new SavedLosses();
    let rests = 0;
    const slices = {
      isOver: () => true,
      rest: async () => {
        rests++;
        if (rests > 50) throw new Cancelled('cancelled');
      },
    };
    await expect(names(saved, files, slices as WorkSlices)).rejects.toThrow(Cancelled);
    const parsed = vi.mocked(startParse).mock.calls.length;
    expect(parsed).toBeGreaterThan(0);
    expect(parsed).toBeLessThan(10);
    await names(saved, files);
    // The parse that was interrupted starts again.
    expect(vi.mocked(startParse).mock.calls.length).toBeLessThanOrEqual(11);
  });
});
