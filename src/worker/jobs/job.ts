import type { SourceEdit } from '../../core/sourceEdit';
import type { LoaderContext, LossLoader } from '../../loss/providers/lossProvider';
import type { SourceBase } from '../../loss/source';
import type { ControlWorker } from '../../protocol/control';
import type { Job, ThreadMessage } from '../../protocol/worker';

export type Post = (event: ThreadMessage) => void;

/** The inputs of every job. The loss is accessed only through its loader, independent of its language. */
export interface JobEnvironment {
  readonly source: SourceBase;
  readonly loader: LossLoader;
  /** Loads the loss a second time, for evaluations that must not affect those of the job. It reports nothing. */
  readonly besideLoader: LossLoader;
  /** The same loaders for the source with an edit; null if its text has changed. They report nothing. */
  readonly edited: (edit: SourceEdit) => Pick<JobEnvironment, 'loader' | 'besideLoader'> | null;
  /** See `LoaderContext`. */
  readonly silence: LoaderContext['silence'];
  readonly control: ControlWorker;
  readonly post: Post;
}

export type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>;
