import * as vscode from 'vscode';
import { tagAbove } from '../../loss/annotation/tagWords';
import type { LossDeclaration } from '../../loss/declaration';
import { exampleStart } from '../../loss/start/startText';
import { expectationOutcome } from '../../runs/expectationOutcome';
import { inParallel } from '../../runs/inParallel';
import { placesHere } from '../../runs/places';
import type { Run } from '../../runs/run';
import type { RunStore } from '../../runs/runStore';
import type { Verifications } from '../../runs/verifications';
import type { LossIndex } from '../lossIndex';
import { type Prepared, prepareOrder } from '../runs/prepareOrder';
import { isTrusted } from '../runs/trust';
import { onDidSaveSource } from '../sources/openSources';
import type { ExpectationTree } from './expectationTree';
import { outputLines } from './explanation';
import { errorMessage, failureMessages } from './testMessages';

/** Several saves at once, as by *Save All*, make one run. */
const saveDelayMs = 100;

export interface ExpectationRunParts {
  readonly controller: vscode.TestController;
  readonly tree: ExpectationTree;
  readonly index: LossIndex;
  readonly runs: RunStore;
  readonly verifications: Verifications;
  /** Whether the loss of a test uses a file. */
  readonly uses: (test: vscode.TestItem, file: string) => boolean;
}

/**
 * Debugs a loss until the session ends.
 *
 * @returns the run that was debugged; undefined if there was none
 */
export type DebugExpectation = (
  declaration: LossDeclaration,
  token: vscode.CancellationToken,
) => Promise<Run | undefined>;

/** Runs the tests that the Test Explorer asks for. */
export class ExpectationRuns {
  readonly #parts: ExpectationRunParts;

  constructor(parts: ExpectationRunParts) {
    this.#parts = parts;
  }

