import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import { optimizerNames } from '../../../src/core/optimizers/registry';
import { scheduleNames } from '../../../src/core/schedules/registry';
import { DiskRunFiles, type FileSystem } from '../../../src/runs/files/diskRunFiles';
import { headOf } from '../../../src/runs/format/head';
import type { RunRecord } from '../../../src/runs/runRecord';
import { folderWith } from '../../support/startRun';
import { someVerdict } from '../../support/verdicts';
import { runFileOf } from './support/runFile';
import { description, layout, runRecord } from './support/runRecord';

/** A record with a value in every field. */
function fullRecord(id: string, rest: Partial<RunRecord> = {}): RunRecord {
  const { location } = runRecord(id).source;
  const before = { loss: Number.NaN, bestLoss: 3, steps: 12, stopped: 'nonFinite' as const };
  return runRecord(id, {
    status: 'finished',
    sweep: 'report-1',
    isTest: true,
    start: [1, Number.NEGATIVE_INFINITY],
    layout,
    gradientMode: 'provided',
    findings: [
      {
        id: 'divergence-1',
        code: 'divergence',
        severity: 'error',
        headline: 'The loss grows.',
        detail: 'It grew.',
        advice: 'Decrease lr.',
        steps: [2, 9],
        coordinates: [0],
        evidence: { loss: Number.POSITIVE_INFINITY, class: 'NaN' },
        subject: { kind: 'option', path: ['optimizer', 'lr'] },
        origin: {
          kind: 'non-finite-value',
          location,
          expression: 'x / y',
          inputs: [1, 'NaN'],
          result: Number.NaN,
        },
        location,
        fixes: [
          {
            id: 'optimizer.lr=0.1',
            title: 'lr 0.1',
            patch: { optimizer: { lr: 0.1 } },
            verified: { before, after: { ...before, stopped: 'steps' } },
            words: { label: 'lr 0.1', loss: 'loss', reached: '3', t: 4, now: 'diverges' },
          },
          {
            id: '2:3=x / (y + 1e-12)',
            title: 'guard',
            edit: {
              location,
              before: 'x / y',
              after: 'x / (y + 1e-12)',
              meaning: { kind: 'guard', otherwise: 'x / (y + 1e-9)' },
            },
            verified: null,
          },
        ],
      },
    ],
    verification: 'done',
    steps: 700,
    stopped: 'nonFinite',
    outcome: {
      steps: 700,
      stopped: 'nonFinite',
      final: { params: Float64Array.of(Number.NaN, 1), loss: Number.NaN, gradNorm: Number.POSITIVE_INFINITY },
      best: { params: Float64Array.of(1, 2), loss: -3, t: 5 },
      verdict: { ...someVerdict, evidence: { finalLoss: Number.NaN } },
    },
    expectation: { met: false, reached: { loss: 2, t: 3 }, metAt: null },
    problems: [{ code: 'loss-threw', severity: 'error', message: 'no', location, stack: 'at f' }],
    lrChanges: [[3, 0.5]],
    elapsedMs: 12.5,
    ...rest,
  });
}

async function readBack(record: RunRecord): Promise<RunRecord | undefined> {
  const folder = folderWith({});
  await new DiskRunFiles(folder).writeRecord(record);
  const { records, problems } = await new DiskRunFiles(folder).readRecords();
  expect(problems).toEqual([]);
  return records[0]?.record;
}

