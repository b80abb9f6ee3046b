import * as vscode from 'vscode';
import type { Finding } from '../../core/diagnosis/finding';
import type { LossDeclaration } from '../../loss/declaration';
import { isReplayable } from '../../recordings/spikePlan';
import type { ReplayWords } from '../../recordings/spikeWords';
import { EvaluationError } from '../../runner/evaluate';
import type { JobLauncher } from '../../runner/jobProcesses';
import type { OpenedFile } from '../../runs/openedFile';
import type { Run } from '../../runs/run';
import { revealRecording } from '../commands/followRecording';
import type { LossIndex } from '../lossIndex';
import type { RunFileDocument } from '../panel/runFileEditor';
import type { Launcher } from './launcher';

interface Spike {
  readonly opened: OpenedFile;
  readonly run: Run;
  readonly finding: Finding;
  readonly file: string;
}

/** *Try it here*: makes the steps around a spike of an open recording again, with a loss of the workspace that builds its model. */
export class SpikeReplays implements vscode.Disposable {
  readonly #index: LossIndex;
  readonly #launcher: Launcher;
  readonly #jobs: JobLauncher;
  readonly #subscription: vscode.Disposable;
  readonly #open = new Set<OpenedFile>();
  readonly #running = new Map<string, AbortController>();

  /** @param opened  the run files that are opened */
  constructor(
    opened: vscode.Event<RunFileDocument>,
    {
      index,
      launcher,
      jobs,
    }: { readonly index: LossIndex; readonly launcher: Launcher; readonly jobs: JobLauncher },
  ) {
    this.#index = index;
    this.#launcher = launcher;
    this.#jobs = jobs;
    this.#subscription = opened(({ content, onDidClose }) => {
      if (typeof content === 'string') return;
      this.#open.add(content);
      onDidClose(() => {
        this.#open.delete(content);
        for (const { record } of content.store.history) this.#stopAll(record.id);
      });
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const each of this.#running.values()) each.abort();
  }

  /** *Try it here* from the line of the finding: the result is shown in the recording's dashboard. */
  async tryFromEditor(runId: string, findingId: string): Promise<void> {
    const spike = this.#find(runId, findingId);
    if (spike) await revealRecording(spike.file);
    await this.tryHere(runId, findingId);
  }

  /** Asks for the loss if there are several. Without effect while it is being tried, and for a finding that is gone. */
  async tryHere(runId: string, findingId: string): Promise<void> {
    const spike = this.#find(runId, findingId);
    const key = keyOf(runId, findingId);
    if (!spike || this.#running.has(key)) return;
    const loss = await this.#pickLoss(spike.run);
    const order = loss && (await this.#launcher.prepare(loss, {}, false));
    if (!order || this.#running.has(key)) return;
    const ending = new AbortController();
    this.#running.set(key, ending);
    const show = (state: Parameters<Run['replays']['set']>[1] | null) => {
      if (state) spike.run.replays.set(findingId, state);
      else spike.run.replays.delete(findingId);
      spike.opened.store.changed(spike.run, false);
    };
    show({ status: 'running', done: 0, total: 0 });
    try {
      const { replaySpikeOf } = await import('../../runner/replaySpike');
      const request = { file: spike.file, finding: spike.finding, loss: order, limits: order.limits };
      const words = await replaySpikeOf(this.#jobs, request, ending.signal, (done, total) =>
        show({ status: 'running', done, total }),
      );
      show(words && { status: 'done', words });
    } catch (error) {
      show(
        ending.signal.aborted ? null : { status: 'done', words: nothingTried(error, order.source.lossName) },
      );
    } finally {
      this.#running.delete(key);
    }
  }

  stop(runId: string, findingId: string): void {
    this.#running.get(keyOf(runId, findingId))?.abort();
  }

  #stopAll(runId: string): void {
    for (const [key, each] of this.#running) if (key.startsWith(`${runId} `)) each.abort();
  }

  #find(runId: string, findingId: string): Spike | null {
    for (const opened of this.#open) {
      const run = opened.store.find(runId);
      const finding = run?.record.findings.find(({ id }) => id === findingId);
      const file = run?.record.recordingFile;
      if (run && file && finding && isReplayable(finding)) return { opened, run, finding, file };
    }
    return null;
  }

  /** A loss that builds a model: the only one, or one that the user picks, those of the script first. */
  async #pickLoss({ record }: Run): Promise<LossDeclaration | undefined> {
    const all = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'Searching for losses' },
      (_progress, token) => this.#index.all(token),
    );
    const losses = all.filter(({ annotation }) => annotation?.words.has('module'));
    const script = record.source.file;
    if (losses.length === 0) {
      void tellHow();
      return undefined;
    }
    if (losses.length === 1) return losses[0];
    const items = losses
      .toSorted(
        (a, b) => Number(b.file === script) - Number(a.file === script) || a.file.localeCompare(b.file),
      )
      .map((loss) => ({ label: loss.name, description: vscode.workspace.asRelativePath(loss.file), loss }));
    const picked = await vscode.window.showQuickPick(items, {
      title: 'Try it here',
      placeHolder: 'Which loss has the model and the data of this training?',
      matchOnDescription: true,
    });
    return picked?.loss;
  }
}

function keyOf(runId: string, findingId: string): string {
  return `${runId} ${findingId}`;
}

function nothingTried(error: unknown, lossName: string): ReplayWords {
  if (!(error instanceof EvaluationError) && !(error instanceof Error)) throw error;
  const why = error instanceof EvaluationError ? error.problems[0]?.message : error.message;
  return {
    summary: `Nothing was tried with ${lossName}: ${why ?? 'it could not be evaluated'}`,
    unchanged: null,
    tried: [],
  };
}

async function tellHow(): Promise<void> {
  await vscode.window.showInformationMessage(
    'Adamscope: no loss of this workspace builds a model. Write # adamscope: loss module=build_model data=make_batch above the function that computes the loss of a batch; then the steps around the spike can be made again.',
  );
}
