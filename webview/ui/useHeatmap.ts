import { useEffect, useRef, useState } from 'preact/hooks';
import type { HeatmapView, Quantity } from '../../src/protocol/panel';
import { useDashboard } from './context';

/** During a run, a heatmap changes by a column every few steps. */
const restMs = 500;

/** The heatmap of a quantity, from the host; null before the first answer. Requested again when the run has more steps. */
export function useHeatmap(
  runId: string,
  quantity: Quantity,
  level: number,
  steps: number,
): HeatmapView | null {
  const { host } = useDashboard();
  const [answer, setAnswer] = useState<{ key: string; map: HeatmapView | null }>({ key: '', map: null });
  const asked = useRef('');
  const key = `${runId} ${quantity} ${level}`;
  useEffect(() => {
    let isWanted = true;
    const wanted = `${key} ${steps}`;
    const timer = setTimeout(
      () => {
        if (asked.current === wanted) return;
        asked.current = wanted;
        host.heatmap(runId, quantity, level).then(
          (map) => isWanted && setAnswer({ key, map }),
          // The last answer remains.
          () => {},
        );
      },
      answer.key === key ? restMs : 0,
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [host, runId, quantity, level, steps, key, answer.key]);
  return answer.key === key ? answer.map : null;
}