describe('the record of a run on disk', () => {
  it('is read back unchanged', async () => {
    for (const record of [fullRecord('a'), runRecord('b', { status: 'queued', start: null })])
      expect(await readBack(record)).toEqual(record);
  });

  it.each<RunConfigPatch>([
    ...optimizerNames.map((name) => ({ optimizer: { name } })),
    ...scheduleNames.map((name) => ({ schedule: { name, stepSize: 3, milestones: [3, 9], gamma: 0.5 } })),
    { start: [1, 2], names: ['NaN', '-Infinity'], clip: { norm: 1 }, tolerance: 1e-9 },
    { clip: { value: 1 }, precision: 'float16', lossScale: 'dynamic', expect: { loss: 1, steps: null } },
    { samples: 10, batch: 3, epochs: 4, validation: 'held', earlyStopping: { patience: 3, minDelta: 0 } },
    { switch: { to: { name: 'sgd', lr: 0.1 }, at: 'plateau', patience: 5 } },
  ])('is read back with the configuration %j', async (patch) => {
    const { config } = resolveConfig([patch]);
    const record = runRecord('a', {
      config,
      start: config.start ?? [0],
      overrides: patch.schedule ? {} : patch,
    });
    expect((await readBack(record))?.config).toEqual(config);
  });

  it('of version 1, which has a list of its coordinates, is read', async () => {
    const record = fullRecord('a', { layout: { ...layout, coordinates: [0, 1] } });
    const bytes = Float64Array.of(0, 1).buffer;
    const file = runFileOf(record, (members) => {
      members.version = 1;
      const { layout: written } = members.record as { layout: Record<string, unknown> };
      expect(written.coordinates).toEqual({ dim: 2, spread: 2, others: [] });
      written.coordinates = { float64: Buffer.from(bytes).toString('base64') };
    });
    const folder = folderWith({});
    writeFileSync(path.join(folder, 'a.adamscope'), file);
    const { records, problems } = await new DiskRunFiles(folder).readRecords();
    expect(problems).toEqual([]);
    expect(records[0]!.record.layout).toEqual(record.layout);
  });

  it('with a million parameters is read back', async () => {
    const dim = 1e6;
    const all = Array.from({ length: dim }, (_, i) => i);
    const params = Float64Array.from(all);
    const record = fullRecord('a', {
      start: all,
      layout: { ...layout, dim, coordinates: all },
      outcome: {
        steps: 700,
        stopped: 'steps',
        final: { params, loss: 1, gradNorm: 1 },
        best: { params, loss: 1, t: 1 },
        verdict: someVerdict,
      },
    });
    const folder = folderWith({});
    const files = new DiskRunFiles(folder);
    await files.writeRecord(record);
    const { records } = await files.readRecords();
    // `toEqual` takes ten seconds for a million numbers.
    expect(records[0]?.record.start?.length).toBe(dim);
    expect(records[0]?.record.start?.every((value, i) => value === i)).toBe(true);
    expect(records[0]?.record.outcome?.final.params.every((value, i) => value === i)).toBe(true);
  }, 30_000);

  it('is the last one of many overlapping writes', async () => {
    const files = new DiskRunFiles(folderWith({}));
    const record = runRecord('a');
    const writes = Array.from({ length: 30 }, (_, i) => {
      record.elapsedMs = i;
      return files.writeRecord(record);
    });
    await Promise.all(writes);
    expect((await files.readRecords()).records[0]?.record.elapsedMs).toBe(29);
  });

  it('remains the old one if the window closes between two writes', async () => {
    const folder = folderWith({});
    await new DiskRunFiles(folder).writeRecord(runRecord('a', { elapsedMs: 1 }));
    const never = new Promise<never>(() => {});
    const crashing = { ...fs, rename: () => never } as FileSystem;
    void new DiskRunFiles(folder, crashing).writeRecord(runRecord('a', { elapsedMs: 2 }));
    await expect.poll(() => readdirSync(folder)).toContain('a.adamscope.new');
    const { records, problems } = await new DiskRunFiles(folder).readRecords();
    expect([records[0]?.record.elapsedMs, problems]).toEqual([1, []]);
  });

  it('remains the old one if the disk is full, and no partial file remains', async () => {
    const folder = folderWith({});
    await new DiskRunFiles(folder).writeRecord(runRecord('a', { elapsedMs: 1 }));
    const full = {
      ...fs,
      writeFile: async (file: string) => {
        writeFileSync(file, 'half');
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      },
    } as unknown as FileSystem;
    const files = new DiskRunFiles(folder, full);
    await expect(files.writeRecord(runRecord('a', { elapsedMs: 2 }))).rejects.toThrow(/no space/);
    expect(readdirSync(folder)).toEqual(['a.adamscope']);
    expect((await files.readRecords()).records[0]?.record.elapsedMs).toBe(1);
  });

  it('is deleted together with the steps', async () => {
    const folder = folderWith({});
    const files = new DiskRunFiles(folder);
    void files.writeRecord(runRecord('a'));
    await files.createSteps('a', layout, { steps: 1, stride: 1 }).close();
    await files.remove('a');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('an invalid file', () => {
  const changed = (change: (members: Record<string, unknown>) => void) => runFileOf(fullRecord('a'), change);

  it.each<[string, Uint8Array, RegExp]>([
    ['of nothing', new Uint8Array(0), /it is empty/],
    ['of text', Buffer.from('{ "version": 4, "record": {} }'), /it does not begin like a run/],
    ['cut off in its head', headOf(fullRecord('a'), 1).subarray(0, 500), /it does not begin like a run/],
    [
      'of a later version',
      changed((members) => {
        members.version = 7;
      }),
      /has version 7, and this is version 2/,
    ],
    ['of another run', runFileOf(runRecord('b')), /it is the record of b/],
    ['with an id that is a path', runFileOf(runRecord('../a')), /id: the id is not one of a run/],
    [
      'with an unknown status',
      runFileOf(runRecord('a', { status: 'asleep' as never })),
      /status: expected .* found "asleep"/,
    ],
    [
      'without findings',
      changed((members) => {
        delete (members.record as Record<string, unknown>).findings;
      }),
      /findings/,
    ],
    [
      'with a finding of no rule',
      runFileOf(runRecord('a', { findings: [{ code: 'bad-luck', coordinates: [] }] as never })),
      /findings.0/,
    ],
    [
      'with a wrong option',
      runFileOf(runRecord('a', { config: { ...description.config, steps: -1 } })),
      /not valid/,
    ],
    [
      'with half a configuration',
      runFileOf(runRecord('a', { config: { start: null } as never })),
      /not complete/,
    ],
    ['with a start too short', runFileOf(fullRecord('a', { start: [1] })), /another length/],
    [
      'of no language',
      runFileOf(runRecord('a', { source: { language: 'cobol', texts: [] } as never })),
      /source/,
    ],
    [
      'with a name for a number',
      runFileOf(runRecord('a', { elapsedMs: 'NaN' as never })),
      /elapsedMs: expected number/,
    ],
  ])('%s is reported once, in a sentence, and not deleted', async (_, bytes, reason) => {
    const folder = folderWith({});
    const file = path.join(folder, 'a.adamscope');
    writeFileSync(file, bytes);
    const files = new DiskRunFiles(folder);
    await files.writeRecord(runRecord('good'));
    const { records, problems } = await files.readRecords();
    expect(records.map(({ record: { id } }) => id)).toEqual(['good']);
    expect(problems).toEqual([{ file: 'a.adamscope', message: expect.stringMatching(reason) }]);
    expect(problems[0]!.message).toMatch(/^The stored run a\.adamscope was left out: .*\.$/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('is not read if its name is not an id, or it is not a file', async () => {
    const folder = folderWith({});
    writeFileSync(path.join(folder, 'a b.adamscope'), runFileOf(fullRecord('a')));
    await fs.mkdir(path.join(folder, 'folder.adamscope'));
    const { records, problems } = await new DiskRunFiles(folder).readRecords();
    expect(records).toEqual([]);
    expect(problems.map(({ message }) => message).sort()).toEqual([
      'The stored run a b.adamscope was left out: its name is not the id of a run.',
      'The stored run folder.adamscope was left out: EISDIR.',
    ]);
  });

  it('does not exist without a folder', async () => {
    const { records, problems } = await new DiskRunFiles(path.join(folderWith({}), 'none')).readRecords();
    expect([records, problems]).toEqual([[], []]);
  });
});
