import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPython } from '../../.ci/installPython.mjs';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

const losses = `/**
 * @loss
 * @start [-1.2, 1]
 * @names x "y, z"
 * @optimizer adam lr=0.05
 * @steps 300
 */
export function banana([x, y]: number[]): number {
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
}
let draws = Date.now();
/** @loss
 * @start [1]
 * @steps 20 */
export function drifting([x]: number[]): number { return (x - draws++ * 1e-13) ** 2; }
/** @loss
 * @start [1]
 * @steps 100000000 */
export function endless([x]: number[]): number { return x * x; }
`;

/** pandas and polars read a prefix of a run file, and compare the two. Prints JSON. */
const script = `
import json, sys
import pyarrow as pa, polars as pl
frame = pa.ipc.open_stream(sys.argv[1]).read_pandas()
again = pl.read_ipc_stream(sys.argv[1])
assert len(frame) == len(again), (len(frame), len(again))
steps = frame.dropna(subset=["step"])
events = [json.loads(event) for event in frame["event"].dropna()]
head = json.loads(pa.ipc.open_stream(sys.argv[1]).schema.metadata[b"adamscope"])
print(json.dumps({
  "steps": [int(step) for step in steps["step"]],
  "loss": list(steps["loss"]),
  "x": [params[0] for params in steps["params"]],
  "set": [sorted(event["set"]) for event in events],
  "version": head["version"],
  "optimizer": head["record"]["config"]["optimizer"]["name"],
}))
`;

interface Frame {
  readonly steps: number[];
  readonly loss: number[];
  readonly x: number[];
  readonly set: string[][];
  readonly version: number;
  readonly optimizer: string;
}

let python: string;
let folder: string;
let run: string;

function adamscope(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return { status, stdout, stderr };
}

function pandas(file: string): Frame {
  const read = path.join(folder, 'read.py');
  writeFileSync(read, script);
  return JSON.parse(execFileSync(python, [read, file], { encoding: 'utf8', maxBuffer: 2 ** 28 })) as Frame;
}

/** Where each message of an Arrow stream ends, by the lengths that its messages state. */
function messageEnds(bytes: Buffer): number[] {
  const script = `
import sys, pyarrow as pa
source = pa.OSFile(sys.argv[1], "rb")
ends = []
while True:
  try: pa.ipc.read_message(source)
  except EOFError: break
  ends.append(source.tell())
print(*ends)`;
  const file = path.join(folder, 'ends.adamscope');
  writeFileSync(file, bytes);
  return execFileSync(python, ['-c', script, file], { encoding: 'utf8' }).trim().split(' ').map(Number);
}

