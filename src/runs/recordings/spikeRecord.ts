import { open } from 'node:fs/promises';
import type { Finding } from '../../core/diagnosis/finding';
import { decodeKeyframe, stepOfKeyframe } from '../../recordings/recordedKeyframe';
import type { RecordedStep } from '../../recordings/rules/rule';
import { followedSteps, type SpikeRecord } from '../../recordings/spikePlan';
import { RecordingReader } from './recordingReader';

/** Recorded steps before the spike that are kept although no keyframe before them is. */
const mostBefore = 100;
/** Keyframes that are kept while the file is read: one of them lies before the last row before the spike. */
const mostKeyframes = 4;

/**
 * Reads what a recording contains around a spike: the steps of its rows, and the last keyframe before it that another row with a loss
 * follows before the spike, so that a replay can be compared with the recording first.
 *
 * @returns why the file cannot be read, without a full stop, if it cannot
 * @throws the error of the file system
 */
export async function spikeRecord(file: string, { steps: [at] }: Finding): Promise<SpikeRecord | string> {
  const handle = await open(file, 'r');
  let reader: RecordingReader | string | null = null;
  try {
    reader = await RecordingReader.open(handle);
    if (reader === null) return 'it is no recording';
    if (typeof reader === 'string') return reader;
    const { recording } = reader;
    const keyframes: Uint8Array[] = [];
    let steps: RecordedStep[] = [];
    for await (const batch of reader.batches()) {
      keyframes.push(
        ...batch.keyframes.filter((each) => stepOfKeyframe(each) < at).map((each) => each.slice()),
      );
      keyframes.splice(0, keyframes.length - mostKeyframes);
      const from = keyframes[0] ? stepOfKeyframe(keyframes[0]) : at;
      steps.push(...batch.steps.filter(({ t }) => t <= at + followedSteps));
      steps = steps.filter(({ t }, i) => t > from || i >= steps.length - mostBefore);
      if (batch.steps.some(({ t }) => t > at + followedSteps)) break;
    }
    const lastBefore = steps.findLast(({ t, loss }) => t < at && loss !== null)?.t ?? at;
    const keyframe = keyframes.findLast((each) => stepOfKeyframe(each) < lastBefore);
    return { recording, state: keyframe ? decodeKeyframe(keyframe, recording) : null, steps };
  } finally {
    await handle.close().catch(() => {});
  }
}
