import { ActiveRun } from '../../runner/activeRun';
import type { RunOrder } from '../../runs/runOrder';
import type { RunControl, RunEnd, StepListener, StepSource } from '../../runs/stepSource';

/** A run in a worker as a source of steps. */
export class JobSource implements StepSource {
  readonly ended: Promise<RunEnd>;
  readonly #workerFile: string;
  readonly #order: RunOrder;
  #run: ActiveRun | null = null;
  #resolve!: (end: RunEnd) => void;

  constructor(workerFile: string, order: RunOrder) {
    this.#workerFile = workerFile;
    this.#order = order;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  open(listener: StepListener): void {
    const { source, config, limits, diagnosis } = this.#order;
    const { onOpened, ...rest } = listener;
    this.#run = new ActiveRun(
      { workerFile: this.#workerFile, source, config, limits, diagnosis },
      {
        ...rest,
        onLoaded: ({ start, layout, gradientMode, texts }) =>
          onOpened?.({ start, layout, gradientMode, texts }),
      },
    );
    void this.#run.ended.then(this.#resolve);
  }

  readonly control: RunControl = {
    pause: () => this.#run?.pause(),
    resume: () => this.#run?.resume(),
    step: () => this.#run?.step(),
    setLr: (lr) => this.#run?.setLr(lr),
  };

  close(): void {
    if (this.#run) this.#run.stop();
    else this.#resolve({ outcome: null, problems: [], expectation: null });
  }
}
