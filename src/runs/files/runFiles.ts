import type { StepLayout } from '../../core/trace/layout';
import type { RunRecord } from '../runRecord';

/** Where runs are kept beyond the window. */
export interface RunFiles {
  /** All valid records, oldest first. Never rejects: files that cannot be read are in `problems` and are not changed. */
  readRecords(): Promise<StoredRecords>;
  /** Writes the record in place of the old one, whole or not at all. Rejects if that cannot be done. */
  writeRecord(record: RunRecord): Promise<void>;
  createSteps(id: string, layout: StepLayout, plan: StepsPlan): StepsWriter;
  /** null if the run has no steps on disk. Rejects if they cannot be opened. */
  openSteps(id: string, layout: StepLayout): Promise<StepsReader | null>;
  /** Removes everything of a run. Rejects if that cannot be done. */
  remove(id: string): Promise<void>;
}

export interface StoredRecords {
  readonly records: readonly RunRecord[];
  readonly problems: readonly FileProblem[];
}

/** A file that could not be read. */
export interface FileProblem {
  /** Its name in the folder. */
  readonly file: string;
  /** One sentence with the file and the error. */
  readonly message: string;
}

/** How many records are to be expected. */
export interface StepsPlan {
  readonly steps: number;
  /** The source reports every how many steps. */
  readonly stride: number;
}

/** Appends the records of one run. */
export interface StepsWriter {
  /** Receives the record in `data` at `offset`; it is on disk within a second. */
  append(data: Float64Array, offset: number): void;
  /** Waits until everything is on disk. Rejects if something could not be written: then the steps end before that. */
  close(): Promise<void>;
}

/** Reads the records of one run from its first step on. */
export interface StepsReader {
  /** Records are kept every how many steps. */
  readonly stride: number;
  /** Whole records, several at a time. Each array is valid until the next one is requested. */
  blocks(): AsyncIterable<Float64Array>;
  /** Why reading ended before the end of the file, without a full stop; null if it did not. Known after the last block. */
  readonly damage: string | null;
  close(): Promise<void>;
}
