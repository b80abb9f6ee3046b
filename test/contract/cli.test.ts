import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGolden } from '../support/golden';
import { readPrinted } from '../support/printedJson';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

const fit = `/**
 * @loss
 * @start [-1.2, 1]
 * @names a b
 * @optimizer adam lr=0.05
 * @steps 30
 * @gradient slope
 */
export function banana([x, y]: number[]): number {
  return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
}
export const slope = ([x, y]: number[]) => [-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)];

export function bowlLoss([x, y]: number[]): number {
  return 0.5 * (100 * x * x + y * y);
}

export function helper(a: number[]): number {
  return a[0]! ** 2;
}
`;

function adamscope(cwd: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function folder(): string {
  return folderWith({ 'fit.ts': fit });
}

describe('adamscope list', () => {
  it('prints the place and the configuration of each loss', () => {
    const { status, stdout } = adamscope(folder(), 'list', '.', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({
        file: 'fit.ts',
        name: 'banana',
        line: 9,
        dim: 2,
        start: [-1.2, 1],
        config: expect.objectContaining({
          optimizer: expect.objectContaining({ name: 'adam', lr: 0.05, beta2: 0.999 }),
          steps: 30,
          seed: 0,
          schedule: null,
        }),
      }),
      expect.objectContaining({ name: 'bowlLoss', line: 14, dim: 2, start: null }),
    ]);
  });
});

describe('adamscope list without --json', () => {
  const optimizers = {
    'own.py': '# adamscope: optimizer-step adamw lr=0.02\nclass Own:\n    pass\n',
    'own.ts': '/** @optimizerStep adm */\nexport function step(p: number[], g: number[]) {}\n',
  };

  it('lists the optimizers of the user after the losses of several paths', () => {
    const cwd = folderWith({ ...optimizers, 'fit.ts': fit });
    expect(adamscope(cwd, 'list', 'own.py', 'fit.ts').stdout.split('\n').slice(2)).toEqual([
      'own.py:2  Own  optimizer, checked against adamw lr 0.02 by adamscope invariances own.py#Own',
      '',
    ]);
    expect(adamscope(cwd, 'list', 'own.ts').stdout).toContain(
      '  error: own.ts:1:20: unknown optimizer "adm"; did you mean adam?\n',
    );
  });

  it('lists only losses in JSON, each of which can be run', () => {
    const cwd = folderWith({ ...optimizers, 'fit.ts': fit });
    const { stdout } = adamscope(cwd, 'list', 'own.py', 'fit.ts', '--json');
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual([
      'banana',
      'bowlLoss',
    ]);
  });

  it('reports an error in an annotation with line and column', () => {
    const cwd = folderWith({
      'a.ts': '/** @loss\n * @optimizer adm */\nexport const f = ([x]: number[]) => x * x;\n',
    });
    expect(adamscope(cwd, 'list', 'a.ts').stdout).toContain(
      '  error: a.ts:2:15: unknown optimizer "adm"; did you mean adam?\n',
    );
  });
});

describe('adamscope grad', () => {
  it('prints the value and the provided gradient', () => {
    const { stdout } = adamscope(folder(), 'grad', 'fit.ts#banana', '--at', '-1.2,1', '--json');
    const { value, grad, gradientMode } = JSON.parse(stdout);
    expect(value).toBeCloseTo(24.2, 12);
    expect(grad).toEqual([expect.closeTo(-215.6, 10), expect.closeTo(-88, 10)]);
    expect(gradientMode).toBe('provided');
  });

  it('takes --at=-1,2, and computes the exact gradient if none is provided', () => {
    const { stdout } = adamscope(folder(), 'grad', 'fit.ts#bowlLoss', '--at=-1,2', '--json');
    expect(JSON.parse(stdout)).toEqual({
      names: ['x', 'y'],
      value: 52,
      grad: [expect.closeTo(-100, 6), expect.closeTo(2, 6)],
      gradientMode: 'exact',
    });
  });

  it('takes any exported function, even if it is not a loss', () => {
    const { stdout } = adamscope(folder(), 'grad', 'fit.ts#helper', '--at', '3', '--json');
    expect(JSON.parse(stdout).value).toBe(9);
  });
});

