// The debug adapter over standard input and output, driven by the protocol's own test client.
import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, processesOf } from '../support/leftovers';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-debug-'));
const file = path.join(folder, 'fit.ts');
const nameLine = 7;
const text = `/**
 * @loss
 * @start -1.2, 1
 * @optimizer adam lr=0.05
 * @steps 1500
 */
export function rosenbrock([x, y]: [number, number]): number {
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
}
`;

let client: DebugClient;
beforeAll(() => writeFileSync(file, text));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  client = new DebugClient('node', path.join(root, 'test/support/debugAdapter.cjs'), 'adamscope');
  await client.start();
});
// A client whose adapter has ended would wait for its end forever.
afterEach(() => Promise.race([client.stop(), new Promise((resolve) => setTimeout(resolve, 3000))]));

type Values = Record<string, string>;

async function launch(more: object = {}, configure: () => Promise<unknown> = async () => {}): Promise<void> {
  const initialized = client.waitForEvent('initialized');
  // A launch that is refused has no such event.
  initialized.catch(() => {});
  await client.initializeRequest({
    adapterID: 'adamscope',
    linesStartAt1: true,
    columnsStartAt1: true,
    pathFormat: 'path',
  });
  await client.launch({ program: file, ...more } as DebugProtocol.LaunchRequestArguments);
  await initialized;
  await configure();
  const stopped = client.waitForEvent('stopped');
  await client.configurationDoneRequest();
  await stopped;
}

/** Does something that ends with a stop, and returns the reason. */
async function until(act: () => Promise<unknown>): Promise<DebugProtocol.StoppedEvent['body']> {
  const stopped = client.waitForEvent('stopped', 30_000);
  await act();
  return ((await stopped) as DebugProtocol.StoppedEvent).body;
}

const next = () => until(() => client.nextRequest({ threadId: 1 }));
const back = () => until(() => client.customRequest('stepBack', { threadId: 1 }));
const onward = () => until(() => client.continueRequest({ threadId: 1 }));
const reverse = () => until(() => client.customRequest('reverseContinue', { threadId: 1 }));

async function scope(name: string): Promise<number> {
  const { stackFrames } = (await client.stackTraceRequest({ threadId: 1 })).body;
  for (const { id } of stackFrames) {
    const { scopes } = (await client.scopesRequest({ frameId: id })).body;
    const found = scopes.find((each) => each.name === name);
    if (found) return found.variablesReference;
  }
  throw new Error(`no scope ${name}`);
}

async function children(reference: number): Promise<DebugProtocol.Variable[]> {
  return (await client.variablesRequest({ variablesReference: reference })).body.variables;
}

async function values(scopeName: string, name?: string): Promise<Values> {
  let variables = await children(await scope(scopeName));
  if (name !== undefined)
    variables = await children(variables.find((each) => each.name === name)!.variablesReference);
  return Object.fromEntries(variables.map((each) => [each.name, each.value]));
}

const evaluated = async (expression: string, context = 'watch') =>
  (await client.evaluateRequest({ expression, context })).body.result;
const step = async () => Number(await evaluated('step'));

