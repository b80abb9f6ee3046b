import { useEffect } from 'preact/hooks';
import type { RunView } from '../../src/protocol/panel';
import { type ChartGroup, chartGroups, chartsOf } from '../state/chartOrder';
import type { ChartId } from '../state/memory';
import { useDashboard } from './context';
import { MenuCheck } from './menuCheck';
import { moveInMenu } from './menuKeys';
import { usePopover } from './usePopover';

interface Choice {
  readonly id: ChartId;
  readonly title: string;
  readonly formula: string;
  readonly group: ChartGroup;
  readonly shown: boolean;
}

/** The menu of visible charts, grouped by topic. It stays open, so that several charts can be changed. */
export function ChartChoice({ run }: { readonly run: RunView }) {
  const { settings } = useDashboard();
  const { open, toggle, anchor, panel } = usePopover<HTMLButtonElement, HTMLDivElement>();
  useEffect(() => {
    if (open) panel.current?.querySelector('button')?.focus();
  }, [open, panel]);
  const choices: Choice[] = chartsOf(run.quantities).map((chart) => ({
    ...chart,
    shown: !settings.isHidden(chart),
  }));
  if (run.training === null && run.dim === 2) {
    choices.push({
      id: 'contour',
      title: 'Path over the loss',
      formula: 'Contour plot of the loss over both coordinates, with the path of the run',
      group: 'point',
      shown: settings.chart('contour').hidden !== true,
    });
  }
  if (run.mapped.length > 0) {
    choices.push({
      id: 'heatmap',
      title: 'Heatmap',
      formula: 'A quantity by coordinate and step: the median of its size in blocks of coordinates',
      group: 'point',
      shown: settings.chart('heatmap').hidden !== true,
    });
  }
  if (run.training === null && run.dim > 2) {
    choices.push({
      id: 'plane',
      title: 'Path in a plane',
      formula: 'The path of the run in the plane that shows most of it, and the loss there',
      group: 'point',
      shown: settings.chart('plane').hidden !== true,
    });
  }
  const hidden = choices.filter(({ shown }) => !shown).length;
  return (
    <div class="chartChoice">
      <button
        ref={anchor}
        type="button"
        class="chip"
        aria-haspopup="menu"
        aria-expanded={open}
        title={hidden === 0 ? 'All charts are shown' : `${hidden} charts are hidden`}
        onClick={toggle}
      >
        Charts {choices.length - hidden}/{choices.length}…
      </button>
      {open && (
        <div
          ref={panel}
          class="popover menuPanel"
          role="menu"
          aria-label="Charts"
          onKeyDown={(event) => {
            if (moveInMenu(panel.current, event.key)) event.preventDefault();
          }}
        >
          {(Object.keys(chartGroups) as ChartGroup[])
            .map((group) => ({ group, items: choices.filter((choice) => choice.group === group) }))
            .filter(({ items }) => items.length > 0)
            .map(({ group, items }) => (
              // biome-ignore lint/a11y/useSemanticElements: a menu groups its items, a form its fields
              <div key={group} role="group" class="menuGroup" aria-label={chartGroups[group]}>
                <p class="menuHead" aria-hidden="true">
                  {chartGroups[group]}
                </p>
                {items.map(({ id, title, formula, shown }) => (
                  <MenuCheck
                    key={id}
                    checked={shown}
                    title={formula}
                    onChange={(show) => settings.setChart(id, { hidden: !show })}
                  >
                    {title}
                  </MenuCheck>
                ))}
              </div>
            ))}
        </div>
      )}
    </div>
  );
}