beforeAll(async () => {
  python = await installPython({ pyarrow: '26.0.1', pandas: '3.1.1', polars: '2.1.0', numpy: '2.4.6' });
  folder = mkdtempSync(path.join(tmpdir(), 'adamscope-test-'));
  writeFileSync(path.join(folder, 'fit.ts'), losses);
  run = path.join(folder, 'run.adamscope');
  const { status, stderr } = adamscope(
    'run',
    'fit.ts#banana',
    '--out',
    'run.adamscope',
    '--steps-out',
    'steps.ndjson',
  );
  expect([status, stderr]).toEqual([0, '']);
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a run file', () => {
  it('is what pandas, polars and --steps-out agree on, to the last bit', () => {
    const { steps, loss, x, set, version, optimizer } = pandas(run);
    const lines = readFileSync(path.join(folder, 'steps.ndjson'), 'utf8').trimEnd().split('\n');
    const objects = lines.map((line) => JSON.parse(line) as { t: number; loss: number; params: number[] });
    expect(steps).toEqual(objects.map(({ t }) => t));
    expect(loss).toEqual(objects.map((object) => object.loss));
    expect(x).toEqual(objects.map(({ params }) => params[0]));
    expect(set.flat()).toContain('outcome');
    expect([version, optimizer]).toEqual([2, 'adam']);
  });

  it('becomes Parquet by the line that the documentation shows', () => {
    const document = readFileSync(path.join(import.meta.dirname, '../../docs/run-format.md'), 'utf8');
    const script = /```python\n(import pyarrow as pa, pyarrow\.parquet[\s\S]*?)```/.exec(document)![1]!;
    const check = `import pyarrow.parquet as pq\nprint(pq.read_table("run.parquet").column("loss").drop_null().to_pylist()[0])`;
    const printed = execFileSync(python, ['-c', `${script}\n${check}`], { cwd: folder, encoding: 'utf8' });
    expect(Number(printed)).toBe(pandas(run).loss[0]);
    const { stdout } = adamscope('export', '--help');
    expect(stdout).toContain('pyarrow.parquet.write_table(');
  });

  it('has keyframes, which the documentation reads, with the values of their steps', () => {
    const document = readFileSync(path.join(import.meta.dirname, '../../docs/run-format.md'), 'utf8');
    const script = /```python\n(import json\nimport numpy[\s\S]*?)```/.exec(document)![1]!;
    const check = `
    frame = pa.ipc.open_stream("run.adamscope").read_pandas().dropna(subset=["step"]).set_index("step")
    row = frame.loc[int(numbers[0])]
    assert vectors[:3].tolist() == [row[name].tolist() for name in ["params", "m", "v"]]
    assert [rest["view"][name] for name in ["loss", "gradNorm", "lr"]] == [row["loss"], row["gradNorm"], row["lr"]]`;
    const printed = execFileSync(python, ['-c', `${script}${check}`], { cwd: folder, encoding: 'utf8' });
    const lines = printed.split('\n').filter((line) => /^\d/.test(line));
    expect(lines.map((line) => Number(line.split(' ')[0]))).toEqual(
      Array.from({ length: 18 }, (_, i) => 16 * (i + 1)),
    );
    expect(lines[0]).toMatch(/^16 \{'params': array.*'m': array.*'v': array.*'best': array/);
  });

  it('can be read by pandas and polars after every batch', () => {
    const bytes = readFileSync(run);
    const ends = messageEnds(bytes);
    expect(ends.at(-1)).toBe(bytes.length);
    expect(ends.length).toBeGreaterThan(3);
    const prefix = path.join(folder, 'prefix.adamscope');
    let last = 0;
    for (const end of ends) {
      writeFileSync(prefix, bytes.subarray(0, end));
      const { steps } = pandas(prefix);
      expect(steps.length).toBeGreaterThanOrEqual(last);
      last = steps.length;
    }
    expect(last).toBe(300);
  });

  it('that is cut inside a batch is exported up to the last whole one, with a warning', () => {
    const bytes = readFileSync(run);
    const ends = messageEnds(bytes);
    for (const at of [ends.at(-1)! - 1, ends.at(-2)! + 5, ends.at(-2)! - 100]) {
      writeFileSync(path.join(folder, 'cut.adamscope'), bytes.subarray(0, at));
      const { status, stdout, stderr } = adamscope('export', 'cut.adamscope', '--format', 'json');
      expect(status).toBe(0);
      expect(stderr).toMatch(
        /warning: cut\.adamscope could not be read to its end: its last batch is cut off/,
      );
      const whole = path.join(folder, 'whole.adamscope');
      writeFileSync(whole, bytes.subarray(0, Math.max(...ends.filter((end) => end <= at))));
      const { steps } = JSON.parse(stdout) as { steps: { t: number }[] };
      expect(steps.map(({ t }) => t)).toEqual(pandas(whole).steps);
    }
  });

  it('grows while the run goes on, and loses at most a second when the process is killed', async () => {
    const file = path.join(folder, 'killed.adamscope');
    const child = spawn(process.execPath, [cli, 'run', 'fit.ts#endless', '--out', file], { cwd: folder });
    const closed = new Promise((resolve) => child.on('close', resolve));
    await expect.poll(() => sizeOf(file), { timeout: 30_000 }).toBeGreaterThan(100_000);
    const before = pandasUpToLastBatch(file);
    child.kill('SIGKILL');
    await closed;
    const { status, stdout } = adamscope('export', 'killed.adamscope', '--format', 'csv');
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n').length - 1).toBeGreaterThanOrEqual(before);
  }, 120_000);

  it('is written when the run is interrupted, and says so', async () => {
    const child = spawn(process.execPath, [cli, 'run', 'fit.ts#endless', '--out', 'stopped.adamscope'], {
      cwd: folder,
    });
    const closed = new Promise((resolve) => child.on('close', resolve));
    await expect
      .poll(() => sizeOf(path.join(folder, 'stopped.adamscope')), { timeout: 30_000 })
      .toBeGreaterThan(50_000);
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    const { stdout } = adamscope('export', 'stopped.adamscope', '--format', 'json');
    expect((JSON.parse(stdout) as { run: { stopped: string } }).run.stopped).toBe('user');
  }, 120_000);
});

describe('adamscope replay', () => {
  it('repeats a run bit for bit, also after its source has changed, which it says', () => {
    const same = adamscope('replay', 'run.adamscope');
    expect(same.stdout).toBe('The run repeats bit for bit: 300 steps, 9 quantities.\n');
    writeFileSync(path.join(folder, 'fit.ts'), losses.replaceAll('100 *', '99 *'));
    const changed = adamscope('replay', 'run.adamscope');
    writeFileSync(path.join(folder, 'fit.ts'), losses);
    expect([changed.status, changed.stdout]).toEqual([
      0,
      'Changed since the run: fit.ts. The stored text was run.\nThe run repeats bit for bit: 300 steps, 9 quantities.\n',
    ]);
  });

  it('names the first number that differs, for a loss that is not deterministic', () => {
    adamscope('run', 'fit.ts#drifting', '--no-verify', '--out', 'drifting.adamscope');
    const { status, stdout } = adamscope('replay', 'drifting.adamscope', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      compared: 1,
      first: { t: 1, quantity: 'loss', coordinate: null },
    });
  });
});