describe('the debug adapter', () => {
  it('stops before the first step, at the loss and its optimizer', async () => {
    await launch();
    const { stackFrames } = (await client.stackTraceRequest({ threadId: 1 })).body;
    expect(stackFrames.map(({ name, line }) => [name, line])).toEqual([
      ['adam lr 0.05, before the first step', 4],
    ]);
    expect(await values('Quantities', 'params')).toEqual({ x: '-1.2', y: '1' });
    await next();
    const after = (await client.stackTraceRequest({ threadId: 1 })).body.stackFrames;
    expect(after.map(({ name, line }) => [name, line])).toEqual([
      ['adam lr 0.05, step 1', 4],
      ['rosenbrock, evaluation of step 1', nameLine],
    ]);
    expect(await values('Step')).toMatchObject({ step: '1', loss: '24.199999999999996', lr: '0.05' });
  });

  it('goes back over 1,000 steps to the same bits, and forwards again', async () => {
    await launch();
    const onTheWay = new Map<number, Values>();
    const look = async () => ({
      ...(await values('Step')),
      ...(await values('Quantities', 'm')),
      ...(await values('Quantities', 'v')),
    });
    for (let t = 1; t <= 1010; t++) {
      await next();
      if (t <= 15 || t % 100 === 0 || t === 1010) onTheWay.set(t, await look());
    }
    expect(await step()).toBe(1010);
    for (let t = 1009; t >= 1; t--) {
      expect((await back()).reason).toBe('step');
      const expected = onTheWay.get(t);
      if (expected) expect(withoutNext(await look()), `step ${t}`).toEqual(withoutNext(expected));
    }
    await back();
    expect(await values('Quantities', 'params')).toEqual({ x: '-1.2', y: '1' });
    await next();
    expect(withoutNext(await look())).toEqual(withoutNext(onTheWay.get(1)!));
  }, 120_000);

  it('continues to a condition, and back to the one before', async () => {
    await launch({}, async () => {
      const { body } = await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'loss < 1e-3' }] });
      expect(body.breakpoints).toMatchObject([{ verified: true }]);
    });
    const hit = await onward();
    expect(hit).toMatchObject({ reason: 'function breakpoint', hitBreakpointIds: [1] });
    expect(Number(await evaluated('loss'))).toBeLessThan(1e-3);
    const first = await step();
    // The run stands still there: it has made no further step.
    await back();
    expect(Number(await evaluated('loss'))).toBeGreaterThanOrEqual(1e-3);
    await onward();
    expect(await step()).toBe(first);
    await onward();
    expect(await step()).toBe(first + 1);
    await reverse();
    expect(await step()).toBe(first);
    expect((await reverse()).reason).toBe('entry');
    expect(await evaluated('params.x')).toBe('-1.2');
    expect(await evaluated('norm(params) > 1 && step == 0')).toBe('true');
    await expect(evaluated('params.x + loss')).rejects.toThrow(/No step has been made yet/);
  });

  it('stops at evaluations of the loss, by line, condition and hit count', async () => {
    await launch({}, async () => {
      const { body } = await client.setBreakpointsRequest({
        source: { path: file },
        breakpoints: [
          { line: 8, condition: 'step % 10 == 0' },
          { line: nameLine, hitCondition: '== 25' },
          { line: 20 },
        ],
      });
      expect(body.breakpoints).toMatchObject([
        { verified: true, line: nameLine },
        { verified: true },
        { verified: false, message: 'No loss on this line. The debugged loss is on the lines 1 to 9.' },
      ]);
    });
    const stops: number[] = [];
    for (let i = 0; i < 4; i++) {
      expect((await onward()).reason).toBe('breakpoint');
      stops.push(await step());
    }
    expect(stops).toEqual([10, 20, 25, 30]);
    const back: number[] = [];
    while ((await reverse()).reason === 'breakpoint') back.push(await step());
    expect(back).toEqual([25, 20, 10]);
  });

  it('stops at a breakpoint in a file that is named through a link, until it is removed by the other name', async () => {
    const linked = path.join(folder, 'linked');
    symlinkSync(folder, linked, 'junction');
    const set = (of: string, breakpoints: DebugProtocol.SourceBreakpoint[]) =>
      client.setBreakpointsRequest({ source: { path: of }, breakpoints });
    await launch({}, async () => {
      const { body } = await set(path.join(linked, 'fit.ts'), [{ line: nameLine }]);
      expect(body.breakpoints).toMatchObject([{ verified: true }]);
    });
    expect((await onward()).reason).toBe('breakpoint');
    await set(file, []);
    expect((await onward()).reason).toBe('end');
  });

  it('goes on to a condition of the launch configuration, once', async () => {
    await launch({ stopOnEntry: false, until: 'step >= 40' }, () =>
      client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'step == 40' }] }),
    );
    expect(await step()).toBe(40);
    expect((await onward()).reason).toBe('end');
  });

  it('does not go on to that condition if it stops on entry', async () => {
    await launch({ until: 'step >= 40' });
    expect((await onward()).reason).toBe('end');
  });

  it('counts lines as its client does', async () => {
    const initialized = client.waitForEvent('initialized');
    await client.initializeRequest({
      adapterID: 'adamscope',
      linesStartAt1: false,
      columnsStartAt1: false,
      pathFormat: 'path',
    });
    // `launch` of the client would initialize it again.
    await client.launchRequest({ program: file } as DebugProtocol.LaunchRequestArguments);
    await initialized;
    const { body } = await client.setBreakpointsRequest({
      source: { path: file },
      breakpoints: [{ line: 8 }, { line: 9 }],
    });
    expect(body.breakpoints).toMatchObject([
      { verified: true, line: nameLine - 1 },
      { verified: false, line: 9 },
    ]);
    const { stackFrames } = (await client.stackTraceRequest({ threadId: 1 })).body;
    expect(stackFrames[0]).toMatchObject({ line: 3 });
  });

  it('says before the launch that there is no run, and refuses a second one', async () => {
    await client.initializeRequest({ adapterID: 'adamscope', pathFormat: 'path' });
    await expect(evaluated('loss')).rejects.toThrow('The run is not there yet.');
    await expect(client.customRequest('setExpression', { expression: 'lr', value: '1' })).rejects.toThrow(
      'The run is not there yet.',
    );
    const { scopes } = (await client.scopesRequest({ frameId: 1 })).body;
    await expect(children(scopes[0]!.variablesReference)).rejects.toThrow('The run is not there yet.');
    await client.launch({ program: file } as DebugProtocol.LaunchRequestArguments);
    await expect(client.launch({ program: file } as DebugProtocol.LaunchRequestArguments)).rejects.toThrow(
      'This session has a run already.',
    );
    expect(await step()).toBe(0);
  });

  it('writes logpoints, and goes on', async () => {
    await launch({}, async () => {
      await client.setBreakpointsRequest({
        source: { path: file },
        breakpoints: [
          { line: nameLine, condition: 'step <= 3', logMessage: 'x {params.x} at {step}' },
          { line: nameLine, condition: 'step == 5' },
        ],
      });
    });
    const lines: string[] = [];
    client.on('output', ({ body }: DebugProtocol.OutputEvent) => lines.push(body.output));
    await onward();
    expect(await step()).toBe(5);
    expect(lines.map((line) => line.replace(/-1\.\d+/, '#'))).toEqual([
      'x # at 1\n',
      'x # at 2\n',
      'x # at 3\n',
    ]);
  });

  it('writes logpoints at single steps, until they are removed', async () => {
    const set = (breakpoints: DebugProtocol.SourceBreakpoint[]) =>
      client.setBreakpointsRequest({ source: { path: file }, breakpoints });
    await launch({}, () => set([{ line: nameLine, logMessage: 'at {step}' }]));
    const lines: string[] = [];
    client.on('output', ({ body }: DebugProtocol.OutputEvent) => lines.push(body.output));
    await next();
    await next();
    await expect.poll(() => lines).toEqual(['at 1\n', 'at 2\n']);
    await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'step == 4' }] });
    await onward();
    await set([]);
    await next();
    await next();
    await onward();
    expect(lines).toEqual(['at 1\n', 'at 2\n', 'at 3\n', 'at 4\n']);
  });

  it('continues from a step that met a condition to the next one', async () => {
    await launch({}, () =>
      client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'step % 3 == 0' }] }),
    );
    await onward();
    // The report of a stop could arrive after that of its step.
    for (let t = 3; t < 600; t += 6) {
      for (let i = 0; i < 3; i++) await next();
      await onward();
      expect(await step()).toBe(t + 6);
    }
  });

  it('says what is wrong with a condition, and where', async () => {
    await launch({}, async () => {
      const { body } = await client.setFunctionBreakpointsRequest({
        breakpoints: [
          { name: 'los < 1' },
          { name: 'loss <' },
          { name: 'loss < 1', hitCondition: 'often' },
          { name: 'abs(update) > lr' },
          { name: 'actualChange > 0' },
          { name: ' ' },
        ],
      });
      const messages = body.breakpoints.map(({ verified, message }) => [verified, message]);
      expect(messages.map(([verified]) => verified)).toEqual(Array(6).fill(false));
      expect(messages[0]![1]).toMatch(/los.*loss.*character 1/s);
      expect(messages[1]![1]).toMatch(/character \d+/);
      expect(messages[2]![1]).toBe(
        'The hit count often is wrong: write a number such as 5, or == 5, > 5, % 100.',
      );
      expect(messages[3]![1]).toContain('any(');
      expect(messages[4]![1]).toMatch(/known only after the next step/);
      expect(messages[5]![1]).toContain('is a condition');
    });
  });

  it('stops at a finding, with what it says', async () => {
    writeFileSync(
      path.join(folder, 'steep.ts'),
      text.replace('adam lr=0.05', 'sgd lr=0.01').replaceAll('rosenbrock', 'steep'),
    );
    await launch({ program: path.join(folder, 'steep.ts') }, async () => {
      await client.setExceptionBreakpointsRequest({ filters: ['divergence', 'non-finite-loss'] });
    });
    const hit = await onward();
    expect(hit).toMatchObject({ reason: 'exception' });
    const info = (await client.customRequest('exceptionInfo', { threadId: 1 })).body;
    expect(info.exceptionId).toMatch(/^(divergence|non-finite-loss)$/);
    expect(info.details.message.length).toBeGreaterThan(30);
  });

  it('watches when an update exceeds its bound', async () => {
    await launch();
    await next();
    const [reference] = (await children(await scope('Quantities'))).filter(({ name }) => name === 'update');
    const info = (
      await client.customRequest('dataBreakpointInfo', {
        variablesReference: reference!.variablesReference,
        name: 'y',
      })
    ).body;
    expect(info).toMatchObject({ description: 'update of y exceeds its bound' });
    const { body } = await client.customRequest('setDataBreakpoints', {
      breakpoints: [{ dataId: info.dataId, condition: 'abs(update.y) < 0.01' }],
    });
    expect(body.breakpoints).toMatchObject([{ verified: true }]);
    expect((await onward()).reason).toBe('data breakpoint');
    expect(Math.abs(Number(await evaluated('update.y')))).toBeLessThan(0.01);
  });

  it('watches when an update without a bound is not finite', async () => {
    await launch({ config: { optimizer: { name: 'sgd', lr: 0.01 } } });
    await next();
    const update = (await children(await scope('Quantities'))).find(({ name }) => name === 'update')!;
    const { variablesReference } = update;
    const info = (await client.customRequest('dataBreakpointInfo', { variablesReference, name: 'y' })).body;
    expect(info).toMatchObject({ description: 'update of y is not finite' });
    const { body } = await client.customRequest('setDataBreakpoints', {
      breakpoints: [{ dataId: info.dataId }],
    });
    expect(body.breakpoints).toMatchObject([{ verified: true }]);
    expect((await onward()).reason).toBe('data breakpoint');
    expect(await evaluated('isfinite(update.y)')).toBe('false');
  });

  it('shows an update as a sum that adds up exactly', async () => {
    await launch();
    for (let t = 0; t < 7; t++) await next();
    for (const coordinate of ['x', 'y']) {
      const parts = Object.values(await values('Why this update', coordinate)).map(Number);
      expect(parts.length).toBeGreaterThan(1);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(
        Number(await evaluated(`update.${coordinate}`)),
      );
    }
  });

  it('shows what a number that was set adds to the next updates', async () => {
    await launch();
    for (let t = 0; t < 5; t++) await next();
    const before = Number(await evaluated('m.x'));
    await client.customRequest('setExpression', { expression: 'm.x', value: '20' });
    await next();
    const parts = await values('Why this update', 'x');
    // Adam's update is -lr mHat / (sqrt(vHat) + eps), and 0.9 of the change is left in m.
    const added = (-0.9 * (20 - before)) / (1 - 0.9 ** 6);
    const expected = added * Number(await evaluated('effectiveLr.x'));
    expect(Number(parts['numbers that were set'])).toBeCloseTo(expected, 12);
    expect(
      Object.values(parts)
        .map(Number)
        .reduce((sum, part) => sum + part, 0),
    ).toBe(Number(await evaluated('update.x')));
    // The other coordinate was not set.
    expect(await values('Why this update', 'y')).not.toHaveProperty('numbers that were set');
  });

  it('evaluates names, numbers and vectors', async () => {
    await launch();
    await next();
    expect(await evaluated('abs(update.x) > lr')).toMatch(/^(true|false)$/);
    expect(await evaluated('x', 'hover')).toBe(await evaluated('params.x'));
    const { body } = await client.evaluateRequest({ expression: '2 * grad', context: 'repl' });
    const grad = await values('Quantities', 'grad');
    const doubled = await children(body.variablesReference);
    expect(doubled.map(({ name, value }) => [name, Number(value)])).toEqual([
      ['x', 2 * Number(grad.x)],
      ['y', 2 * Number(grad.y)],
    ]);
    await expect(evaluated('nope + 1')).rejects.toThrow(/nope/);
    const completions = (await client.customRequest('completions', { text: 'abs(upd', column: 8 })).body
      .targets;
    expect(completions.map(({ label }: { label: string }) => label)).toContain('update');
    const coordinates = await client.customRequest('completions', { text: '2 * grad.', column: 10 });
    expect(coordinates.body.targets).toEqual([
      { label: 'x', start: 9, length: 0 },
      { label: 'y', start: 9, length: 0 },
    ]);
  });

  it('forks the run at a number that is set', async () => {
    await launch();
    for (let t = 0; t < 12; t++) await next();
    const before = await values('Quantities', 'params');
    const params = (await children(await scope('Quantities'))).find(({ name }) => name === 'params')!;
    const set = await client.setVariableRequest({
      variablesReference: params.variablesReference,
      name: 'x',
      value: '0.5',
    });
    expect(set.body.value).toBe('0.5');
    expect(await step()).toBe(12);
    expect(await values('Quantities', 'params')).toEqual({ x: '0.5', y: before.y });
    await next();
    // The loss is that of the point that was set.
    const [x, y] = [0.5, Number(before.y)];
    expect(Number(await evaluated('loss'))).toBe((1 - x) ** 2 + 100 * (y - x * x) ** 2);
    // What was before is as it was.
    await back();
    await back();
    expect(await step()).toBe(11);
    const lr = await client.customRequest('setExpression', { expression: 'lr', value: '0.001' });
    expect(lr.body.value).toBe('0.001');
    await next();
    expect(await evaluated('lr')).toBe('0.001');
    await expect(client.customRequest('setExpression', { expression: 'loss', value: '1' })).rejects.toThrow(
      /cannot be set/,
    );
    for (const value of ['-1', '0', 'Infinity'])
      await expect(client.customRequest('setExpression', { expression: 'lr', value })).rejects.toThrow(
        /finite and greater than 0/,
      );
    await client.customRequest('setExpression', { expression: 'lr', value: '0.002' });
    expect(await evaluated('lr')).toBe((await values('Step')).lr);
    await client.customRequest('setExpression', { expression: 'x', value: '0.25' });
    expect(await evaluated('params.x')).toBe('0.25');
    await next();
    expect(await evaluated('lr')).toBe('0.002');
  });

  it('forks the run at its start', async () => {
    await launch();
    await client.customRequest('setExpression', { expression: 'params.x', value: '0.25' });
    expect(await evaluated('params.x')).toBe('0.25');
    expect(await values('Quantities', 'params')).toEqual({ x: '0.25', y: '1' });
    await next();
    expect(Number(await evaluated('loss'))).toBe((1 - 0.25) ** 2 + 100 * (1 - 0.25 * 0.25) ** 2);
    await back();
    expect(await evaluated('params')).toBe('[0.25, 1] (2)');
  });

  it('keeps a learning rate that was set at the same step as another number', async () => {
    await launch();
    for (let t = 0; t < 5; t++) await next();
    await client.customRequest('setExpression', { expression: 'lr', value: '0.001' });
    await client.customRequest('setExpression', { expression: 'params.x', value: '0.5' });
    expect((await values('Step')).lr).toBe('0.001');
    await next();
    expect(await evaluated('lr')).toBe('0.001');
  });

  it('makes a step that is asked for while a number is set, in the fork', async () => {
    await launch();
    for (let t = 0; t < 5; t++) await next();
    const set = client.customRequest('setExpression', { expression: 'params.x', value: '0.5' });
    expect((await next()).reason).toBe('step');
    await set;
    expect(await step()).toBe(6);
    expect(Number(await evaluated('params.x - update.x'))).toBeCloseTo(0.5, 12);
  });

  it('ends at the end of the run, from which it goes back', async () => {
    await launch();
    const end = await onward();
    expect(end.reason).toBe('end');
    expect(end.description).toMatch(/^The run has ended: /);
    expect(await step()).toBe(1500);
    await expect(
      client.customRequest('setExpression', { expression: 'params.x', value: '1' }),
    ).rejects.toThrow(/ended with step 1500: go back before it/);
    await back();
    expect(await step()).toBe(1499);
    await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'step == 1500' }] });
    expect((await onward()).reason).toBe('function breakpoint');
    const terminated = client.waitForEvent('terminated');
    await client.continueRequest({ threadId: 1 });
    await terminated;
  });
});