describe('adamscope run', () => {
  it('agrees with torch, step by step', () => {
    const cwd = folder();
    const { status, stdout } = adamscope(
      cwd,
      'run',
      'fit.ts#banana',
      '--json',
      '--steps-out',
      'steps.ndjson',
    );
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    const steps = readFileSync(path.join(cwd, 'steps.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(steps).toHaveLength(30);
    for (const reference of readGolden('adam').steps.filter(({ t }) => t <= 20)) {
      const step = steps[reference.t - 1];
      expect(step.t).toBe(reference.t);
      expect(step.lr).toBe(reference.lr);
      expect(step.clipFactor).toBe(1);
      for (const i of [0, 1]) {
        expect(step.params[i]).toBeCloseTo(reference.theta[i]!, 11);
        expect(step.grad[i] / reference.grad[i]!).toBeCloseTo(1, 9);
        expect(step.state.m[i] / (reference.state.exp_avg as number[])[i]!).toBeCloseTo(1, 9);
        expect(step.state.v[i] / (reference.state.exp_avg_sq as number[])[i]!).toBeCloseTo(1, 9);
      }
    }
    expect(report).toMatchObject({
      loss: { file: 'fit.ts', name: 'banana', dim: 2 },
      config: { names: ['a', 'b'], steps: 30, start: [-1.2, 1] },
      gradientMode: 'provided',
      steps: 30,
      stopped: 'steps',
      final: { params: steps.at(-1).params },
      findings: [],
    });
    expect(Object.keys(report.best)).toEqual(['params', 'loss', 't']);
    expect(report.elapsedMs).toBeGreaterThan(0);
  });

  it('gives groups of parameters options of their own, and refuses others at their place', () => {
    const cwd = folderWith({
      'groups.ts': `
/**
 * @loss
 * @start a=3 b=1 c=2
 * @optimizer sgd lr=0.1
 * @group b lr=0.01
 * @group 2 weightDecay=1
 * @steps 1
 */
export const fit = ({ a, b, c }: { a: number; b: number; c: number }) => a * a + b * b + c * c;
/**
 * @loss
 * @start [1, 2]
 * @group 0 1 lr=0.1
 * @group 1..2 lr=0.2
 */
export const wrong = (w: number[]) => w[0] ** 2;
`,
    });
    const { stdout } = adamscope(cwd, 'run', 'groups.ts#fit', '--json', '--steps-out', 'steps.ndjson');
    const { config, final } = JSON.parse(stdout);
    expect(config.groups).toEqual([
      { names: ['b'], lr: 0.01 },
      { ranges: [[2, 2]], weightDecay: 1 },
    ]);
    // θ − lr (2 θ + weightDecay θ)
    const wanted = [3 - 0.1 * 6, 1 - 0.01 * 2, 2 - 0.1 * 6];
    for (const [i, value] of wanted.entries()) expect(final.params[i]).toBeCloseTo(value, 14);
    const step = JSON.parse(readFileSync(path.join(cwd, 'steps.ndjson'), 'utf8'));
    expect(step.state.lr).toEqual([0.1, 0.01, 0.1]);
    const { status, stderr } = adamscope(cwd, 'run', 'groups.ts#wrong');
    expect(status).toBe(2);
    expect(stderr).toMatch(/groups\.ts:15:11: the group contains 2, but the loss has 2 parameters/);
  });

  it('maximizes: the steps of minimizing the negation, with the values of the function itself', () => {
    const cwd = folderWith({
      'score.ts': `
        /** @loss @start [3, 1] @optimizer adam lr=0.1 weightDecay=0.01 @steps 40 */
        export const cost = ([x, y]: number[]) => x * x + 20 * y * y - 5;
        /** @loss @start [3, 1] @maximize @optimizer adam lr=0.1 weightDecay=0.01 @steps 40 @expect loss>4 within 40 */
        export const score = ([x, y]: number[]) => -(x * x + 20 * y * y - 5);
        /** @loss @start [3, 1] @maximize @optimizer adam lr=0.005 @steps 40 */
        export const slowScore = ([x, y]: number[]) => -(x * x + 20 * y * y - 5);
      `,
    });
    const run = (name: string) => {
      const steps = `${name}.ndjson`;
      const { stdout } = adamscope(cwd, 'run', `score.ts#${name}`, '--json', '--steps-out', steps);
      const lines = readFileSync(path.join(cwd, steps), 'utf8').trimEnd().split('\n');
      return { report: JSON.parse(stdout), steps: lines.map((line) => JSON.parse(line)) };
    };
    const [down, up] = [run('cost'), run('score')];
    expect(up.report.config.maximize).toBe(true);
    const negation = (values: readonly number[]) => values.map((value) => 0 - value);
    for (const [k, step] of up.steps.entries()) {
      const other = down.steps[k];
      expect(step.params).toEqual(other.params);
      expect(step.loss).toBe(-other.loss);
      expect(step.grad).toEqual(negation(other.grad));
      // The optimizer averages the negated gradient, as in torch.
      expect(step.state).toEqual(other.state);
    }
    expect(up.report.final.loss).toBe(-down.report.final.loss);
    expect(up.report.best).toMatchObject({ loss: -down.report.best.loss, t: down.report.best.t });
    expect(up.report.verdict.kind).toBe(down.report.verdict.kind);
    expect(up.report.verdict.evidence.finalLoss).toBe(up.report.final.loss);
    const { verdict } = run('slowScore').report;
    const [{ verified }] = verdict.fixes;
    expect(verified.after.bestLoss).toBeGreaterThan(verified.before.bestLoss);
    expect(up.report.verdict.detail).toMatch(/raises it to/);
    const checked = adamscope(cwd, 'check', 'score.ts');
    expect(checked.stdout).toMatch(/expected objective > 4 within 40 steps: reached 4\.\d+ at step \d+ ✓/);
    expect(adamscope(cwd, 'grad', 'score.ts#score', '--json').stdout).toMatch(/"value":-24/);
  });

  it('lets flags override --config, and --config the annotation, inline or from a file', () => {
    const cwd = folderWith({ 'fit.ts': fit, 'config.json': '{ "optimizer": { "beta1": 0.5 }, "steps": 7 }' });
    const configOf = (...args: string[]) =>
      JSON.parse(adamscope(cwd, 'run', 'fit.ts#banana', '--json', ...args).stdout).config;
    expect(
      configOf('--config', 'config.json', '--lr', '0.2', '--set', 'beta2=0.9', '--seed', '7'),
    ).toMatchObject({
      optimizer: { name: 'adam', lr: 0.2, beta1: 0.5, beta2: 0.9 },
      steps: 7,
      seed: 7,
    });
    expect(configOf('--optimizer', 'sgd', '--steps', '3').optimizer).toMatchObject({ name: 'sgd', lr: 1e-3 });
    expect(
      configOf(
        '--set',
        'schedule.name=cosine',
        '--set',
        'schedule.tMax=50',
        '--set',
        'steps=4',
        '--set',
        'amsgrad=true',
      ),
    ).toMatchObject({ schedule: { name: 'cosine', tMax: 50 }, steps: 4, optimizer: { amsgrad: true } });
  });

  it('takes a --config file with a byte order mark', () => {
    const cwd = folderWith({ 'fit.ts': fit, 'config.json': '\ufeff{ "steps": 7 }' });
    const { stdout } = adamscope(cwd, 'run', 'fit.ts#banana', '--json', '--config', 'config.json');
    expect(JSON.parse(stdout).steps).toBe(7);
  });

  it('takes a loss under every name under which it is exported', () => {
    const cwd = folderWith({
      'alias.ts':
        '/** @start [1, 2]\n * @steps 3 */\nfunction f([x, y]: number[]) {\n  return x * x + y * y;\n}\nexport { f as bowl, f as default };\n',
      'whole.cts': 'const loss = ([x]: number[]): number => x * x;\nexport = { loss };\n',
    });
    for (const name of ['f', 'bowl', 'default'])
      expect(adamscope(cwd, 'run', `alias.ts#${name}`, '--json')).toMatchObject({ status: 0, stderr: '' });
    expect(adamscope(cwd, 'run', 'whole.cts#loss', '--start', '1', '--steps', '3').status).toBe(0);
  });

  it('warns about an unknown tag and continues', () => {
    const cwd = folderWith({
      'typo.ts':
        '/** @loss\n * @start [1]\n * @step 3\n * @seed 1\n * @seed 2 */\nexport const f = ([x]: number[]) => x * x;\n',
    });
    const { status, stderr } = adamscope(cwd, 'run', 'typo.ts#f', '--steps', '2');
    expect(status).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'adamscope: warning: typo.ts:3:4: unknown tag @step; did you mean @steps?',
      'adamscope: warning: typo.ts:5:4: @seed appears twice; the first one is used',
    ]);
  });

  it('exits with 1 at a finding of severity error and prints its place and fixes', () => {
    const { status, stdout } = adamscope(
      folder(),
      'run',
      'fit.ts#bowlLoss',
      '--start',
      '1,1',
      '--optimizer',
      'sgd',
      '--lr',
      '0.03',
      '--json',
      '--no-verify',
    );
    expect(status).toBe(1);
    const [finding] = JSON.parse(stdout).findings;
    expect(finding).toMatchObject({
      id: 'divergence-1',
      code: 'divergence',
      severity: 'error',
      location: { file: 'fit.ts', line: 14, column: 17, endLine: 14, endColumn: 25 },
    });
    expect(finding.fixes[0]).toEqual({
      id: expect.any(String),
      title: expect.any(String),
      patch: expect.any(Object),
      verified: null,
    });
  });

  it('writes numbers that JSON lacks as strings', () => {
    const cwd = folderWith({
      'log.mjs':
        '/** @start [1]\n * @optimizer sgd lr=3 */\nexport const logLoss = ([x]) => -Math.log(x - 0.5) + 5 * x;\n',
    });
    const { stdout, status } = adamscope(
      cwd,
      'run',
      'log.mjs#logLoss',
      '--json',
      '--steps-out',
      'steps.ndjson',
    );
    expect(status).toBe(1);
    expect(stdout).toContain('"NaN"');
    const report = readPrinted(stdout) as { stopped: string; final: { params: number[] } };
    expect(report.stopped).toBe('nonFinite');
    expect(report.final.params).toEqual([Number.NaN]);
    expect(readFileSync(path.join(cwd, 'steps.ndjson'), 'utf8')).toContain('"NaN"');
  });
});

