import {
  DebugSession,
  Handles,
  InitializedEvent,
  InvalidatedEvent,
  OutputEvent,
  Scope,
  StoppedEvent,
  TerminatedEvent,
  Thread,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { catalogue, type DiagnosisCode } from '../core/diagnosis/catalogue';
import type { Disposable } from '../runs/emitter';
import { explained, recordedSteps } from '../runs/explainedUpdate';
import type { RunStore } from '../runs/runStore';
import { Breakpoints } from './breakpoints';
import { completed } from './completed';
import { CannotDebug, type DebuggedRun, type DebugHost } from './debugHost';
import { Evaluation } from './evaluation';
import { forkOf } from './forkedRun';
import { evaluationFrame, framesOf } from './frames';
import { readLaunchArguments } from './launchArguments';
import { type Arrival, Motion, type ShownException } from './motion';
import { RunCursor } from './runCursor';
import { RunDriver } from './runDriver';
import { updateParts } from './updateParts';
import {
  type Contents,
  exactText,
  partVariables,
  type SetTarget,
  type ShownVariable,
  Variables,
} from './variables';

const threadId = 1;

/** Codes that a run can stop at: those of rules and checks that observe it. */
const stoppingCodes = (
  Object.entries(catalogue) as [DiagnosisCode, (typeof catalogue)[DiagnosisCode]][]
).filter(([, { foundBy }]) => foundBy === 'rule' || foundBy === 'gradientChecks');

interface OpenedRun {
  readonly debugged: DebuggedRun;
  readonly driver: RunDriver;
}

/** Everything that a session knows about a run whose first step is possible. */
interface Session extends OpenedRun {
  readonly cursor: RunCursor;
  readonly motion: Motion;
  readonly variables: Variables;
  readonly evaluation: Evaluation;
  readonly breakpoints: Breakpoints;
}

/**
 * A debugger for a run: its steps are the steps of the optimizer, forwards and backwards. What is recorded is looked at; only beyond
 * its end further steps are made. The same class serves VS Code and, over standard input and output, other editors.
 */
export class AdamscopeDebugSession extends DebugSession {
  readonly #host: DebugHost;
  /** A run that is there, but at which nobody looks yet. */
  #opened: OpenedRun | null = null;
  #session: Session | null = null;
  #stopOnEntry = true;
  #handles = new Handles<Contents>();
  #exception: ShownException | null = null;
  /** Settles when the fork that is being made is there, or is refused. Never rejects. */
  #forking: Promise<void> = Promise.resolve();
  /** Whether a step or a continuation is in progress. */
  #isBusy = false;
  #isLaunched = false;
  #hasEnded = false;
  readonly #subscriptions: Disposable[] = [];

  constructor(host: DebugHost) {
    super();
    this.#host = host;
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
  }

  protected override initializeRequest(response: DebugProtocol.InitializeResponse): void {
    response.body = {
      supportsConfigurationDoneRequest: true,
      supportsStepBack: true,
      supportsConditionalBreakpoints: true,
      supportsHitConditionalBreakpoints: true,
      supportsLogPoints: true,
      supportsFunctionBreakpoints: true,
      supportsDataBreakpoints: true,
      supportsSetVariable: true,
      supportsSetExpression: true,
      supportsEvaluateForHovers: true,
      supportsExceptionInfoRequest: true,
      supportsCompletionsRequest: true,
      exceptionBreakpointFilters: stoppingCodes.map(([code, { severity, summary }]) => ({
        filter: code,
        label: code,
        description: summary,
        default: severity === 'error',
      })),
    };
    this.sendResponse(response);
  }

  protected override async launchRequest(
    response: DebugProtocol.LaunchResponse,
    given: DebugProtocol.LaunchRequestArguments,
  ): Promise<void> {
    if (this.#isLaunched) {
      this.#refuse(response, new CannotDebug('This session has a run already.'));
      return;
    }
    this.#isLaunched = true;
    try {
      const launch = readLaunchArguments(given);
      if (typeof launch === 'string') throw new CannotDebug(launch);
      this.#stopOnEntry = launch.stopOnEntry;
      const debugged = await this.#host.launch(launch);
      const opened = { debugged, driver: new RunDriver(debugged) };
      this.#opened = opened;
      // A client that disconnects meanwhile leaves the run to be released here.
      if (!this.#hasEnded) await opened.driver.opened();
      if (this.#hasEnded) throw new CannotDebug('The client has disconnected.');
      const { breakpoints } = this.#look(opened);
      const wrong = breakpoints.setUntil(launch.until ?? null);
      if (wrong !== null) throw new CannotDebug(`The attribute "until" is wrong. ${wrong}`);
      if (launch.stopOnEntry) breakpoints.setUntil(null);
      this.sendResponse(response);
      this.sendEvent(new InitializedEvent());
    } catch (error) {
      this.#isLaunched = false;
      this.#refuse(response, error);
      await this.#release();
    }
  }

  protected override configurationDoneRequest(response: DebugProtocol.ConfigurationDoneResponse): void {
    this.sendResponse(response);
    if (this.#stopOnEntry) this.#stopped({ reason: 'entry' });
    else void this.#go((motion) => motion.forward());
  }

  protected override async disconnectRequest(
    response: DebugProtocol.DisconnectResponse,
    given: DebugProtocol.DisconnectArguments,
  ): Promise<void> {
    this.#hasEnded = true;
    await this.#release();
    super.disconnectRequest(response, given);
  }

  // Breakpoints.

  protected override setBreakPointsRequest(
    response: DebugProtocol.SetBreakpointsResponse,
    { source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments,
  ): void {
    const given = breakpoints.map((each) => ({ ...each, line: this.convertClientLineToDebugger(each.line) }));
    const set = this.#session?.breakpoints.setInSource(source.path ?? '', given) ?? [];
    response.body = {
      breakpoints: set.map((each) => ({ ...each, line: this.convertDebuggerLineToClient(each.line!) })),
    };
    this.sendResponse(response);
    this.#session?.motion.useBreakpoints();
  }

  protected override setFunctionBreakPointsRequest(
    response: DebugProtocol.SetFunctionBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments,
  ): void {
    response.body = { breakpoints: this.#session?.breakpoints.setFunctions(breakpoints) ?? [] };
    this.sendResponse(response);
    this.#session?.motion.useBreakpoints();
  }

  protected override dataBreakpointInfoRequest(
    response: DebugProtocol.DataBreakpointInfoResponse,
    { variablesReference, name }: DebugProtocol.DataBreakpointInfoArguments,
  ): void {
    const variable = this.#variableIn(variablesReference ?? 0, name);
    const quantities = this.#session?.cursor.names.quantities ?? [];
    const condition =
      variable?.expression && dataCondition(variable.expression, quantities.includes('updateOverBound'));
    response.body = condition
      ? {
          dataId: condition.text,
          description: condition.description(name),
          accessTypes: ['write'],
          canPersist: true,
        }
      : { dataId: null, description: `${name} is no quantity of a coordinate` };
    this.sendResponse(response);
  }

  protected override setDataBreakpointsRequest(
    response: DebugProtocol.SetDataBreakpointsResponse,
    { breakpoints }: DebugProtocol.SetDataBreakpointsArguments,
  ): void {
    response.body = { breakpoints: this.#session?.breakpoints.setData(breakpoints) ?? [] };
    this.sendResponse(response);
    this.#session?.motion.useBreakpoints();
  }

  protected override setExceptionBreakPointsRequest(
    response: DebugProtocol.SetExceptionBreakpointsResponse,
    { filters }: DebugProtocol.SetExceptionBreakpointsArguments,
  ): void {
    const codes = stoppingCodes.flatMap(([code]) => (filters.includes(code) ? [code] : []));
    this.#session?.breakpoints.setCodes(codes);
    this.sendResponse(response);
    this.#session?.motion.useBreakpoints();
  }

  protected override exceptionInfoRequest(response: DebugProtocol.ExceptionInfoResponse): void {
    const { id, description, detail } = this.#exception ?? { id: '', description: '', detail: '' };
    response.body = { exceptionId: id, description, breakMode: 'always', details: { message: detail } };
    this.sendResponse(response);
  }

  // Motion.

  protected override continueRequest(response: DebugProtocol.ContinueResponse): void {
    response.body = { allThreadsContinued: true };
    this.sendResponse(response);
    void this.#go((motion) => motion.forward());
  }

  protected override reverseContinueRequest(response: DebugProtocol.ReverseContinueResponse): void {
    this.sendResponse(response);
    void this.#go((motion) => motion.backward());
  }

  protected override nextRequest(response: DebugProtocol.NextResponse): void {
    this.sendResponse(response);
    void this.#go((motion) => motion.step());
  }

  /** A step of the optimizer has no parts to stop in. */
  protected override stepInRequest(response: DebugProtocol.StepInResponse): void {
    this.sendResponse(response);
    void this.#go((motion) => motion.step());
  }

  protected override stepOutRequest(response: DebugProtocol.StepOutResponse): void {
    this.sendResponse(response);
    void this.#go((motion) => motion.forward());
  }

  protected override stepBackRequest(response: DebugProtocol.StepBackResponse): void {
    this.sendResponse(response);
    void this.#go(async (motion) => motion.back());
  }

  protected override pauseRequest(response: DebugProtocol.PauseResponse): void {
    this.sendResponse(response);
    if (this.#isBusy) this.#session?.driver.pause();
    else this.#stopped({ reason: 'pause' });
  }

  // What is seen.

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    response.body = { threads: [new Thread(threadId, this.#session?.debugged.run.name ?? 'run')] };
    this.sendResponse(response);
  }

  protected override stackTraceRequest(response: DebugProtocol.StackTraceResponse): void {
    const frames = this.#session ? framesOf(this.#session.debugged, this.#session.cursor.t) : [];
    const stackFrames = frames.map((frame) => ({
      ...frame,
      line: this.convertDebuggerLineToClient(frame.line),
      column: this.convertDebuggerColumnToClient(frame.column),
    }));
    response.body = { stackFrames, totalFrames: stackFrames.length };
    this.sendResponse(response);
  }

  protected override scopesRequest(
    response: DebugProtocol.ScopesResponse,
    { frameId }: DebugProtocol.ScopesArguments,
  ): void {
    const scope = (name: string, contents: Contents, expensive = false) =>
      new Scope(name, this.#handles.create(contents), expensive);
    const isRecording = this.#session?.debugged.run.record.recording !== undefined;
    const hasStep = (this.#session?.cursor.t ?? 0) > 0;
    response.body = {
      scopes:
        frameId === evaluationFrame
          ? [scope('Evaluation', { kind: 'evaluation' })]
          : [
              scope('Step', { kind: 'step' }),
              scope('Quantities', { kind: 'quantities' }),
              ...(hasStep && !isRecording ? [scope('Why this update', { kind: 'updates' }, true)] : []),
            ],
    };
    this.sendResponse(response);
  }

  protected override variablesRequest(
    response: DebugProtocol.VariablesResponse,
    { variablesReference, filter, start, count }: DebugProtocol.VariablesArguments,
  ): void {
    try {
      const contents = this.#handles.get(variablesReference);
      const isOther = contents && filter === 'named' && this.#present.variables.places(contents) > 0;
      const shown = contents && !isOther ? this.#variablesIn(contents, start, count || undefined) : [];
      response.body = { variables: shown.map((each) => this.#asVariable(each)) };
      this.sendResponse(response);
    } catch (error) {
      this.#refuse(response, error);
    }
  }

  protected override async setVariableRequest(
    response: DebugProtocol.SetVariableResponse,
    { variablesReference, name, value }: DebugProtocol.SetVariableArguments,
  ): Promise<void> {
    try {
      const target = this.#variableIn(variablesReference, name)?.target;
      if (!target) throw new CannotDebug(this.#whyReadOnly(name));
      response.body = { value: exactText(await this.#set(target, value)) };
      this.sendResponse(response);
      this.#forked();
    } catch (error) {
      this.#refuse(response, error);
    }
  }

  protected override async setExpressionRequest(
    response: DebugProtocol.SetExpressionResponse,
    { expression, value }: DebugProtocol.SetExpressionArguments,
  ): Promise<void> {
    try {
      const { evaluation, debugged } = this.#present;
      const target = debugged.order === null ? undefined : evaluation.targetOf(expression);
      if (!target) throw new CannotDebug(this.#whyReadOnly(expression));
      response.body = { value: exactText(await this.#set(target, value)) };
      this.sendResponse(response);
      this.#forked();
    } catch (error) {
      this.#refuse(response, error);
    }
  }

  protected override evaluateRequest(
    response: DebugProtocol.EvaluateResponse,
    { expression, context }: DebugProtocol.EvaluateArguments,
  ): void {
    try {
      response.body = this.#evaluated(expression);
      this.sendResponse(response);
    } catch (error) {
      // A word below the pointer need not be an expression.
      this.#refuse(response, context === 'hover' ? new CannotDebug('') : error);
    }
  }

  protected override completionsRequest(
    response: DebugProtocol.CompletionsResponse,
    { text, column }: DebugProtocol.CompletionsArguments,
  ): void {
    const { word, names } = this.#session
      ? completed(text.slice(0, column - 1), this.#session.cursor)
      : { word: '', names: [] };
    response.body = {
      targets: names.map((label) => ({ label, start: column - 1 - word.length, length: word.length })),
    };
    this.sendResponse(response);
  }

  // Inside.

  /** Begins to look at a run whose first step is possible: the one that was launched, later its forks. */
  #look(opened: OpenedRun): Session {
    const { debugged } = opened;
    const cursor = new RunCursor(debugged.run);
    const names = cursor.namesWhen(debugged.order === null ? 'recorded' : 'running');
    const before = this.#session;
    const breakpoints = before?.breakpoints ?? new Breakpoints(names, debugged.places);
    const variables = new Variables(cursor, debugged.order);
    const session = {
      ...opened,
      cursor,
      motion: new Motion(debugged, cursor, opened.driver, breakpoints),
      variables,
      evaluation: new Evaluation(cursor, variables),
      breakpoints,
    };
    this.#session = session;
    before?.driver.dispose();
    if (!before) this.#subscribe(debugged.store);
    return session;
  }

  #subscribe(store: RunStore): void {
    this.#subscriptions.push(
      store.onDidLog(({ run, lines }) => {
        if (run !== this.#session?.debugged.run) return;
        for (const { text } of lines) this.sendEvent(new OutputEvent(`${text}\n`, 'console'));
      }),
      store.onConsoleLine((line) => this.sendEvent(new OutputEvent(`${line}\n`, 'stdout'))),
      this.#host.onDidMoveCursor(({ runId, step }) => {
        const session = this.#session;
        if (!session || this.#isBusy || runId !== session.debugged.run.record.id || step === session.cursor.t)
          return;
        session.cursor.moveTo(step);
        this.#stopped({ reason: 'goto', description: `Moved to step ${session.cursor.t}` }, false);
      }),
    );
  }

  async #go(move: (motion: Motion) => Promise<Arrival | null>): Promise<void> {
    // The client expects a stop of this motion, which is one of the fork.
    await this.#forking;
    const session = this.#session;
    if (!session || this.#isBusy) return;
    this.#isBusy = true;
    try {
      const arrival = await move(session.motion);
      if (this.#session !== session) return;
      if (arrival) this.#stopped(arrival);
      else this.sendEvent(new TerminatedEvent());
    } catch (error) {
      this.#stopped({ reason: 'pause', text: sentenceOf(error) });
      this.sendEvent(new OutputEvent(`${sentenceOf(error)}\n`, 'stderr'));
    } finally {
      this.#isBusy = false;
    }
  }

  #stopped({ exception, ...reason }: Arrival, isShown = true): void {
    this.#handles = new Handles<Contents>();
    this.#isBusy = false;
    this.#exception = exception ?? null;
    const event = new StoppedEvent(reason.reason, threadId) as DebugProtocol.StoppedEvent;
    event.body = { ...event.body, ...reason, allThreadsStopped: true };
    this.sendEvent(event);
    const session = this.#session;
    if (session && isShown) this.#host.show(session.debugged.run, session.cursor.t);
  }

  #variablesIn(contents: Contents, from?: number, count?: number): ShownVariable[] {
    const { variables, cursor, debugged } = this.#present;
    switch (contents.kind) {
      case 'step':
        return variables.step();
      case 'evaluation':
        return variables.evaluation();
      case 'quantities':
        return variables.quantities();
      case 'vector':
        return variables.coordinates(contents.quantity, from, count);
      case 'before':
        return variables.before(from, count);
      case 'updates':
        return variables.coordinates('update', from, count).map((each) => ({
          name: each.name,
          value: each.value,
          contains: { kind: 'update', coordinate: Number(/\d+/.exec(each.expression!)![0]) },
        }));
      case 'update': {
        const steps = recordedSteps(debugged.run, cursor.t, contents.coordinate);
        if (!steps)
          throw new CannotDebug('The update cannot be explained: not every step before it is recorded.');
        const explanation = explained(debugged.run, cursor.t, contents.coordinate, steps);
        const hasSet = debugged.run.record.interventions?.some(
          ({ t, coordinate }) => t < cursor.t && coordinate === contents.coordinate,
        );
        return partVariables(updateParts(explanation, hasSet));
      }
      case 'numbers':
        return variables.numbers(contents, from, count);
      default:
        return contents satisfies never;
    }
  }

  #asVariable({ name, value, expression, contains, target }: ShownVariable): DebugProtocol.Variable {
    const places = contains ? this.#session!.variables.places(contains) : 0;
    return {
      name,
      value,
      variablesReference: contains ? this.#handles.create(contains) : 0,
      ...(places > 0 && { indexedVariables: places }),
      ...(expression !== undefined && { evaluateName: expression }),
      ...(target === undefined && { presentationHint: { attributes: ['readOnly'] } }),
    };
  }

  #variableIn(reference: number, name: string): ShownVariable | undefined {
    const contents = this.#handles.get(reference);
    return contents && this.#session
      ? this.#variablesIn(contents).find((each) => each.name === name)
      : undefined;
  }

  #evaluated(text: string): DebugProtocol.EvaluateResponse['body'] {
    const { evaluation, variables } = this.#present;
    const { value, expression } = evaluation.value(text);
    if (typeof value === 'number') return { result: exactText(value), variablesReference: 0 };
    if (typeof value === 'boolean') return { result: String(value), variablesReference: 0 };
    const contents = variables.ofExpression(value, expression);
    return {
      result: variables.summaryOf(value, expression.type === 'booleans'),
      variablesReference: this.#handles.create(contents),
      indexedVariables: value.length,
    };
  }

  /** @throws CannotDebug before the run is there */
  get #present(): Session {
    if (!this.#session) throw new CannotDebug('The run is not there yet.');
    return this.#session;
  }

  #whyReadOnly(name: string): string {
    return this.#session?.debugged.order === null
      ? 'A stored run can only be read. Debug its loss to try other numbers.'
      : `${name} cannot be set: set a parameter, a state of the optimizer such as m or v, or lr.`;
  }

  /** Goes on in a run that leaves this one here, with another number. @returns the number */
  async #set(target: SetTarget, text: string): Promise<number> {
    if (this.#isBusy) throw new CannotDebug('The run is going on: pause it first.');
    const { debugged, cursor, evaluation } = this.#present;
    const value = evaluation.number(text);
    if (target.kind === 'lr' && !(value > 0 && Number.isFinite(value)))
      throw new CannotDebug('lr must be finite and greater than 0.');
    this.#isBusy = true;
    let settle = () => {};
    this.#forking = new Promise((resolve) => {
      settle = resolve;
    });
    try {
      const forked = await forkOf(this.#host, debugged, cursor.t, target, value);
      if (this.#hasEnded) {
        await this.#host.release(forked);
        throw new CannotDebug('The client has disconnected.');
      }
      this.#look({ debugged: forked, driver: new RunDriver(forked) }).cursor.moveTo(cursor.t);
    } finally {
      this.#isBusy = false;
      settle();
    }
    return value;
  }

  #forked(): void {
    const { debugged, cursor } = this.#session!;
    this.sendEvent(new OutputEvent(`The run goes on as another one, ${debugged.run.name}.\n`, 'console'));
    this.#handles = new Handles<Contents>();
    this.sendEvent(new InvalidatedEvent(['all']));
    this.#host.show(debugged.run, cursor.t);
  }

  async #release(): Promise<void> {
    const opened = this.#session ?? this.#opened;
    this.#session = null;
    this.#opened = null;
    for (const each of this.#subscriptions.splice(0)) each.dispose();
    if (!opened) return;
    opened.driver.dispose();
    await this.#host.release(opened.debugged);
  }

  #refuse(response: DebugProtocol.Response, error: unknown): void {
    const isShown = response.command === 'launch';
    this.sendErrorResponse(response, { id: 1, format: sentenceOf(error), showUser: isShown });
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** When a quantity of a coordinate stops the run, if the user gives no condition. @param hasBound  whether updates have a bound */
function dataCondition(
  expression: string,
  hasBound: boolean,
): { readonly text: string; readonly description: (name: string) => string } | null {
  const [, quantity, index] = /^(\w+)\[(\d+)\]$/.exec(expression) ?? [];
  if (quantity === undefined) return null;
  // The bound holds for the exact update; that in floating point may exceed it by rounding.
  if (quantity === 'update' && hasBound)
    return {
      text: `updateOverBound[${index}] > 1 + 1e-9`,
      description: (name) => `update of ${name} exceeds its bound`,
    };
  return { text: `!isfinite(${expression})`, description: (name) => `${quantity} of ${name} is not finite` };
}
