// `adamscope mcp` in a real process, with the SDK's own client, which checks every answer against its schema.
import { spawn } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type McpSession, mcpSession } from '../support/agents/mcpClient';
import { isAlive, jobFoldersOf, processesOf } from '../support/leftovers';
import { readPrinted } from '../support/printedJson';
import { folderWith } from '../support/startRun';

const cli = path.join(import.meta.dirname, '../../dist/cli.js');

const losses = `/** @loss @start [1, 1]
 * @optimizer sgd lr=0.03
 * @steps 60 */
export function steep([x, y]: number[]): number {
  return 0.5 * (100 * x! ** 2 + y! ** 2);
}
/** @loss @start [3] @steps 10 */
export function broken([x]: number[]): number {
  return Math.log(x! - 3);
}
export function unknownStart(w: number[]): number {
  return w[0]! ** 2;
}
/** @loss @start [3] @steps 1000000 */
export function slow([x]: number[]): number {
  for (const until = performance.now() + 2; performance.now() < until; );
  return x! * x!;
}
`;

interface Summary {
  readonly run: string;
  readonly findings: readonly {
    readonly id: string;
    readonly fixes: readonly { readonly id: string; readonly isVerified: boolean }[];
  }[];
  readonly measured: Record<string, unknown>;
  readonly quantities: readonly string[];
}

async function ran(session: McpSession, input: Record<string, unknown>): Promise<Summary> {
  return (await session.answer('run_loss', input)) as unknown as Summary;
}

