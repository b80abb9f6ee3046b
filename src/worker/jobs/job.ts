import type { GradientMode } from '../../core/config/runConfig';
import type { Objective } from '../../core/objective';
import type { UserLoss } from '../../loss/providers/javascript/userObjective';
import type { LossSource } from '../../loss/source';
import type { ControlWorker } from '../../protocol/control';
import type { Job, ThreadMessage } from '../../protocol/worker';
import type { LoadedModule } from '../loadedLoss';
import type { LossAtWork, RewrittenLoss } from '../lossAtWork';
import type { Locate } from '../problems';

export type Post = (event: ThreadMessage) => void;

/** What every job works with. */
export interface Setting {
  readonly source: LossSource;
  readonly module: LoadedModule;
  readonly user: UserLoss;
  /** With the best gradient that the loss allows. */
  readonly objective: (dim: number) => Objective;
  readonly rewritten: RewrittenLoss | null;
  /**
   * The loss loaded once more, for another way to make its gradient.
   *
   * @throws JobFailure if that cannot be had
   */
  readonly withGradientMode: (mode: GradientMode) => Promise<LossAtWork>;
  /** Where in the user's source an error was thrown, whichever of the loaded modules it was in. */
  readonly locate: Locate;
  readonly control: ControlWorker;
  readonly post: Post;
}

export type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>;
