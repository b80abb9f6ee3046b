import { styleOf } from '../../charts/lineChart';
import type { ReportChartLine } from '../../charts/reportLines';
import { useThemeSignal } from '../context';
import { Swatch } from '../swatch';

interface ReportLegendProps {
  readonly title: string;
  readonly lines: readonly ReportChartLine[];
  readonly hidden: ReadonlySet<string>;
  readonly onHidden: (names: readonly string[]) => void;
  /** Called with the line under the pointer or with the focus; null for none. */
  readonly onPointed: (name: string | null) => void;
}

/** The legend: pressing a name hides or shows its line, pointing at it highlights the line. */
export function ReportLegend({ title, lines, hidden, onHidden, onPointed }: ReportLegendProps) {
  const theme = useThemeSignal().value;
  const toggle = (name: string) =>
    onHidden(hidden.has(name) ? [...hidden].filter((other) => other !== name) : [...hidden, name]);
  return (
    <fieldset class="chips legend" aria-label={`Lines of ${title}`}>
      {lines.map(({ name, slot, count }) => {
        const shown = !hidden.has(name);
        return (
          <button
            type="button"
            class="chip"
            key={name}
            title={shown ? `Hide ${name}` : `Show ${name}`}
            aria-pressed={shown}
            onClick={() => toggle(name)}
            onPointerEnter={() => onPointed(name)}
            onPointerLeave={() => onPointed(null)}
            onFocus={() => onPointed(name)}
            onBlur={() => onPointed(null)}
          >
            {shown ? (
              <Swatch {...styleOf(slot, count, theme)} />
            ) : (
              <Swatch colour="currentColor" dash={[1, 3]} />
            )}
            <span class="chipName">{name}</span>
          </button>
        );
      })}
      {lines.length > 1 && hidden.size > 0 && (
        <button type="button" class="chip" onClick={() => onHidden([])}>
          Show all
        </button>
      )}
    </fieldset>
  );
}