describe('the tools', () => {
  it('say whether they run code, so that a client asks before they do', async () => {
    const { tools } = await mcpSession(folderWith({}));
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint]));
    expect(hints).toEqual({
      list_losses: true,
      run_loss: false,
      explain_finding: true,
      verify_fix: false,
      compare_runs: true,
      read_quantity: true,
      open_run: true,
      chart: true,
    });
    for (const { annotations, outputSchema } of tools) {
      expect(annotations?.destructiveHint).toBe(!annotations?.readOnlyHint);
      expect(annotations?.openWorldHint).toBe(!annotations?.readOnlyHint);
      expect(outputSchema?.type).toBe('object');
    }
  });

  it('answer to valid input with what was measured', async () => {
    const session = await mcpSession(folderWith({ 'fit.ts': losses }));
    const listed = await session.answer('list_losses');
    expect(listed).toMatchObject({
      found: 3,
      losses: [{ loss: 'fit.ts#steep', line: 4, steps: 60 }, {}, {}],
    });
    const a = await ran(session, { loss: 'fit.ts#steep' });
    expect(a).toMatchObject({
      verdict: { kind: 'diverged' },
      measured: { steps: 60, plannedSteps: 60, seed: 0, gradient: 'exact', stopped: 'steps', cutBy: null },
      findings: [{ code: 'divergence', place: { file: 'fit.ts', line: 2 } }],
    });
    expect(a.findings[0]!.fixes.map(({ isVerified }) => isVerified)).toEqual([false, false, false]);
    const b = await ran(session, {
      loss: 'fit.ts#steep',
      configuration: { optimizer: { lr: 0.01 }, seed: 3 },
    });
    expect(b.measured).toMatchObject({ seed: 3 });

    expect(await session.answer('explain_finding', { run: a.run, finding: 'divergence-1' })).toMatchObject({
      place: { file: 'fit.ts', line: 2 },
      evidence: { 'learning rate': 0.03 },
      page: expect.stringContaining('# divergence'),
    });
    const verified = await session.answer('verify_fix', {
      run: a.run,
      finding: 'divergence-1',
      fix: 'optimizer.lr=0.01',
    });
    expect(verified).toMatchObject({ isComplete: true, asked: { outcome: 'helps' } });
    expect(await session.answer('compare_runs', { a: a.run, b: b.run })).toMatchObject({
      configuration: [
        { option: 'optimizer.lr', a: 0.03, b: 0.01 },
        { option: 'seed', a: 0, b: 3 },
      ],
      compared: 60,
      first: expect.arrayContaining([
        expect.objectContaining({ step: 1, quantity: 'params[x]', a: -2, b: 0 }),
      ]),
    });
    expect(
      await session.answer('read_quantity', {
        run: a.run,
        quantity: 'params',
        coordinates: ['y'],
        from: 1,
        to: 2,
      }),
    ).toMatchObject({ steps: [1, 2], every: 1, lines: [{ coordinate: 'y', values: [0.97, 0.9409] }] });
    expect(await session.answer('open_run', { run: b.run })).toMatchObject({ kind: 'run', run: b.run });
    expect(session.errors()).toBe('');
  });

  it('draw a chart as a picture', async () => {
    const session = await mcpSession(folderWith({ 'fit.ts': losses }));
    const { run } = await ran(session, { loss: 'fit.ts#steep' });
    const { content } = await session.call('chart', { run, quantity: 'params' });
    const picture = content.find(({ type }) => type === 'image') as { mimeType: string; data: string };
    expect(picture.mimeType).toBe('image/png');
    expect(Buffer.from(picture.data, 'base64').subarray(1, 4).toString()).toBe('PNG');
  });

  it('open a stored run, and compare it with one of the session', async () => {
    const folder = folderWith({ 'fit.ts': losses });
    await finished(
      spawn(process.execPath, [cli, 'run', 'fit.ts#steep', '--no-verify', '--out', 'a.adamscope'], {
        cwd: folder,
      }),
    );
    const session = await mcpSession(folder);
    const opened = await session.answer('open_run', { run: 'a.adamscope' });
    expect(opened).toMatchObject({ kind: 'run', run: 'a.adamscope', measured: { steps: 60, seed: 0 } });
    const { run } = await ran(session, { loss: 'fit.ts#steep' });
    expect(await session.answer('compare_runs', { a: 'a.adamscope', b: run })).toMatchObject({
      configuration: [],
      first: [],
      isSameSource: true,
      compared: 60,
    });
    expect(await session.problem('verify_fix', { run: 'a.adamscope' })).toContain('run_loss');
  });

  it('encode NaN and infinities as adamscope run --json does', async () => {
    const session = await mcpSession(folderWith({ 'fit.ts': losses }));
    const { run } = await ran(session, { loss: 'fit.ts#broken' });
    const { lines } = await session.answer('read_quantity', { run, quantity: 'loss', to: 1 });
    expect(lines).toEqual([{ coordinate: null, values: ['-Infinity'] }]);
    expect(readPrinted(JSON.stringify(lines))).toEqual([{ coordinate: null, values: [-Infinity] }]);
  });

  it('state the limit that cut a run', async () => {
    const session = await mcpSession(folderWith({ 'fit.ts': losses }));
    const short = await ran(session, { loss: 'fit.ts#steep', maxSteps: 10 });
    expect(short.measured).toMatchObject({ steps: 10, plannedSteps: 10, cutBy: 'maxSteps' });
    const cut = await ran(session, { loss: 'fit.ts#slow', maxSeconds: 1 });
    expect(cut.measured).toMatchObject({ cutBy: 'maxSeconds', stopped: 'user', plannedSteps: 100_000 });
    expect(await session.problem('verify_fix', { run: cut.run })).toContain('maxSeconds');
  });

  it('report progress to a client that asks for it', async () => {
    const session = await mcpSession(folderWith({ 'fit.ts': losses }));
    const seen: number[] = [];
    const onprogress = ({ progress, total }: { progress: number; total?: number | undefined }) => {
      seen.push(progress);
      expect(total).toBe(100_000);
    };
    await session.call('run_loss', { loss: 'fit.ts#slow', maxSeconds: 3 }, { onprogress });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.length).toBeLessThan(8);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });

  it('say what is wrong, where, and what to do', async () => {
    const session = await mcpSession(
      folderWith({ 'fit.ts': losses, 'bad.ts': 'export const loss = ([x]: number[]) => x +;\n' }),
    );
    const problems = await Promise.all([
      session.problem('run_loss', { loss: 'fit.ts#nope' }),
      session.problem('run_loss', { loss: 'fit.ts' }),
      session.problem('run_loss', { loss: 'fit.ts#unknownStart' }),
      session.problem('run_loss', { loss: 'fit.ts#steep', configuration: { optimizer: { ler: 1 } } }),
      session.problem('run_loss', { loss: 'fit.ts#steep', configuration: { lr: 1 } }),
      session.problem('run_loss', { loss: 'fit.ts#steep', maxStep: 1 }),
      session.problem('run_loss', {}),
      session.problem('read_quantity', { run: 'none', quantity: 'loss' }),
      session.problem('open_run', { run: 'none.adamscope' }),
      session.problem('open_run', { run: 'fit.ts' }),
      session.problem('nothing', {}),
    ]);
    expect(problems.map((text) => text.replace(/\/\S*adamscope-test-\w+/, 'FOLDER'))).toMatchInlineSnapshot(`
      [
        "fit.ts has no function nope; its losses: steep, broken, slow",
        "name the loss as FILE#NAME, for example src/fit.ts#rosenbrock; got fit.ts",
        "the start of unknownStart is unknown: pass start in the configuration, or write @start [0, 0] above the function",
        "configuration: "ler" is not an option of any optimizer; did you mean lr?",
        "configuration: unknown key "lr"; available: optimizer, schedule, clip, steps, epochs, start, names, seed, gradientMode, samples, batch, validation, earlyStopping, tolerance, precision, lossScale, switch, expect, maximize, groups",
        "run_loss: unknown input maxStep; available: loss, configuration, maxSteps, maxSeconds",
        "run_loss: loss is missing",
        "there is no run "none" in this session: it has no runs, run_loss starts one; a stored run is named by its file (*.adamscope)",
        "there is no file or folder none.adamscope below --root (FOLDER)",
        "there is no run "fit.ts" in this session: it has no runs, run_loss starts one; a stored run is named by its file (*.adamscope)",
        "there is no tool "nothing"; available: list_losses, run_loss, explain_finding, verify_fix, compare_runs, read_quantity, open_run, chart",
      ]
    `);
  });
});

