import type { LossLoader } from '../../loss/providers/lossProvider';
import type { SourceBase } from '../../loss/source';
import type { ControlWorker } from '../../protocol/control';
import type { Job, ThreadMessage } from '../../protocol/worker';

export type Post = (event: ThreadMessage) => void;

/** What every job works with. It knows the loss by its loader alone, whatever its language. */
export interface JobEnvironment {
  readonly source: SourceBase;
  readonly loader: LossLoader;
  readonly control: ControlWorker;
  readonly post: Post;
}

export type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>;
