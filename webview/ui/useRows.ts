import { useEffect, useRef, useState } from 'preact/hooks';
import type { Quantity, Rows } from '../../src/protocol/panel';
import { useDashboard } from './context';

export interface RowsQuery {
  readonly runId: string;
  readonly steps: readonly number[];
  readonly quantities: readonly Quantity[];
  readonly coordinates: readonly number[];
}

export interface RowsAnswer {
  readonly rows: Rows | null;
  readonly failure: string | null;
}

/**
 * Exact values from the host. Only one request is sent at a time, and the next one waits `restMs`. A request
 * that changes constantly, such as for the table of a running run, is thus answered regularly. An answer for
 * a run, quantities or coordinates that are no longer wanted is ignored.
 */
export function useRows(query: RowsQuery, restMs: number): RowsAnswer {
  const { host } = useDashboard();
  const [answer, setAnswer] = useState<RowsAnswer>({ rows: null, failure: null });
  const asking = useRef<Asking>({ wanted: '', asked: '', timer: null, busy: false, alive: true });
  const text = JSON.stringify(query);
  useEffect(() => {
    const state = asking.current;
    state.wanted = text;
    const ask = () => {
      state.timer = null;
      state.asked = state.wanted;
      const asked = JSON.parse(state.asked) as RowsQuery;
      const settle = (next: RowsAnswer) => {
        state.busy = false;
        if (!state.alive) return;
        if (subjectOf(asked) === subjectOf(JSON.parse(state.wanted) as RowsQuery)) setAnswer(next);
        later();
      };
      state.busy = true;
      host.rows(asked.runId, asked.steps, asked.quantities, asked.coordinates).then(
        (rows) => settle({ rows, failure: null }),
        (error: unknown) =>
          settle({ rows: null, failure: error instanceof Error ? error.message : String(error) }),
      );
    };
    const later = () => {
      if (state.busy || state.timer !== null || state.wanted === state.asked) return;
      if ((JSON.parse(state.wanted) as RowsQuery).steps.length > 0) state.timer = setTimeout(ask, restMs);
    };
    later();
  }, [host, text, restMs]);
  useEffect(() => {
    const state = asking.current;
    state.alive = true;
    return () => {
      state.alive = false;
      if (state.timer !== null) clearTimeout(state.timer);
      state.timer = null;
    };
  }, []);
  return answer;
}

interface Asking {
  /** Requests as JSON: the wanted one, and the last one that was sent. */
  wanted: string;
  asked: string;
  timer: ReturnType<typeof setTimeout> | null;
  busy: boolean;
  alive: boolean;
}

function subjectOf({ runId, quantities, coordinates }: RowsQuery): string {
  return JSON.stringify([runId, quantities, coordinates]);
}
