import { useEffect, useState } from 'preact/hooks';
import type { Quantity, Rows } from '../../src/protocol/panel';
import { useDashboard } from './context';

export interface RowsQuery {
  readonly runId: string;
  readonly steps: readonly number[];
  readonly quantities: readonly Quantity[];
  readonly coordinates: readonly number[];
  /** Anything whose change makes the same question worth asking again. */
  readonly version: number;
}

export interface RowsAnswer {
  readonly rows: Rows | null;
  readonly failure: string | null;
}

/** Exact values from the host, once the question has rested for `restMs`. Answers to older questions are dropped. */
export function useRows(query: RowsQuery, restMs: number): RowsAnswer {
  const { host } = useDashboard();
  const [answer, setAnswer] = useState<RowsAnswer>({ rows: null, failure: null });
  const text = JSON.stringify(query);
  useEffect(() => {
    const { runId, steps, quantities, coordinates } = JSON.parse(text) as RowsQuery;
    if (steps.length === 0) return;
    let current = true;
    const timer = setTimeout(() => {
      host.rows(runId, steps, quantities, coordinates).then(
        (rows) => current && setAnswer({ rows, failure: null }),
        (error: unknown) =>
          current &&
          setAnswer({ rows: null, failure: error instanceof Error ? error.message : String(error) }),
      );
    }, restMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [host, text, restMs]);
  return answer;
}
