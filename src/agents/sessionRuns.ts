import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OpenedFile, openedFile } from '../runs/openedFile';
import type { Run } from '../runs/run';
import type { RunStore } from '../runs/runStore';
import type { Roots } from './roots';
import { ToolProblem } from './toolProblem';

/** The ending of run files and recordings. */
const ending = '.adamscope';
const openAtMost = 4;
/** A file that another process still writes is shown as it is after this time. */
const readingMs = 5000;

interface Open {
  readonly opened: OpenedFile;
  /** The size and the time of the last change. */
  readonly version: string;
}

/** The runs that the tools can name: those of the session by their id, stored ones by their file. */
export class SessionRuns {
  readonly #runs: RunStore;
  readonly #roots: Roots;
  /** In the order of their last use. */
  readonly #open = new Map<string, Open>();

  constructor(runs: RunStore, roots: Roots) {
    this.#runs = runs;
    this.#roots = roots;
  }

  /**
   * A run with its steps.
   *
   * @param reference  the id of a run of the session, or the path of a file
   * @throws ToolProblem if there is none, or it is not over
   */
  async find(reference: string): Promise<Run> {
    const isFile = reference.endsWith(ending);
    const run = isFile ? await this.#inFile(reference) : this.#runs.find(reference);
    if (!run)
      throw new ToolProblem(`there is no run ${JSON.stringify(reference)} in this session: ${this.#known}`);
    if (!isFile && run.isLive)
      throw new ToolProblem(
        `the run ${reference} has not ended (${run.summary}): call this tool again later`,
      );
    if (!isFile) {
      await this.#runs.complete(run);
      await this.#runs.load(run);
    }
    return run;
  }

  /** Closes the files. */
  async dispose(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map(({ opened }) => opened.store.dispose()));
  }

  get #known(): string {
    const ids = this.#runs.history.slice(-5).map(({ record }) => record.id);
    const session =
      ids.length > 0 ? `its newest runs are ${ids.join(', ')}` : 'it has no runs, run_loss starts one';
    return `${session}; a stored run is named by its file (*${ending})`;
  }

  async #inFile(given: string): Promise<Run> {
    const file = this.#roots.resolve(given);
    const { size, mtimeMs, isFile } = await stat(file).then(
      (found) => ({ size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() }),
      (error: NodeJS.ErrnoException) => {
        throw new ToolProblem(`${given} cannot be read: ${error.code ?? error.message}`);
      },
    );
    if (!isFile) throw new ToolProblem(`${given} is not a file`);
    const version = `${size} ${mtimeMs}`;
    const known = this.#open.get(file);
    const open = known?.version === version ? known : { version, opened: await this.#read(file, given) };
    if (known && known !== open) void known.opened.store.dispose();
    this.#open.delete(file);
    this.#open.set(file, open);
    this.#closeOldest();
    return open.opened.run;
  }

  async #read(file: string, given: string): Promise<OpenedFile> {
    const opened = await openedFile(file, false).catch(
      (error: NodeJS.ErrnoException) => error.code ?? String(error.message),
    );
    if (typeof opened === 'string')
      throw new ToolProblem(`${given} is not a run or a recording that can be read: ${opened}`);
    await Promise.race([opened.run.finished, sleep(readingMs, undefined, { ref: false })]);
    return opened;
  }

  #closeOldest(): void {
    for (const [file, { opened }] of this.#open) {
      if (this.#open.size <= openAtMost) return;
      this.#open.delete(file);
      void opened.store.dispose();
    }
  }
}