  /** The handler of the profile *Run*. */
  async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    if (!(await isTrusted())) return;
    if (request.continuous) this.#watch(request, token);
    else await this.#runAll(request, await this.#testsOf(request));
  }

  /** The handler of the profile *Debug*: one test at a time. */
  async debug(
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
    debugExpectation: DebugExpectation,
  ): Promise<void> {
    if (!(await isTrusted())) return;
    const tests = await this.#testsOf(request);
    const testRun = this.#parts.controller.createTestRun(request);
    for (const test of tests) {
      if (token.isCancellationRequested) break;
      const loss = await this.#lossOf(test);
      testRun.started(test);
      const run = loss && (await debugExpectation(loss, token));
      if (run) await this.#report(testRun, test, loss, run, abortedBy(token).signal);
      else testRun.skipped(test);
    }
    testRun.end();
  }

  /** Runs the tests that use a file again when it is saved, until the token is cancelled. */
  #watch(request: vscode.TestRunRequest, token: vscode.CancellationToken): void {
    const saved = new Set<string>();
    /** For each test in progress, what stops it. */
    const going = new Map<string, AbortController>();
    let timer: NodeJS.Timeout | undefined;
    const runAgain = async () => {
      const files = [...saved];
      saved.clear();
      const tests = (await this.#testsOf(request)).filter((test) =>
        files.some((file) => this.#parts.uses(test, file)),
      );
      if (tests.length === 0 || token.isCancellationRequested) return;
      const { exclude, profile, preserveFocus } = request;
      const again = new vscode.TestRunRequest(tests, exclude, profile, true, preserveFocus);
      for (const { id } of tests) {
        going.get(id)?.abort();
        going.set(id, new AbortController());
      }
      await this.#runAll(again, tests, ({ id }) => going.get(id)?.signal);
    };
    const saves = onDidSaveSource((file) => {
      saved.add(file);
      clearTimeout(timer);
      timer = setTimeout(() => void runAgain(), saveDelayMs);
    });
    token.onCancellationRequested(() => {
      clearTimeout(timer);
      saves.dispose();
      for (const each of going.values()) each.abort();
    });
  }

  /** The tests of a request. Its items may have been made anew since, so they are compared by their ids. */
  async #testsOf({ include, exclude }: vscode.TestRunRequest): Promise<vscode.TestItem[]> {
    const { tree } = this.#parts;
    if (!include) await tree.complete();
    const isIn = (items: readonly vscode.TestItem[], test: vscode.TestItem) =>
      items.some(({ id }) => id === test.id || id === test.parent?.id);
    return tree.tests.filter((test) => (!include || isIn(include, test)) && !isIn(exclude ?? [], test));
  }

  /** @param stopOf  what stops a test alone */
  async #runAll(
    request: vscode.TestRunRequest,
    tests: readonly vscode.TestItem[],
    stopOf: (test: vscode.TestItem) => AbortSignal | undefined = () => undefined,
  ): Promise<void> {
    const testRun = this.#parts.controller.createTestRun(request);
    for (const test of tests) testRun.enqueued(test);
    const whole = abortedBy(testRun.token).signal;
    const stops = new Map(tests.map((test) => [test, stopOf(test)]));
    const runOne = async (test: vscode.TestItem) => {
      const own = stops.get(test);
      await this.#runTest(testRun, test, own ? AbortSignal.any([whole, own]) : whole);
    };
    try {
      await inParallel(placesHere, tests, runOne, whole);
    } finally {
      testRun.end();
    }
  }

  async #runTest(testRun: vscode.TestRun, test: vscode.TestItem, signal: AbortSignal): Promise<void> {
    const { runs } = this.#parts;
    const loss = await this.#lossOf(test);
    if (signal.aborted || !loss) {
      testRun.skipped(test);
      return;
    }
    testRun.started(test);
    const prepared = await prepareOrder(loss);
    if (prepared.kind !== 'order') {
      testRun.errored(test, obstacleMessages(prepared, loss));
      return;
    }
    const run = runs.start(prepared.order, { name: 'Test', isTest: true });
    const stop = () => void runs.stop(run.record.id);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    await run.finished;
    signal.removeEventListener('abort', stop);
    await this.#report(testRun, test, loss, run, signal);
  }

  /** The loss of a test in its current text; undefined if it is gone. */
  async #lossOf(test: vscode.TestItem): Promise<LossDeclaration | undefined> {
    const { tree, index } = this.#parts;
    const known = tree.declarationOf(test);
    return known && index.find(known.file, known.name);
  }

  /** Reports the result of a run that has ended. A failure is reported once its fixes have been tried. */
  async #report(
    testRun: vscode.TestRun,
    test: vscode.TestItem,
    loss: LossDeclaration,
    run: Run,
    signal: AbortSignal,
  ): Promise<void> {
    const { elapsedMs } = run.record;
    const outcome = expectationOutcome(run);
    switch (outcome.kind) {
      case 'passed':
        print(testRun, test, outputLines(run, true));
        testRun.passed(test, elapsedMs);
        return;
      case 'failed':
        await Promise.race([this.#parts.verifications.settled(run), aborted(signal)]);
        print(testRun, test, outputLines(run, false));
        testRun.failed(test, failureMessages(run, loss), elapsedMs);
        return;
      case 'errored': {
        const messages = outcome.problems.map(({ message, location }) => errorMessage(message, location));
        print(
          testRun,
          test,
          outcome.problems.map(({ message }) => message),
        );
        testRun.errored(test, messages, elapsedMs);
        return;
      }
      case 'unknown':
        if (signal.aborted) testRun.skipped(test);
        else
          testRun.errored(
            test,
            errorMessage(`The expectation was not checked: ${run.summary}.`, loss.location),
          );
        return;
      default:
        outcome satisfies never;
    }
  }
}

/** What prevents a run, as the messages of its test. */
function obstacleMessages(
  prepared: Exclude<Prepared, { readonly kind: 'order' }>,
  { name, language, location }: LossDeclaration,
): vscode.TestMessage[] {
  switch (prepared.kind) {
    case 'problems':
      return prepared.problems.map((problem) => errorMessage(problem.message, problem.location));
    case 'bad-setting':
      return [errorMessage(prepared.message, location)];
    case 'start-unknown': {
      const start = tagAbove(language, 'start', exampleStart(prepared.form).tag);
      return [errorMessage(`The start of ${name} is unknown: write ${start} above it.`, location)];
    }
    default:
      return prepared satisfies never;
  }
}

function print(testRun: vscode.TestRun, test: vscode.TestItem, lines: readonly string[]): void {
  const text = lines.flatMap((line) => line.split('\n')).join('\r\n');
  testRun.appendOutput(`${text}\r\n`, undefined, test);
}

function abortedBy(token: vscode.CancellationToken): AbortController {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
