import type { UserLoss } from '../../loss/objective';
import type { ControlWorker } from '../../protocol/control';
import type { Job, LossSource, WorkerEvent } from '../../protocol/worker';
import type { LoadedModule } from '../loadedLoss';

export type Post = (event: WorkerEvent) => void;

/** What every job works with. */
export interface Setting {
  readonly source: LossSource;
  readonly module: LoadedModule;
  readonly user: UserLoss;
  readonly control: ControlWorker;
  readonly post: Post;
}

export type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>;