describe('a loss in Python under the debugger', () => {
  it('is stepped, stopped and forked as one in TypeScript', async () => {
    const bowl = path.join(folder, 'bowl.py');
    writeFileSync(
      bowl,
      '# adamscope: loss start=[3, 4] optimizer=sgd lr=0.1 steps=50\ndef bowl(x: float, y: float) -> float:\n    return x * x + 2 * y * y\n',
    );
    await launch({ program: bowl }, async () => {
      const { body } = await client.setBreakpointsRequest({
        source: { path: bowl },
        breakpoints: [{ line: 3, condition: 'loss < 1' }],
      });
      expect(body.breakpoints).toMatchObject([{ verified: true, line: 2 }]);
    });
    expect((await onward()).reason).toBe('breakpoint');
    expect(Number(await evaluated('loss'))).toBeLessThan(1);
    await back();
    expect(Number(await evaluated('loss'))).toBeGreaterThanOrEqual(1);
    await client.customRequest('setExpression', { expression: 'params.x', value: '5' });
    await next();
    const [x, y] = [5, Number(await evaluated('params.y - update.y'))];
    expect(Number(await evaluated('loss'))).toBeCloseTo(x * x + 2 * y * y, 12);
  }, 60_000);
});

describe('two debug sessions at once', () => {
  it('step their own runs', async () => {
    const other = new DebugClient('node', path.join(root, 'test/support/debugAdapter.cjs'), 'adamscope');
    await other.start();
    try {
      await launch();
      const initialized = other.waitForEvent('initialized');
      await other.initializeRequest({ adapterID: 'adamscope', pathFormat: 'path' });
      await other.launch({ program: file } as DebugProtocol.LaunchRequestArguments);
      await initialized;
      await other.configurationDoneRequest();
      await other.continueRequest({ threadId: 1 });
      for (let t = 1; t <= 5; t++) {
        await next();
        expect(await step()).toBe(t);
      }
    } finally {
      await other.stop();
    }
  });
});

