import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { installPython } from '../../.ci/installPython.mjs';
import { keyframeBudget } from '../../src/core/keyframePlan';
import type { RecordedName } from '../../src/core/trace/layout';
import { discover } from '../../src/loss/discovery/discover';
import { planRun } from '../../src/loss/plan';
import { replayedSteps } from '../../src/runner/replayedSteps';
import { RunJob } from '../../src/runner/runJob';
import { DiskRunFiles } from '../../src/runs/files/diskRunFiles';
import { fillHistory } from '../../src/runs/fillHistory';
import { RunStore } from '../../src/runs/runStore';
import { folderWith, jobs, startRun } from '../support/startRun';

const limits = { evaluationTimeoutMs: 10_000, memoryLimitMb: 2048 };

/** Forty coordinates in two arrays, of which the loss does not use the last one. */
const text = `const sines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => Math.sin(from + i + 1));
export const lossStart = { w: sines(0, 30), b: sines(30, 40) };
/** @loss @steps 60 */
export function loss(p: number[]) {
  let sum = 0;
  for (let i = 0; i < 39; i++) sum += (1 + i / 7) * (p[i]! - Math.cos(i)) ** 2 + 0.1 * p[i]! ** 4;
  return sum;
}
`;

/** Compares what pandas and polars read with the numbers of a run that recorded all coordinates. */
const script = `
import json, sys
import numpy as np, pyarrow as pa, polars as pl
folder, file = sys.argv[1:]
full = {name: np.array(rows) for name, rows in json.load(open(folder + "/full.json")).items()}
frame = pa.ipc.open_stream(file).read_pandas()
again = pl.read_ipc_stream(file)
steps = frame.dropna(subset=["step"])
assert steps["step"].tolist() == list(range(1, 61))

levels = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]
for name, of in [("paramsBand", full["params"]), ("gradBand", full["grad"]), ("absUpdateBand", abs(full["update"]))]:
    bands = steps[["step", name]].dropna()
    assert len(bands) == 60, len(bands)
    for step, band in bands.values:
        np.testing.assert_allclose(band, np.quantile(of[int(step) - 1], levels), rtol=1e-13, atol=1e-300)
    own = [each for each in again[name].to_list() if each is not None]
    assert own == [band.tolist() for band in bands[name]]

def structs(name):
    rows = [row for rows in frame[name].dropna() for row in rows]
    own = [row for rows in again[name].to_list() if rows is not None for row in rows]
    plain = [{key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in row.items()} for row in rows]
    np.testing.assert_equal(own, plain)
    return plain

ranking = structs("ranking")
contribution = np.cumsum(-full["grad"] * full["update"], axis=0)
ranked = sorted({row["atStep"] for row in ranking})
assert len(ranked) == 60
for step in ranked:
    for rank, of in [("largestUpdate", abs(full["update"][step - 1])), ("contribution", contribution[step - 1])]:
        own = [row for row in ranking if row["atStep"] == step and row["rank"] == rank]
        np.testing.assert_allclose([row["value"] for row in own], np.sort(of)[::-1][:5], rtol=1e-12)
        np.testing.assert_allclose(of[[row["coordinate"] for row in own]], [row["value"] for row in own], rtol=1e-12)
dead = [row for row in ranking if row["rank"] == "dead"]
assert {(row["coordinate"], row["value"], row["dead"]) for row in dead} == {(39, full["params"][0][39], 1)}

heatmap = [row for row in structs("heatmap") if row["quantity"] == "params"]
assert len(heatmap) == 60
for row in heatmap:
    assert row["medians"] == abs(full["params"][row["atStep"] - 1]).tolist()

assert json.loads(pa.ipc.open_stream(file).schema.metadata[b"adamscope"])["record"]["config"]["names"] == ["w[0..29]", "b[0..9]"]
groups = [row for row in structs("groups") if row["quantity"] == "params"]
assert len(groups) == 60
for row in groups:
    squares = full["params"][row["atStep"] - 1] ** 2
    np.testing.assert_allclose(row["rms"], [np.sqrt(squares[:30].mean()), np.sqrt(squares[30:].mean())], rtol=1e-13)

picked = structs("picked")
assert [row["coordinate"] for row in picked] == [4] * 60
assert [row["atStep"] for row in picked] == [*range(20, 61), *range(1, 20)]
for row in picked:
    for name in full:
        assert row[name] == full[name][row["atStep"] - 1][4], (row, name)
print("read")
`;

let python: string;

beforeAll(async () => {
  python = await installPython({ pyarrow: '26.0.1', pandas: '3.1.1', polars: '2.1.0', numpy: '2.4.6' });
}, 600_000);

it('bands, rankings, heatmaps and coordinates picked after the end are read by pandas and polars', async () => {
  const folder = folderWith({ 'loss.ts': text });
  const [declaration] = discover(text, path.join(folder, 'loss.ts'), 'named');
  const { config, source } = planRun(declaration!, { below: [], above: [] });
  const store = new RunStore({
    files: new DiskRunFiles(folder),
    // The least budget: only some coordinates are recorded.
    openSource: (order) => new RunJob(jobs, { ...order, recordBudget: 1, keyframeBudget }),
  });
  onTestFinished(() => store.dispose());
  const order = { source, config, lossText: text, overrides: {}, diagnosis: 'off', limits } as const;
  const run = store.start(order);
  await run.finished;
  expect(run.trace!.layout.coordinates).not.toContain(4);
  for (const range of [[20, 25], null] as const)
    await fillHistory(
      run,
      4,
      range,
      (of, repetition, signal) => replayedSteps(of, repetition, jobs, limits, signal),
      new AbortController().signal,
      (part, every) => store.keepHistory(run, 4, part, every),
    );
  const all = startRun(text, { recordBudget: Number.POSITIVE_INFINITY, diagnosis: 'off' });
  await all.ended;
  const { trace } = all;
  const rowsOf = (name: RecordedName) =>
    Array.from({ length: 60 }, (_, row) =>
      Array.from({ length: 40 }, (_, k) => trace!.at(row, trace!.placeOf(name, k))),
    );
  const names = ['params', 'grad', 'update', 'm', 'v'] as const;
  const full = Object.fromEntries(names.map((name) => [name, rowsOf(name)]));
  writeFileSync(path.join(folder, 'full.json'), JSON.stringify(full));
  await store.dispose();
  const file = path.join(folder, `${run.record.id}.adamscope`);
  expect(execFileSync(python, ['-c', script, folder, file], { encoding: 'utf8' })).toBe('read\n');
  const document = readFileSync(path.join(import.meta.dirname, '../../docs/run-format.md'), 'utf8');
  const example = /```python\n([\s\S]*?)```/.exec(document)![1]!;
  copyFileSync(file, path.join(folder, 'run.adamscope'));
  const printed = execFileSync(python, ['-c', example], { cwd: folder, encoding: 'utf8' });
  // The histories come last: a line for each step.
  expect(printed).toMatch(/\ncoordinate +4\natStep +\n1 +-?[\d.]+\n/);
}, 120_000);