describe('adamscope diff', () => {
  it('prints the options that differ, and where each quantity differs first', () => {
    adamscope('run', 'fit.ts#banana', '--no-verify', '--set', 'beta2=0.99', '--out', 'other.adamscope');
    const { status, stdout } = adamscope('diff', 'run.adamscope', 'other.adamscope', '--json');
    expect(status).toBe(0);
    const { config, first, compared } = JSON.parse(stdout);
    expect(config).toEqual([{ path: 'optimizer.beta2', a: 0.999, b: 0.99 }]);
    expect(compared).toBe(300);
    // The first step divides by the corrected moment, so beta2 changes v at once and the update one step later.
    const at = Object.fromEntries(
      first.map(({ quantity, t }: { quantity: string; t: number }) => [quantity, t]),
    );
    expect([at.v, at.params, at.loss]).toEqual([1, 2, 3]);
    const words = adamscope('diff', 'run.adamscope', 'run.adamscope').stdout;
    expect(words).toMatch(
      /^The configurations are equal\.\nThe 300 steps that both contain agree to 1e-9\.\n/,
    );
  });

  it('refuses runs of different dimension in one line', () => {
    adamscope('run', 'fit.ts#drifting', '--no-verify', '--out', 'drifting.adamscope');
    const { status, stderr } = adamscope('diff', 'run.adamscope', 'drifting.adamscope');
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^adamscope: .* 2 parameters and .* 1; only runs/),
    ]);
  });
});

describe('adamscope export', () => {
  it('prints CSV with a column for each number, quoted where a name needs it', () => {
    const { status, stdout } = adamscope('export', 'run.adamscope', '--format', 'csv');
    const [head, first, ...rest] = stdout.trimEnd().split('\n');
    expect(status).toBe(0);
    expect(head).toContain('step,loss,gradNorm,clipFactor,lr,');
    expect(head).toContain('params[x],"params[y, z]",grad[x]');
    expect(first!.startsWith('1,24.199999999999996,')).toBe(true);
    expect(rest).toHaveLength(299);
  });

  it('prints the run with its verdict as JSON, and writes files', () => {
    const { status } = adamscope('export', 'run.adamscope', '--format', 'json', '--out', 'run.json');
    expect(status).toBe(0);
    const { run: described, steps } = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8'));
    expect(described).toMatchObject({ loss: { name: 'banana', dim: 2 }, stopped: 'steps', steps: 300 });
    expect(described.verdict.headline).toMatch(/\S/);
    expect(steps).toHaveLength(300);
  });

  it.each([
    ['none.adamscope', /^adamscope: there is no file none\.adamscope\n$/],
    ['fit.ts', /^adamscope: fit\.ts is not a run: it does not begin like a run\n$/],
    ['.', /^adamscope: \. cannot be read: EISDIR.*\n$/],
  ])('refuses %s in one line', (file, message) => {
    const { status, stderr } = adamscope('export', file);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('refuses a file that cannot be written in one line', () => {
    const { status, stderr } = adamscope('export', 'run.adamscope', '--out', 'none/run.csv');
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^adamscope: --out: none\/run\.csv cannot be written: /),
    ]);
    const out = adamscope('run', 'fit.ts#banana', '--no-verify', '--out', 'fit.ts/x.adamscope');
    expect([out.status, out.stderr]).toEqual([
      2,
      expect.stringMatching(/^adamscope: --out: fit\.ts\/x\.adamscope cannot be written: /),
    ]);
  });
});

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The number of steps in the file now, while it may be growing. */
function pandasUpToLastBatch(file: string): number {
  const copy = path.join(folder, 'copy.adamscope');
  const bytes = readFileSync(file);
  const ends = messageEnds(bytes);
  writeFileSync(copy, bytes.subarray(0, ends.at(-1)));
  return pandas(copy).steps.length;
}
