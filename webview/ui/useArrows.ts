import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { RunView } from '../../src/protocol/panel';
import type { StepArrows } from '../charts/stepArrows';
import { useDashboard } from './context';
import { useRows } from './useRows';

/** The gradient and the update of the step of the cursor, for the contour, which is painted when they arrive. */
export function useArrows(run: RunView, isWanted: boolean): RefObject<StepArrows | null> {
  const { focus, paint } = useDashboard();
  const arrows = useRef<StepArrows | null>(null);
  const { rows } = useRows(
    {
      runId: run.id,
      steps: isWanted && focus.steps > 0 ? [focus.step] : [],
      quantities: ['params', 'grad', 'update'],
      coordinates: [0, 1],
    },
    30,
  );
  useEffect(() => {
    arrows.current = null;
    if (rows?.kept[0] === true && rows.columns.length === 6) {
      const at = (quantity: string, coordinate: number) =>
        rows.values[
          rows.columns.findIndex((each) => each.quantity === quantity && each.coordinate === coordinate)
        ]!;
      const pair = (value: (coordinate: number) => number) => [value(0), value(1)] as const;
      const sign = run.maximizes ? 1 : -1;
      arrows.current = {
        from: pair((i) => at('params', i) - at('update', i)),
        update: pair((i) => at('update', i)),
        descent: pair((i) => sign * at('grad', i)),
      };
    }
    paint.request();
  }, [rows, run.maximizes, paint]);
  return arrows;
}
