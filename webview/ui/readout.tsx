import type { RefObject } from 'preact';
import { bandAt, bandNames, type ChartBand } from '../charts/bands';
import type { ChartLine } from '../charts/chartLine';
import { type BucketValue, bucketAt } from '../charts/envelope';
import { shortNumber, stepText } from '../numberText';
import { useDashboard } from './context';
import { Swatch } from './swatch';

/** The number of lines that fit a compact chart, and beside a band. */
const rowsShown = 6;
const rowsBesideBand = 2;

interface ReadoutRow {
  readonly name: string;
  readonly value: string;
  readonly line: ChartLine;
}

/** The values of all lines at a step, or the ranges of their buckets if the chart shows several steps per pixel. */
export function readoutRows(lines: readonly ChartLine[], step: number): ReadoutRow[] {
  return lines.map((line) => {
    const bucket = bucketAt(line.envelope, step);
    return {
      name: line.name,
      value: bucket === null ? 'no value' : bucketText(bucket, line.mayBeBlank),
      line,
    };
  });
}

function bucketText({ least, largest, nonFinite }: BucketValue, mayBeBlank: boolean): string {
  if (Number.isNaN(least)) return nonFinite && !mayBeBlank ? 'not finite' : 'no value';
  const text = least === largest ? shortNumber(least) : `${shortNumber(least)} to ${shortNumber(largest)}`;
  return nonFinite && !mayBeBlank ? `${text}, partly not finite` : text;
}

/** The values at the pointer, on the other side of the plot. */
interface ReadoutProps {
  readonly lines: RefObject<readonly ChartLine[]>;
  readonly band: RefObject<ChartBand | null>;
}

export function Readout({ lines, band }: ReadoutProps) {
  const dashboard = useDashboard();
  const hover = dashboard.focus.hover.value;
  if (hover === null) return null;
  const [first, last] = dashboard.focus.range;
  const side = hover > (first + last) / 2 ? 'atLeft' : 'atRight';
  const rows = readoutRows(lines.current ?? [], hover);
  const sample = band.current ? bandAt(band.current, hover) : null;
  const shown = sample ? rowsBesideBand : rowsShown;
  return (
    <div class={`readout ${side}`} aria-hidden="true">
      <div>step {stepText(hover)}</div>
      {sample && (
        <div class="readoutBand">
          <span>
            all {stepText(band.current!.of)}, at step {stepText(sample.step)}
          </span>
          {bandNames.map((name, k) => (
            <span key={name}>
              <span class="key">{name}</span> {shortNumber(sample.values[k]!)}
            </span>
          ))}
        </div>
      )}
      {rows.slice(0, shown).map(({ name, value, line }) => (
        <div key={name} class="readoutRow">
          <Swatch colour={line.colour} dash={line.dash} />
          {name !== '' && <span class="readoutName">{name}</span>}
          <span>{value}</span>
        </div>
      ))}
      {rows.length > shown && <div>{rows.length - shown} more</div>}
    </div>
  );
}
