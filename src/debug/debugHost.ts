import type { SourceLocation } from '../core/sourceLocation';
import type { Disposable } from '../runs/emitter';
import type { Run } from '../runs/run';
import type { RunOrder } from '../runs/runOrder';
import type { RunFork } from '../runs/runRecord';
import type { RunStore } from '../runs/runStore';
import type { LaunchArguments } from './launchArguments';

/** A run that a debug session looks at. */
export interface DebuggedRun {
  readonly store: RunStore;
  readonly run: Run;
  /** The order that it was started with; null for a stored run, which is read only. */
  readonly order: RunOrder | null;
  /** The places of the loss; null if they are not known. */
  readonly places: LossPlaces | null;
  /** The file of a stored run whose editor is what its frames show; absent if there is no such editor. */
  readonly shownFile?: string;
}

/** Where a session shows its frames, and where breakpoints on the loss may be. */
export interface LossPlaces {
  /** The name of the loss. */
  readonly name: SourceLocation;
  /** The function with its comment. */
  readonly extent: SourceLocation;
  /** The options of the optimizer in the annotation; null without one. */
  readonly optimizer: SourceLocation | null;
}

/** A reason why nothing can be debugged. Its message is a sentence for the user. */
export class CannotDebug extends Error {}

/** What a debug session needs from the program around it: VS Code, or the command line. */
export interface DebugHost {
  /**
   * Opens a stored run, or starts the run of a loss, paused before its first step.
   *
   * @throws CannotDebug if there is no such loss or file, or the loss cannot be run
   */
  launch(launch: LaunchArguments): Promise<DebuggedRun>;
  /** Starts a run that leaves another one. */
  fork(from: DebuggedRun, order: RunOrder, fork: RunFork): Run;
  /** Shows a step in the dashboard. */
  show(run: Run, step: number): void;
  /** Receives the steps that the user moves the cursor of the dashboard to. */
  onDidMoveCursor(listener: (move: { readonly runId: string; readonly step: number }) => void): Disposable;
  /** The session has ended. */
  release(debugged: DebuggedRun): Promise<void>;
}
