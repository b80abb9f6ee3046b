import type { Run } from '../runs/run';
import type { RunStore } from '../runs/runStore';
import { Verifications, type Verifier } from '../runs/verifications';
import { ToolProblem } from './toolProblem';

/** Verifications that a tool asks for, beside those that the settings ask for. */
export class AskedVerifications {
  readonly #runs: RunStore;
  readonly #asked = new WeakSet<Run>();
  /** Those that a time limit ended. */
  readonly #cut = new WeakSet<Run>();
  readonly verifications: Verifications;

  /** @param verifier  as the settings have it */
  constructor(runs: RunStore, verifier: Verifier) {
    this.#runs = runs;
    this.verifications = new Verifications(runs, {
      isOn: (run) => this.#asked.has(run) || verifier.isOn(run),
      isSearching: (run) => verifier.isSearching(run),
      begin: (...given) => verifier.begin(...given),
    });
  }

  /**
   * Tries the fixes of a run that has ended, unless they have been tried. The results are in the run.
   *
   * @param seconds  after which the trials end with the results so far
   * @throws ToolProblem if the trials were cancelled, or those of another run took the whole time
   */
  async of(run: Run, seconds: number, signal: AbortSignal): Promise<'done' | 'cut' | 'nothing to try'> {
    this.#asked.add(run);
    this.verifications.look();
    if (this.verifications.isUnderWay(run)) await this.#ended(run, seconds, signal);
    if (run.record.verification !== 'done') return 'nothing to try';
    return this.#cut.has(run) ? 'cut' : 'done';
  }

  async #ended(run: Run, seconds: number, signal: AbortSignal): Promise<void> {
    // One run is verified at a time: the trials of another one must not be ended.
    const stop = () => {
      if (run.record.verification !== 'running') return;
      this.#cut.add(run);
      this.verifications.stop();
    };
    const timeout = AbortSignal.timeout(1000 * seconds);
    const either = AbortSignal.any([signal, timeout]);
    await new Promise<void>((resolve) => {
      const check = () => {
        const isWaiting = run.record.verification !== 'running';
        if (this.verifications.isUnderWay(run) && !(either.aborted && isWaiting)) return;
        subscription.dispose();
        resolve();
      };
      const subscription = this.#runs.onDidChange(check);
      either.addEventListener('abort', () => {
        stop();
        check();
      });
      check();
    });
    if (signal.aborted) throw new ToolProblem('the verification was cancelled');
    if (run.record.verification !== 'done')
      throw new ToolProblem(
        `the fixes were not tried within ${seconds} s, because those of another run are being tried: call this tool again`,
      );
  }
}
