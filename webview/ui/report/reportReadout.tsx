import { styleOf } from '../../charts/lineChart';
import { readAt } from '../../charts/lineWords';
import type { ReportChartLine } from '../../charts/reportLines';
import { exactNumber } from '../../numberText';
import { useThemeSignal } from '../context';
import { Swatch } from '../swatch';

/** The number of lines that fit beside the pointer. */
const rowsShown = 12;

interface ReportReadoutProps {
  readonly lines: readonly ReportChartLine[];
  readonly xTitle: string;
  readonly x: number;
  /** The side of the plot opposite to the pointer. */
  readonly side: 'atLeft' | 'atRight';
}

/** The exact values of all lines at one x. */
export function ReportReadout({ lines, xTitle, x, side }: ReportReadoutProps) {
  const theme = useThemeSignal().value;
  const readings = readAt(lines, x);
  return (
    <div class={`readout ${side}`} aria-hidden="true">
      <div>
        {xTitle} {exactNumber(x)}
      </div>
      {readings.slice(0, rowsShown).map(({ name, value, slot, count }) => (
        <div key={name} class="readoutRow">
          <Swatch {...styleOf(slot, count, theme)} />
          {count > 1 && <span class="readoutName">{name}</span>}
          <span class="readoutValue">{value}</span>
        </div>
      ))}
      {readings.length > rowsShown && <div>{readings.length - rowsShown} more</div>}
    </div>
  );
}
