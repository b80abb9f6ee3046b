import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Recording } from '../../recordings/recording';
import { runFileEnding } from '../files/diskRunFiles';
import { RecordingReader } from './recordingReader';

/** The head of the recording in a file; null if it is none, or its head cannot be read. */
export async function headOfRecording(file: string): Promise<Recording | null> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return null;
  try {
    const reader = await RecordingReader.open(handle);
    return reader === null || typeof reader === 'string' ? null : reader.recording;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

/** Processes of one job may begin to train at different times, but not this far apart. */
const longestDelayMs = 10 * 60_000;

/** A recording of another rank of the same training. */
export interface RankFile {
  readonly file: string;
  readonly rank: number;
}

/**
 * The other ranks' recordings of a distributed training, which are in the same folder, in the order of their ranks. Of several
 * trainings of one job, those that began at nearly the same time.
 */
export async function otherRanks(file: string, recording: Recording): Promise<readonly RankFile[]> {
  const own = recording.distributed;
  if (!own) return [];
  const folder = path.dirname(file);
  const names = (await readdir(folder)).filter((name) => name.endsWith(runFileEnding));
  const found = new Map<number, { readonly file: string; readonly delay: number }>();
  for (const name of names) {
    const other = path.join(folder, name);
    if (other === path.resolve(file)) continue;
    const head = await headOfRecording(other);
    const rank = head?.distributed;
    if (
      !head ||
      !rank ||
      rank.job !== own.job ||
      rank.rank === own.rank ||
      head.optimizer !== recording.optimizer
    )
      continue;
    const delay = Math.abs(head.startedAt - recording.startedAt);
    if (delay > longestDelayMs || delay >= (found.get(rank.rank)?.delay ?? Number.POSITIVE_INFINITY))
      continue;
    found.set(rank.rank, { file: other, delay });
  }
  return [...found].map(([rank, each]) => ({ rank, file: each.file })).sort((a, b) => a.rank - b.rank);
}
