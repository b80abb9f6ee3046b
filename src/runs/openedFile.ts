import { FollowedRun } from './followedRun';
import { FollowedRecording } from './recordings/followedRecording';
import { RunStore } from './runStore';

/**
 * A store with the run or the recording in a file, which grows with the file.
 *
 * @returns the store, or why the file cannot be read, without a full stop
 * @throws the error of the file system
 */
export async function openedFile(file: string): Promise<RunStore | string> {
  const recording = await FollowedRecording.of(file);
  if (typeof recording === 'string') return recording;
  const store = new RunStore({
    files: null,
    openSource: () => {
      throw new Error('a file cannot be run');
    },
  });
  if (recording) {
    await store.restore();
    store.add(recording, recording.description);
    return store;
  }
  const followed = await FollowedRun.of(file);
  if (typeof followed === 'string') return followed;
  await store.restore();
  store.add(followed.source, followed.record);
  return store;
}
