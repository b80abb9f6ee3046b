import { beforeEach, describe, expect, it } from 'vitest';
import { callTool } from '../../../src/agents/callTool';
import { jsonSchemaOf } from '../../../src/agents/jsonSchema';
import { questionBefore } from '../../../src/agents/questionBefore';
import { agentToolNames, toolNamed } from '../../../src/agents/tools/registry';
import type { Finding, Fix } from '../../../src/core/diagnosis/finding';
import { aFinding } from '../../support/findings';
import { folderWith } from '../../support/startRun';
import { order } from '../runs/support/runRecord';
import { Session } from './support';

const untried = (id: string): Fix => ({ id, title: id, patch: { optimizer: { lr: 0.1 } }, verified: null });
const outcome = { loss: 2, bestLoss: 1, steps: 3, stopped: 'steps' } as const;
const tried = (id: string): Fix => ({
  ...untried(id),
  verified: { before: outcome, after: { ...outcome, loss: 1 } },
});
const finding = (...fixes: Fix[]): Finding => aFinding({ severity: 'error', fixes });

let session: Session;
const call = (name: (typeof agentToolNames)[number], input: object) => callTool(name, input, session.context);
beforeEach(() => {
  session = new Session(folderWith({ 'fit.ts': '' }), 'export const loss = ([x]: number[]) => x! * x!;');
});

describe('the schemas', () => {
  it.each(agentToolNames)('of %s are JSON schemas, and its description says whether code is run', (name) => {
    const { input, output, description } = toolNamed(name);
    expect(jsonSchemaOf(input)).toMatchObject({ type: 'object', additionalProperties: false });
    expect(jsonSchemaOf(output)).toMatchObject({ type: 'object' });
    expect(description).toMatch(/Runs no code\.|runs no code\.|Executes the code of the loss\./);
  });
});

describe('a call', () => {
  it.each(agentToolNames.filter((name) => toolNamed(name).running !== null))(
    'of %s is refused where no code may be run, and nothing is started',
    async (name) => {
      session.refusal = 'This workspace is not trusted.';
      const input = { loss: 'fit.ts#loss', run: 'x' };
      const keys = name === 'run_loss' ? { loss: input.loss } : { run: input.run };
      expect(await call(name, keys)).toEqual({ kind: 'problem', text: 'This workspace is not trusted.' });
      expect(session.sources).toEqual([]);
    },
  );

  it('that only reads is answered there', async () => {
    session.refusal = 'This workspace is not trusted.';
    expect(await call('list_losses', {})).toMatchObject({ kind: 'answer', json: { found: 1 } });
  });

  it('about a run that has not ended says so', async () => {
    const run = await session.ended([]);
    expect(await call('open_run', { run: run.record.id })).toMatchObject({ kind: 'answer' });
    const { id } = session.runs.start(order).record;
    session.sources.at(-1)!.load();
    expect(await call('open_run', { run: id })).toMatchObject({
      kind: 'problem',
      text: expect.stringContaining('has not ended'),
    });
  });

  it('reads values by coordinate, at every k-th step and the last one', async () => {
    const run = await session.ended([]);
    const { id: name } = run.record;
    const values = await call('read_quantity', {
      run: name,
      quantity: 'params',
      coordinates: ['theta[1]'],
      maxValues: 2,
    });
    expect(values).toMatchObject({
      json: { steps: [1, 3], lines: [{ coordinate: 'theta[1]', values: [106, 306] }] },
    });
    for (const [input, text] of [
      [
        { coordinates: ['y'] },
        'there is no coordinate "y"; recorded are 2 of 2, beginning with theta[0], theta[1]',
      ],
      [{ from: 7 }, 'has no recorded steps from 7 to 3; it has steps 1 to 3'],
      [{ from: 3, to: 2 }, 'to (2) must not be less than from (3)'],
      [{ quantity: 'nothing' }, 'has no quantity "nothing"; it has loss'],
      [{ quantity: 'loss', coordinates: ['theta[1]'] }, 'loss has one value per step'],
    ] as const)
      expect(await call('read_quantity', { run: name, quantity: 'params', ...input })).toMatchObject({
        kind: 'problem',
        text: expect.stringContaining(text),
      });
  });
});

describe('the question before a call', () => {
  it.each(agentToolNames)('%s is asked exactly if code is run', (name) => {
    const question = questionBefore(name, { loss: 'fit.ts#loss', run: 'x' }, session.context.workplace);
    expect(question !== null).toBe(['run_loss', 'verify_fix'].includes(name));
  });

  it('names what is run, whatever the input is', () => {
    const ask = (input: unknown) => questionBefore('run_loss', input, { refusal: () => null })?.text;
    expect(ask({ loss: 'fit.ts#loss' })).toBe(
      'This executes code of the workspace: the loss fit.ts#loss with everything that it imports.',
    );
    for (const input of [null, undefined, 3, [], { loss: 3 }, { loss: 'x'.repeat(1e5) }])
      expect(ask(input)!.length).toBeLessThan(400);
  });

  it('is not asked where code is refused', () => {
    expect(questionBefore('run_loss', { loss: 'fit.ts#loss' }, { refusal: () => 'no' })).toBeNull();
  });
});

describe('verify_fix', () => {
  const verify = async (findings: readonly Finding[], input: object = {}) => {
    const { record } = await session.ended(findings);
    return call('verify_fix', { run: record.id, ...input });
  };
  const whenBegun = (end: () => void) => setTimeout(end, 400);

  it('returns a fix only if it was tried and helps', async () => {
    whenBegun(() => session.endVerification({ fixes: [[tried('b'), untried('c')]] }));
    const result = await verify([finding(untried('a'), untried('b'))]);
    expect(result).toMatchObject({
      json: {
        isComplete: true,
        results: [{ helps: [{ id: 'b', before: { loss: 2 }, after: { loss: 1 } }] }, { finding: 'verdict' }],
      },
    });
    expect(JSON.stringify(result)).not.toContain('"c"');
  });

  it.each([
    ['a', 'not offered'],
    ['b', 'helps'],
  ])('says of %s: %s', async (fix, said) => {
    whenBegun(() => session.endVerification({ fixes: [[tried('b')]] }));
    const findings = [finding(untried('a'), untried('b'))];
    expect(await verify(findings, { finding: findings[0]!.id, fix })).toMatchObject({
      json: { asked: { fix, outcome: said } },
    });
  });

  it('says "not tried" of a fix that a time limit left out, and ends the trials', async () => {
    const result = await verify([finding(untried('a'))], { fix: 'a', maxSeconds: 0.4 });
    expect(session.isVerificationStopped).toBe(true);
    expect(result).toMatchObject({ json: { isComplete: false, asked: { fix: 'a', outcome: 'not tried' } } });
  });

  it('names the fixes of a finding if it has none with the id', async () => {
    whenBegun(() => session.endVerification({ fixes: [[]] }));
    expect(await verify([finding(untried('a'))], { fix: 'z' })).toMatchObject({
      kind: 'problem',
      text: 'the run has no fix "z"; known fixes: a',
    });
  });

  it('ends the trials if the call is cancelled', async () => {
    whenBegun(() => session.cancel.abort());
    expect(await verify([finding(untried('a'))])).toEqual({
      kind: 'problem',
      text: 'the verification was cancelled',
    });
    expect(session.isVerificationStopped).toBe(true);
  });
});