describe('bad input leads to one line on stderr and exit code 2', () => {
  it.each<[string[], RegExp]>([
    [['run', 'fit.ts#bananas'], /fit\.ts has no function bananas; did you mean banana\?/],
    [['run', 'nowhere.ts#x'], /there is no file nowhere\.ts/],
    [['run', 'fit.ts'], /name the loss as FILE#NAME/],
    [['run', 'fit.ts#bowlLoss'], /the start of bowlLoss is unknown: pass --start 0,0/],
    [['run', 'fit.ts#banana', '--lr', 'fast'], /--lr must be a number, got "fast"/],
    [['run', 'fit.ts#banana', '--lr', '-1'], /^adamscope: lr must be >= 0, got -1/],
    [['run', 'fit.ts#banana', '--start', '1,2,3'], /start has 3 numbers, but banana takes 2 \(x, y\)/],
    [['run', 'fit.ts#banana', '--optimizer', 'adamx'], /unknown optimizer "adamx"; did you mean adam/],
    [
      ['run', 'fit.ts#banana', '--set', 'beta3=1'],
      /"beta3" is not an option of any optimizer; did you mean beta1/,
    ],
    [['run', 'fit.ts#banana', '--set', 'nonsense'], /--set must be KEY=VALUE/],
    [['run', 'fit.ts#banana', '--config', '{oops'], /--config is not JSON/],
    [['run', 'fit.ts#banana', '--config', 'none.json'], /--config: there is no file none\.json/],
    [['run', 'fit.ts#banana', '--steps-out', 'no/such/folder/f'], /--steps-out: cannot write/],
    [['run', 'fit.ts#banana', '--fast'], /unknown option '--fast'/],
    [['run', 'fit.ts#banana', '--start', '1'], /^adamscope: fit\.ts:9:17: start has 1 number, but/],
    [['run', 'fit.ts#banana', '--set', 'beta1=0.5', '--optimizer', 'sgd'], /"beta1" is not an option of sgd/],
    [['run', 'fit.ts#banana', '--set', 'lr='], /--set must be KEY=VALUE, got "lr="/],
    [['run', 'fit.ts#banana', '--set', 'toString=1'], /"toString" is not an option of any optimizer/],
    [['run', 'fit.ts#banana', '--set', '__proto__.steps=1'], /unknown key "__proto__"/],
    [['run', 'fit.ts#banana', '--timeout', '0'], /--timeout must be a number of milliseconds above 0, got 0/],
    [
      ['grad', 'fit.ts#banana', '--at', '1,2', '--timeout', '-5'],
      /--timeout must be a number of milliseconds above 0/,
    ],
    [['run', 'fit.ts#banana', '--verify'], /unknown option '--verify'/],
    [['grad', 'fit.ts#banana', '--at', '1'], /start has 1 number, but banana takes 2/],
    [['list', 'nowhere'], /there is no file or folder nowhere/],
  ])('%j', (args, message) => {
    const { status, stderr, stdout } = adamscope(folder(), ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('prints an error message of several lines as one line', () => {
    const cwd = folderWith({
      'lines.ts':
        '/** @loss @start [1] */\nexport function f([x]: number[]) {\n  throw new Error("one\\n  two\\r\\nthree\\n");\n}\n',
    });
    expect(adamscope(cwd, 'run', 'lines.ts#f').stderr).toBe(
      'adamscope: lines.ts:3:9: f failed at step 1: Error: one two three\n',
    );
  });

  it('names the flag that sets the time limit', () => {
    const cwd = folderWith({
      'hang.ts': '/** @start [1] */\nexport const hangLoss = ([x]: number[]) => { for (;;); };\n',
    });
    expect(adamscope(cwd, 'run', 'hang.ts#hangLoss', '--timeout', '300').stderr).toBe(
      'adamscope: hang.ts:2:14: hangLoss did not return within 0.3 s and was stopped (--timeout)\n',
    );
  });

  it('prints the line of a syntax error, of a missing import and of a thrown error', () => {
    const cwd = folderWith({
      'syntax.ts': '/** @loss\n * @start [1] */\nexport function f([x]: number[]) {\n  return x +;\n}\n',
      'missing.ts':
        "import { g } from './gone';\n/** @loss\n * @start [1] */\nexport function f([x]: number[]) {\n  return g(x);\n}\n",
      'throws.ts': '/** @loss\n * @start [1] */\nexport function f([x]: number[]) {\n  return x.y.z;\n}\n',
    });
    expect(adamscope(cwd, 'run', 'syntax.ts#f')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^adamscope: syntax\.ts:4:13: syntax error/),
    });
    expect(adamscope(cwd, 'run', 'missing.ts#f')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^adamscope: missing\.ts:1:\d+: .*gone/),
    });
    expect(adamscope(cwd, 'run', 'throws.ts#f')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^adamscope: throws\.ts:4:14: f failed at step 1: TypeError/),
    });
  });
});
