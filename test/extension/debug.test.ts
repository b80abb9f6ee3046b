import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openText, removeFiles, testsBecome, until } from './workspace';

const valley = `/**
 * @loss
 * @start -1.2, 1
 * @optimizer adam lr=0.05
 * @steps 60
 */
export function valley([x, y]: [number, number]): number {
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
}
`;

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly variablesReference: number;
}

/** A debug session on the loss of the open document, with its stops. */
class Debugged {
  readonly stops: { readonly reason: string }[] = [];
  readonly subscriptions: vscode.Disposable[] = [];
  session!: vscode.DebugSession;

  static async start(configuration: vscode.DebugConfiguration): Promise<Debugged> {
    const [folder] = vscode.workspace.workspaceFolders!;
    return Debugged.started(() => vscode.debug.startDebugging(folder, configuration));
  }

  /** @param act  starts the session, and may wait for its end */
  static async started(act: () => Thenable<unknown>): Promise<Debugged> {
    const debugged = new Debugged();
    debugged.subscriptions.push(
      vscode.debug.registerDebugAdapterTrackerFactory('adamscope', {
        createDebugAdapterTracker: (session) => {
          debugged.session = session;
          return {
            onDidSendMessage: (message: { event?: string; body?: { reason: string } }) => {
              if (message.event === 'stopped') debugged.stops.push(message.body!);
            },
          };
        },
      }),
    );
    void act();
    await debugged.stopped(1);
    return debugged;
  }

  async stopped(count: number): Promise<string> {
    return until(`stop ${count}`, () => this.stops[count - 1]?.reason, 20_000);
  }

  async move(command: string): Promise<string> {
    const count = this.stops.length + 1;
    // The commands act on the frame that is selected, which VS Code asks for after a stop.
    await until('a selected frame', () =>
      vscode.debug.activeStackItem instanceof vscode.DebugStackFrame ? true : undefined,
    );
    await vscode.commands.executeCommand(command);
    return this.stopped(count);
  }

  async value(expression: string): Promise<string> {
    return (await this.session.customRequest('evaluate', { expression, context: 'watch' })).result;
  }

  async scope(name: string): Promise<Variable[]> {
    const { stackFrames } = await this.session.customRequest('stackTrace', { threadId: 1 });
    const { scopes } = await this.session.customRequest('scopes', { frameId: stackFrames[0].id });
    const { variablesReference } = scopes.find((each: { name: string }) => each.name === name);
    return (await this.session.customRequest('variables', { variablesReference })).variables;
  }

  async end(): Promise<void> {
    await vscode.debug.stopDebugging(this.session);
    for (const each of this.subscriptions) each.dispose();
  }
}

describe('debugging a loss', function () {
  this.timeout(90_000);
  let debugged: Debugged | undefined;
  afterEach(async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await debugged?.end();
    debugged = undefined;
    await removeFiles();
  });

  it('continues to a condition, goes back 10 steps, and shows the numbers of the run', async () => {
    const document = await openText('valley.ts', valley);
    vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint('loss < 5 && step > 20')]);
    debugged = await Debugged.start({
      type: 'adamscope',
      request: 'launch',
      name: 'valley',
      program: document.uri.fsPath,
    });
    assert.equal(await debugged.move('workbench.action.debug.continue'), 'function breakpoint');
    const hit = Number(await debugged.value('step'));
    assert.ok(Number(await debugged.value('loss')) < 5);
    const onTheWay: Record<string, string>[] = [];
    for (let i = 0; i < 10; i++) {
      assert.equal(await debugged.move('workbench.action.debug.stepBack'), 'step');
      onTheWay.unshift(await numbers(debugged));
    }
    assert.equal(await debugged.value('step'), String(hit - 10));
    // The same numbers are those of a run that went to its end. Commands act on one session.
    await debugged.end();
    debugged = await runOf(document);
    const run = debugged;
    for (const [i, seen] of onTheWay.entries())
      assert.deepEqual(seen, await numbersOf(run, hit - 10 + i), `step ${hit - 10 + i}`);
  });

  it('forks the run when a value is set', async () => {
    const document = await openText('valley.ts', valley);
    debugged = await Debugged.start({
      type: 'adamscope',
      request: 'launch',
      name: 'valley',
      program: document.uri.fsPath,
    });
    for (let i = 0; i < 3; i++) await debugged.move('workbench.action.debug.stepOver');
    const params = (await debugged.scope('Quantities')).find(({ name }) => name === 'params')!;
    const y = await debugged.value('params.y');
    const set = await debugged.session.customRequest('setVariable', {
      variablesReference: params.variablesReference,
      name: 'x',
      value: '2',
    });
    assert.equal(set.value, '2');
    await debugged.move('workbench.action.debug.stepOver');
    assert.equal(Number(await debugged.value('loss')), (1 - 2) ** 2 + 100 * (Number(y) - 4) ** 2);
  });

  it('debugs a test of the Test Explorer up to the last step that its expectation allows', async () => {
    const document = await openText(
      'valley.ts',
      valley.replace(' */', ' * @expect loss<1e-9 within 30\n */'),
    );
    await testsBecome(document, ['valley']);
    debugged = await Debugged.started(() => vscode.commands.executeCommand('testing.debugCurrentFile'));
    assert.equal(debugged.session.name, 'Debug the expectation of valley');
    assert.equal(await debugged.value('step'), '30');
  });

  it('debugs the loss at the cursor without a configuration', async () => {
    const document = await openText('valley.ts', valley);
    vscode.window.activeTextEditor!.selection = new vscode.Selection(7, 4, 7, 4);
    const started = new Promise<vscode.DebugSession>((resolve) => {
      const subscription = vscode.debug.onDidStartDebugSession((session) => {
        subscription.dispose();
        resolve(session);
      });
    });
    await vscode.commands.executeCommand('adamscope.debug');
    const session = await started;
    assert.equal(session.name, 'Debug valley');
    assert.equal(session.configuration.program, document.uri.fsPath);
    await vscode.debug.stopDebugging(session);
  });
});

const compared = [
  'loss',
  'gradNorm',
  'params.x',
  'params.y',
  'm.x',
  'v.y',
  'update.x',
  'effectiveLr.y',
] as const;

async function numbers(debugged: Debugged): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const expression of compared) values[expression] = await debugged.value(expression);
  return values;
}

/** Runs the loss to its end, and opens its steps as a debug session would. */
async function runOf(document: vscode.TextDocument): Promise<Debugged> {
  vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  const run = await Debugged.start({
    type: 'adamscope',
    request: 'launch',
    name: 'whole',
    program: document.uri.fsPath,
  });
  await run.move('workbench.action.debug.continue');
  return run;
}

async function numbersOf(run: Debugged, step: number): Promise<Record<string, string>> {
  while (Number(await run.value('step')) > step) await run.move('workbench.action.debug.stepBack');
  while (Number(await run.value('step')) < step) await run.move('workbench.action.debug.stepOver');
  return numbers(run);
}
