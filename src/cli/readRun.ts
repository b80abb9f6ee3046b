import { type RunInFile, readRunFile, UnreadableRun } from '../runs/files/runInFile';
import { BadInput } from './badInput';

/** @throws BadInput if the file is not a run */
export async function readRun(file: string): Promise<RunInFile> {
  try {
    return await readRunFile(file);
  } catch (error) {
    throw error instanceof UnreadableRun ? new BadInput(error.message) : error;
  }
}
