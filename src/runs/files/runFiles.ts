import type { Keyframe } from '../../core/keyframe';
import type { StepLayout } from '../../core/trace/layout';
import type { VectorSample } from '../../core/trace/vectorSample';
import type { PickedValues } from '../pickedHistory';
import type { RunRecord } from '../runRecord';

/** Storage for runs that outlive the window. */
export interface RunFiles {
  /**
   * All valid records, oldest first, without the long vectors of large runs, as far as the index knows them. Never rejects: files
   * that cannot be read are in `problems` and are not changed.
   */
  readRecords(): Promise<StoredRecords>;
  /** The whole record of a run. Must be called before a record that is not whole is written. Returns why it cannot be read. */
  readRecord(id: string): Promise<RunRecord | string>;
  /** Replaces the record atomically. Rejects if it cannot be written. */
  writeRecord(record: RunRecord): Promise<void>;
  createSteps(id: string, layout: StepLayout, plan: StepsPlan): StepsWriter;
  /** Adds values of a coordinate that was chosen after the run began. Rejects if they cannot be written. */
  writePicked(id: string, picked: PickedValues): Promise<void>;
  /** null if the run has no steps on disk. Rejects if they cannot be opened. */
  openSteps(id: string): Promise<StepsReader | null>;
  /** The size of the file of a run in bytes, as far as it has been written; 0 if it has none. */
  bytesOf(id: string): number;
  /** Waits until the index is on disk. Never rejects. */
  settle(): Promise<void>;
  /** Removes all files of a run. Rejects if they cannot be removed. */
  remove(id: string): Promise<void>;
}

export interface StoredRecords {
  readonly records: readonly StoredRecord[];
  readonly problems: readonly FileProblem[];
}

export interface StoredRecord {
  readonly record: RunRecord;
  /** Whether it has its vectors: the start, the last and the best point, and the coordinates of layout and findings. */
  readonly isWhole: boolean;
}

/** A file that could not be read. */
export interface FileProblem {
  /** Its name in the folder. */
  readonly file: string;
  /** One sentence with the file and the error. */
  readonly message: string;
}

/** The number of records to expect. */
export interface StepsPlan {
  readonly steps: number;
  /** The number of steps from one record of the source to the next. */
  readonly stride: number;
}

/** Appends the records of one run. */
export interface StepsWriter {
  /** Receives the record in `data` at `offset`; it is on disk within a second. */
  append(data: Float64Array, offset: number): void;
  /** Receives a sample of all coordinates, which is written with the next records. */
  sample(sample: VectorSample): void;
  /** Receives a state of the run, which is written with the next records. */
  keyframe(keyframe: Keyframe): void;
  /** Waits until everything is on disk. Rejects if a record could not be written; the file then ends before that record. */
  close(): Promise<void>;
}

export interface StepBlock {
  /** Records one after the other. */
  readonly records: Float64Array;
  readonly samples: readonly VectorSample[];
  readonly keyframes: readonly Keyframe[];
  readonly picked: readonly PickedValues[];
}

/** Reads the records of one run from its first step on. */
export interface StepsReader {
  /** The number of steps from one stored record to the next. */
  readonly stride: number;
  /** Whole records, several at a time, and what was written with them. The records are valid until the next block is requested. */
  blocks(): AsyncIterable<StepBlock>;
  /**
   * The reason why reading ended before the end of the file, without a full stop; null if all was read. Known after the last block.
   */
  readonly damage: string | null;
  close(): Promise<void>;
}
