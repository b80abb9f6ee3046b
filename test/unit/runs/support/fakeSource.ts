import type { StepLayout } from '../../../../src/core/trace/layout';
import type { RunControl, RunEnd, StepListener, StepSource } from '../../../../src/runs/stepSource';
import { someVerdict } from '../../../support/verdicts';
import { layout, stepRecord } from './runRecord';

/** A source of steps that a test controls. */
export class FakeSource implements StepSource {
  /** The calls that it received, in order. */
  readonly asked: string[] = [];
  readonly ended: Promise<RunEnd>;
  readonly control: RunControl | null;
  /** false: closing takes time, and the test ends it. */
  closesAtOnce = true;
  readonly #layout: StepLayout;
  #listener: StepListener | null = null;
  #steps = 0;
  #resolve!: (end: RunEnd) => void;

  constructor({ hasControl = true, of = layout }: { hasControl?: boolean; of?: StepLayout } = {}) {
    this.#layout = of;
    const note = (what: string) => () => void this.asked.push(what);
    this.control = hasControl
      ? {
          pause: note('pause'),
          resume: note('resume'),
          step: note('step'),
          setStops: note('stops'),
          setLr: (lr) => {
            this.asked.push(`lr ${lr}`);
            this.listener.onLrChange?.(this.#steps + 1, lr);
          },
        }
      : null;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get isOpen(): boolean {
    return this.#listener !== null;
  }

  get listener(): StepListener {
    if (!this.#listener) throw new Error('not open');
    return this.#listener;
  }

  open(listener: StepListener): void {
    if (this.#listener) throw new Error('opened twice');
    this.#listener = listener;
  }

  close(): void {
    this.asked.push('close');
    if (this.closesAtOnce) this.end('user');
  }

  load(): void {
    this.listener.onOpened?.({ start: [1, 2], layout: this.#layout, gradientMode: 'exact', texts: [] });
  }

  take(count: number): void {
    for (let i = 0; i < count; i++) this.listener.onRecord?.(stepRecord(++this.#steps, this.#layout), 0);
    this.listener.onSteps?.();
  }

  end(stopped: 'steps' | 'user' = 'steps'): void {
    const params = Float64Array.of(0, 0);
    const outcome = {
      steps: this.#steps,
      stopped,
      final: { params, loss: 1, gradNorm: 1 },
      best: { params, loss: 1, t: 1 },
      verdict: someVerdict,
    };
    this.#resolve({ outcome: this.#steps > 0 ? outcome : null, problems: [], expectation: null });
  }

  fail(problems: RunEnd['problems']): void {
    this.#resolve({ outcome: null, problems, expectation: null });
  }
}