describe('a debug session that cannot go on', () => {
  const refusal = (more: object) =>
    launch(more).then(
      () => 'launched',
      (error: Error) => error.message,
    );

  it.each<[string, object, RegExp]>([
    ['no file', { program: path.join(folder, 'none.ts') }, /none\.ts/],
    ['no such loss', { loss: 'bowl' }, /^fit\.ts contains no loss bowl; its losses: rosenbrock\.$/],
    ['nothing named', { program: undefined }, /needs "program", the file of a loss, or "run", a stored run/],
    [
      'a wrong attribute',
      { stopOnEntry: 'yes' },
      /The attribute "stopOnEntry" of the launch configuration is wrong/,
    ],
    ['a wrong condition', { until: 'stepp > 3' }, /The attribute "until" is wrong\. .*stepp/],
    ['a wrong option', { config: { optimizer: { name: 'adam', lr: -1 } } }, /lr/],
    [
      'no such run',
      { run: path.join(folder, 'none.adamscope') },
      /none\.adamscope cannot be read: there is no such file\./,
    ],
  ])('says why: %s', async (_, more, words) => {
    expect(await refusal(more)).toMatch(words);
  });

  it('says why a loss cannot be loaded', async () => {
    writeFileSync(path.join(folder, 'broken.ts'), `throw new Error('no data');\n${text}`);
    expect(await refusal({ program: path.join(folder, 'broken.ts') })).toContain('no data');
  });

  it('shows an error of the loss, and goes back from it', async () => {
    const throwing = path.join(folder, 'throwing.ts');
    writeFileSync(throwing, text.replace('  return', "  if (x > -1) throw new Error('too far');\n  return"));
    await launch({ program: throwing });
    const end = await onward();
    expect(end).toMatchObject({ reason: 'exception', description: 'Paused on an error' });
    expect(end.text).toContain('too far');
    const last = await step();
    await back();
    expect(await step()).toBe(last - 1);
  });

  it('ends the evaluation of a loss that hangs, and stays usable', async () => {
    const hanging = path.join(folder, 'hanging.ts');
    writeFileSync(hanging, text.replace('  return', '  while (x > -1.1);\n  return'));
    await launch({ program: hanging });
    const end = await onward();
    expect(end.reason).toBe('exception');
    expect(end.text).toMatch(/10 s|10,000 ms|time/);
    expect(Number(await evaluated('loss'))).toBeGreaterThan(0);
  }, 40_000);

  it('pauses a run that goes on', async () => {
    const slow = path.join(folder, 'slow.ts');
    writeFileSync(
      slow,
      text.replace('  return', '  const until = Date.now() + 20;\n  while (Date.now() < until);\n  return'),
    );
    await launch({ program: slow });
    await client.continueRequest({ threadId: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { reason } = await until(() => client.pauseRequest({ threadId: 1 }));
    expect(reason).toBe('pause');
    const here = await step();
    expect(here).toBeGreaterThan(1);
    expect(here).toBeLessThan(1500);
    await next();
    expect(await step()).toBe(here + 1);
  });

  it('stops a run that goes on at a breakpoint that is set meanwhile', async () => {
    const endless = path.join(folder, 'endless.ts');
    writeFileSync(
      endless,
      text
        .replace('@steps 1500', '@steps 1e9')
        .replace('  return', '  const until = Date.now() + 1;\n  while (Date.now() < until);\n  return'),
    );
    await launch({ program: endless });
    await client.continueRequest({ threadId: 1 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { reason } = await until(() =>
      client.setFunctionBreakpointsRequest({
        breakpoints: [{ name: 'step % 4 == 0', hitCondition: '% 50' }],
      }),
    );
    expect(reason).toBe('function breakpoint');
    const here = await step();
    expect(here % 200).toBe(0);
    await onward();
    expect(await step()).toBe(here + 200);
  });

  it('does not fork a loss with a state of its own', async () => {
    const counting = path.join(folder, 'counting.ts');
    writeFileSync(
      counting,
      text
        .replace('/**', 'let calls = Date.now() % 1e6;\n/**')
        .replace('  return', '  calls++;\n  return calls * 1e-9 +'),
    );
    await launch({ program: counting });
    for (let t = 0; t < 3; t++) await next();
    await expect(
      client.customRequest('setExpression', { expression: 'params.x', value: '1' }),
    ).rejects.toThrow(/could not be made again with the same numbers.*a state of its own/);
    expect(await step()).toBe(3);
  });

  it.each(['disconnects', 'dies'])('leaves no process behind when its client %s', async (how) => {
    await launch();
    await next();
    const adapter = adapterOf(client);
    expect(processesOf(adapter.pid!)).not.toEqual([]);
    if (how === 'disconnects') await client.disconnectRequest({});
    else adapter.stdin!.destroy();
    await expectNothingOf(adapter);
  });
});

describe('a stored run', () => {
  const run = path.join(folder, 'run.adamscope');
  beforeAll(() => {
    execFileSync(
      process.execPath,
      [
        path.join(root, 'dist/cli.js'),
        'run',
        `${file}#rosenbrock`,
        '--out',
        run,
        '--no-verify',
        '--steps',
        '300',
      ],
      { cwd: folder },
    );
  });

  it('is looked at in both directions, and cannot be changed', async () => {
    await launch({ program: undefined, run }, async () => {
      await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'step == 250' }] });
      const { body } = await client.setBreakpointsRequest({
        source: { path: file },
        breakpoints: [{ line: nameLine }],
      });
      expect(body.breakpoints[0]).toMatchObject({
        verified: false,
        message: expect.stringContaining('stored run'),
      });
    });
    expect((await onward()).reason).toBe('function breakpoint');
    expect(await step()).toBe(250);
    for (let i = 0; i < 10; i++) await back();
    expect(await step()).toBe(240);
    await expect(
      client.customRequest('setExpression', { expression: 'params.x', value: '1' }),
    ).rejects.toThrow(/can only be read/);
    await reverse();
    expect((await onward()).reason).toBe('function breakpoint');
    expect((await onward()).reason).toBe('end');
  });

  it('may be the recording of a training', async () => {
    await launch({
      program: undefined,
      run: path.join(root, 'test/fixtures/recordings/characters.adamscope'),
    });
    await next();
    await next();
    const second = await step();
    expect(Number(await evaluated('loss'))).toBeGreaterThan(0);
    await next();
    await back();
    expect(await step()).toBe(second);
    const { stackFrames } = (await client.stackTraceRequest({ threadId: 1 })).body;
    expect(stackFrames[0]!.name).toMatch(/^AdamW lr \S+, step \d+$/);
    const { scopes } = (await client.scopesRequest({ frameId: stackFrames[0]!.id })).body;
    expect(scopes.map(({ name }) => name)).toEqual(['Step', 'Quantities']);
  });
});

