import { useEffect, useRef, useState } from 'preact/hooks';
import type { RankingView } from '../../src/protocol/panel';
import { useDashboard } from './context';

/** The step changes with every movement of the cursor and every step of a run. */
const restMs = 150;

/**
 * The ranking nearest to a step, from the host; null before the first answer, and if the run has none. One request at a time. A
 * failed request leaves the last answer.
 */
export function useRanking(runId: string, step: number): RankingView | null {
  const { host } = useDashboard();
  const [ranking, setRanking] = useState<RankingView | null>(null);
  const state = useRef({ wanted: 0, asked: 0, isBusy: false, isAlive: true });
  useEffect(() => {
    const own = state.current;
    own.wanted = step;
    const ask = () => {
      if (own.isBusy || !own.isAlive || own.wanted === own.asked || own.wanted < 1) return;
      own.isBusy = true;
      own.asked = own.wanted;
      const settle = (answer: RankingView | null | undefined) => {
        own.isBusy = false;
        if (!own.isAlive) return;
        if (answer !== undefined) setRanking(answer);
        ask();
      };
      host.ranking(runId, own.asked).then(settle, () => settle(undefined));
    };
    const timer = setTimeout(ask, restMs);
    return () => clearTimeout(timer);
  }, [host, runId, step]);
  useEffect(() => {
    const own = state.current;
    own.isAlive = true;
    return () => {
      own.isAlive = false;
    };
  }, []);
  return ranking;
}
