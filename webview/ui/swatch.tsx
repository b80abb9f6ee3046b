import type { LineStyle } from '../charts/lineStyle';

/** A short sample of a coordinate's line, with its dashes. */
export function Swatch({ colour, dash }: LineStyle) {
  return (
    <svg class="swatch" width="18" height="8" viewBox="0 0 18 8" aria-hidden="true" focusable="false">
      <line x1="1" y1="4" x2="17" y2="4" stroke={colour} stroke-width="3" stroke-dasharray={dash.join(' ')} />
    </svg>
  );
}