describe('a client that disconnects during the launch', () => {
  it.each([0, 50, 200, 500])('leaves no process behind, after %i ms', async (ms) => {
    const slowToLoad = path.join(folder, 'slowToLoad.ts');
    writeFileSync(slowToLoad, `const until = Date.now() + 1000;\nwhile (Date.now() < until);\n${text}`);
    await client.initializeRequest({ adapterID: 'adamscope', pathFormat: 'path' });
    const adapter = adapterOf(client);
    const launched = client
      .launch({ program: slowToLoad } as DebugProtocol.LaunchRequestArguments)
      .catch((error: Error) => error.message);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await client.disconnectRequest({});
    await expectNothingOf(adapter);
    await Promise.race([launched, new Promise((resolve) => setTimeout(resolve, 100))]);
  });
});

function adapterOf(of: DebugClient): ChildProcess {
  return (of as unknown as { _adapterProcess: ChildProcess })._adapterProcess;
}

/** Waits until an adapter and the processes of its jobs have ended. */
async function expectNothingOf({ pid }: ChildProcess): Promise<void> {
  await expect.poll(() => isAlive(pid!) || processesOf(pid!), { timeout: 10_000 }).toEqual([]);
}

/** What only later steps tell. */
function withoutNext({ actualChange: _, ...rest }: Values): Values {
  return rest;
}