describe('a path outside of the root', () => {
  it('is refused by every tool, also through a symbolic link', async () => {
    const outside = folderWith({ 'secret.ts': losses, 'secret.adamscope': 'secret' });
    const root = folderWith({ 'fit.ts': losses });
    symlinkSync(outside, path.join(root, 'link'));
    symlinkSync(path.join(outside, 'secret.ts'), path.join(root, 'inside.ts'));
    writeFileSync(path.join(root, 'again.ts'), `export { steep } from '${path.join(outside, 'secret')}';\n`);
    const session = await mcpSession(root, ['--root', '.']);
    const paths = [
      path.join(outside, 'secret'),
      path.join('..', path.basename(outside), 'secret'),
      `link/secret`,
      `x/../../${path.basename(outside)}/secret`,
    ];
    for (const name of paths) {
      expect(await session.problem('run_loss', { loss: `${name}.ts#steep` })).toContain(
        'is outside of --root',
      );
      expect(await session.problem('open_run', { run: `${name}.adamscope` })).toContain(
        'is outside of --root',
      );
      expect(await session.problem('list_losses', { path: `${name}.ts` })).toContain('is outside of --root');
    }
    expect(await session.problem('run_loss', { loss: 'inside.ts#steep' })).toContain('is outside of --root');
    expect(await session.problem('list_losses', { path: 'link' })).toContain('is outside of --root');
    // Re-exported, so that the file that is named is inside.
    expect(await session.problem('run_loss', { loss: 'again.ts#steep' })).toContain('outside');
    expect(await session.answer('list_losses', { path: 'again.ts' })).toMatchObject({ found: 0 });
    expect(await session.answer('list_losses')).toMatchObject({ found: 3 });
  });
});

/** Texts that look like what the tools expect. */
const likelyTexts = fc.oneof(
  fc.constantFrom(
    'fit.ts#steep',
    '../fit.ts#steep',
    '/etc/passwd#x',
    '#',
    'a#',
    '..',
    '.',
    '',
    'fit.ts',
    'x.adamscope',
    '__proto__',
    'verdict',
    'loss',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ minLength: 5000, maxLength: 6000 }),
);
const anyInput = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  likelyTexts,
  fc.constantFrom(-1, 0, 0.5, 1, 1e308, -1e308, Number.MAX_SAFE_INTEGER, 2 ** 53, 1e-320),
);

