import { useEffect, useRef, useState } from 'preact/hooks';
import type { TensorMap, TensorsAtStep, TensorView } from '../../../src/protocol/panel';
import type { TensorStatistic } from '../../state/tensorStatistics';
import { useDashboard } from '../context';

/** The time between two requests while the step cursor moves or the recording grows. */
const restMs = 150;

/** An answer of the host; null before the first one. One request at a time; a failed one leaves the last answer. */
function useAnswer<T>(key: string, ask: () => Promise<T>): T | null {
  const [answer, setAnswer] = useState<T | null>(null);
  const state = useRef({ wanted: '', asked: '', isBusy: false, isAlive: true, ask });
  const own = state.current;
  own.ask = ask;
  own.wanted = key;
  useEffect(() => {
    const request = () => {
      if (own.isBusy || !own.isAlive || own.wanted === own.asked) return;
      own.isBusy = true;
      own.asked = own.wanted;
      const settle = (next?: T) => {
        own.isBusy = false;
        if (!own.isAlive) return;
        if (next !== undefined) setAnswer(next);
        request();
      };
      own.ask().then(settle, () => settle());
    };
    const timer = setTimeout(request, own.asked === '' ? 0 : restMs);
    return () => clearTimeout(timer);
  }, [own, key]);
  useEffect(() => {
    own.isAlive = true;
    return () => {
      own.isAlive = false;
    };
  }, [own]);
  return answer;
}

/** The parameter tensors of a training. */
export function useTensors(runId: string): readonly TensorView[] {
  const { host } = useDashboard();
  return useAnswer(runId, () => host.tensors(runId)) ?? [];
}

/** What is recorded of them at the recorded step nearest to `step`. */
export function useTensorsAt(runId: string, step: number, steps: number): TensorsAtStep | null {
  const { host } = useDashboard();
  return useAnswer(`${runId} ${step} ${steps}`, () => host.tensorsAt(runId, step));
}

interface StatisticMap {
  readonly statistic: TensorStatistic;
  readonly map: TensorMap | null;
}

/** A statistic over the recorded steps, which grow. */
export function useTensorMap(runId: string, statistic: TensorStatistic, steps: number): TensorMap | null {
  const { host } = useDashboard();
  const answer = useAnswer<StatisticMap>(`${runId} ${statistic} ${steps}`, async () => ({
    statistic,
    map: await host.tensorMap(runId, statistic),
  }));
  return answer?.statistic === statistic ? answer.map : null;
}
