import { useEffect, useState } from 'preact/hooks';
import { unpacked } from '../../../src/protocol/packedNumbers';
import type { Explanation } from '../../../src/protocol/panel';
import { useDashboard } from '../context';

/** The delay after the last change of the step, because a cursor that moves causes many. */
const restMs = 60;
/** A replay evaluates the loss many times, so it waits until the cursor stays. */
const replayRestMs = 500;

export interface ExplanationAnswer {
  /** The newest explanation of the coordinate, possibly of an earlier step. */
  readonly explanation: Explanation | null;
  readonly failure: string | null;
  /** What the step needs, if it is not recorded. */
  readonly replay: 'none' | 'offered' | 'running';
}

const nothing: ExplanationAnswer = { explanation: null, failure: null, replay: 'none' };

/**
 * The explanation of an update from the host. A step that is not recorded is replayed where the loss may be evaluated without
 * asking, else on request.
 */
export function useExplanation(
  runId: string,
  step: number,
  coordinate: number,
  mayEvaluate: boolean,
): ExplanationAnswer & { readonly replayNow: () => void; readonly cancel: () => void } {
  const { host } = useDashboard();
  const [answer, setAnswer] = useState<ExplanationAnswer>(nothing);
  const [requested, setRequested] = useState('');
  const wanted = `${runId} ${step} ${coordinate}`;
  const mayReplay = requested === wanted;
  useEffect(() => {
    let isWanted = true;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const settle = (next: Partial<ExplanationAnswer>) => {
      if (isWanted) setAnswer((before) => ({ ...before, failure: null, replay: 'none', ...next }));
    };
    const ask = async (replays: boolean) => {
      try {
        const result = await host.explainUpdate(runId, step, coordinate, replays);
        if (!isWanted) return;
        if (result !== null) settle({ explanation: unpacked(result) });
        else if (!mayEvaluate) settle({ explanation: null, replay: 'offered' });
        else timer = setTimeout(() => replay(), replayRestMs);
      } catch (error) {
        settle({ explanation: null, failure: error instanceof Error ? error.message : String(error) });
      }
    };
    const replay = () => {
      settle({ explanation: null, replay: 'running' });
      void ask(true);
    };
    timer = setTimeout(() => (mayReplay ? replay() : void ask(false)), restMs);
    return () => {
      isWanted = false;
      if (timer !== null) clearTimeout(timer);
    };
  }, [host, runId, step, coordinate, mayEvaluate, mayReplay]);
  return {
    ...answer,
    replayNow: () => setRequested(wanted),
    cancel: () => host.stopExplaining(),
  };
}