test('any input has a result, and the server goes on', async () => {
  const session = await mcpSession(folderWith({ 'fit.ts': losses }));
  const { run } = await ran(session, { loss: 'fit.ts#steep' });
  const texts = fc.oneof({ weight: 3, arbitrary: anyInput }, fc.constant(run));
  const calls = fc.constantFrom(...session.tools).chain(({ name, inputSchema }) => {
    const keys = Object.keys(inputSchema.properties ?? {});
    const known = fc.record(Object.fromEntries(keys.map((key) => [key, texts])), { requiredKeys: [] });
    const unknown = fc.dictionary(fc.string({ maxLength: 10 }), anyInput, { maxKeys: 2 });
    return fc.tuple(
      fc.constant(name),
      fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: unknown }),
    );
  });
  await fc.assert(
    fc.asyncProperty(calls, async ([name, input]) => {
      const { isError, content, structuredContent } = await session.call(
        name,
        input as Record<string, unknown>,
      );
      const [first] = content as { text: string }[];
      expect(first!.text.length).toBeGreaterThan(10);
      expect(first!.text).not.toContain('an error of Adamscope');
      expect(isError === true).toBe(structuredContent === undefined);
    }),
    { numRuns: 400 },
  );
  expect(await session.answer('list_losses')).toMatchObject({ found: 3 });
  expect(session.errors()).toBe('');
}, 120_000);

describe('a client that goes away', () => {
  const leaving: Readonly<Record<string, (session: McpSession) => unknown>> = {
    'closes its connection': (session) => session.close(),
    'ends the server': ({ pid }) => process.kill(pid, 'SIGTERM'),
  };

  it.each(Object.entries(leaving))('leaves no worker: it %s', async (_, leave) => {
    const session = await mcpSession(folderWith({ 'fit.ts': losses }));
    const { pid } = session;
    void session.call('run_loss', { loss: 'fit.ts#slow', maxSeconds: 600 }).catch(() => {});
    await until(() => (processesOf(pid) ?? [0]).length > 0);
    await leave(session);
    await until(() => !isAlive(pid));
    expect(processesOf(pid) ?? []).toEqual([]);
    expect(jobFoldersOf(pid)).toEqual([]);
  });

  it('leaves no worker if its input only ends', async () => {
    const child = spawn(process.execPath, [cli, 'mcp'], {
      cwd: folderWith({ 'fit.ts': losses }),
      stdio: 'pipe',
    });
    const send = (message: object) =>
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    send({
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
    });
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/call', params: { name: 'run_loss', arguments: { loss: 'fit.ts#slow' } } });
    await until(() => (processesOf(child.pid!) ?? [0]).length > 0);
    const ended = finished(child);
    child.stdin.end();
    expect(await ended).toBe(0);
    expect(processesOf(child.pid!) ?? []).toEqual([]);
    for (const line of output.trimEnd().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  });

  it('may cancel a run, whose worker then ends', async () => {
    const session = await mcpSession(folderWith({ 'fit.ts': losses }));
    const cancel = new AbortController();
    const call = session.call(
      'run_loss',
      { loss: 'fit.ts#slow', maxSeconds: 600 },
      { signal: cancel.signal },
    );
    await until(() => (processesOf(session.pid) ?? [0]).length > 0);
    cancel.abort();
    await expect(call).rejects.toThrow();
    await until(() => (processesOf(session.pid) ?? []).length === 0);
  });
});

test('nothing but the protocol is on standard output, whatever a loss prints', async () => {
  const noisy = `console.log('at load');
/** @loss @start [3] @steps 3 */
export function loss([x]: number[]): number { console.log('evaluated'); process.stdout.write('raw'); return x! * x!; }
`;
  const session = await mcpSession(folderWith({ 'noisy.ts': noisy }));
  // The client would report a message that it cannot read.
  const result = await session.call('run_loss', { loss: 'noisy.ts#loss' });
  expect(result.content[0]).toMatchObject({ type: 'text' });
  expect(await session.answer('list_losses')).toMatchObject({ found: 1 });
});

function finished(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve));
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await sleep(20);
  }
}
