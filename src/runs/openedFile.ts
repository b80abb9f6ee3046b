import { RankComparison } from '../recordings/rankComparison';
import type { Recording } from '../recordings/recording';
import { FollowedRun } from './followedRun';
import { FollowedRecording } from './recordings/followedRecording';
import { headOfRecording, otherRanks } from './recordings/recordingHeads';
import type { Run } from './run';
import { RunStore } from './runStore';

/** What a file contains. */
export interface OpenedFile {
  /** Of the runs in the file, and of the other ranks of a distributed training. */
  readonly store: RunStore;
  /** The run or the recording in the file itself. */
  readonly run: Run;
}

/**
 * The run or the recording in a file, which grows with the file. Of a distributed training, the recordings of the other ranks in the same
 * folder are opened too, and compared.
 *
 * @param follows  whether a recording is followed until it ends; otherwise it is read to where it is now
 * @returns why the file cannot be read, without a full stop, if it cannot
 * @throws the error of the file system
 */
export async function openedFile(file: string, follows = true): Promise<OpenedFile | string> {
  const head = await headOfRecording(file);
  const opened = head ? await recordingsOf(file, head, follows) : await runOf(file);
  if (typeof opened === 'string') return opened;
  const store = new RunStore({
    files: null,
    openSource: () => {
      throw new Error('a file cannot be run');
    },
  });
  await store.restore();
  if ('record' in opened) return { store, run: store.add(opened.source, opened.record) };
  const runs = opened.map((each) => store.add(each, each.description, nameOf(each)));
  return { store, run: runs.at(-1)! };
}

async function runOf(file: string): ReturnType<typeof FollowedRun.of> {
  // The recording of a training whose head is damaged says what is wrong.
  const recording = await FollowedRecording.of(file);
  return typeof recording === 'string' ? recording : FollowedRun.of(file);
}

/** The recordings of the other ranks, and that of the file, which is the last one: the newest run is shown. */
async function recordingsOf(
  file: string,
  head: Recording,
  follows: boolean,
): Promise<FollowedRecording[] | string> {
  const isCompared = head.distributed !== null && !head.distributed.sharded;
  const ranks = isCompared ? new RankComparison(head) : null;
  const others: FollowedRecording[] = [];
  for (const each of await otherRanks(file, head)) {
    const other = await FollowedRecording.of(each.file, { follows, ranks, others: Promise.resolve() });
    if (other !== null && typeof other !== 'string') others.push(other);
  }
  const ended = Promise.all(others.map((other) => other.ended));
  const own = await FollowedRecording.of(file, { follows, ranks, others: ended });
  if (own === null) return 'it is not the recording that it was a moment ago';
  return typeof own === 'string' ? own : [...others, own];
}

function nameOf({ description: { recording } }: FollowedRecording): { readonly name?: string } {
  const rank = recording?.distributed?.rank;
  return rank === undefined ? {} : { name: `rank ${rank}` };
}
