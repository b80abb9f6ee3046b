// Draws the charts of a report page (`adamscope report`), whose data are in the page.
import type { ReportChart } from '../../src/protocol/panel';
import { Figure } from './figure';

/** A chart as the page contains it: JSON has no NaN and no infinities, so they are texts. */
type PageChart = Omit<ReportChart, 'lines'> & {
  readonly lines: readonly { readonly name: string; readonly points: readonly (number | string)[] }[];
};

const charts = JSON.parse(document.getElementById('charts')!.textContent ?? '[]') as PageChart[];
const slider = document.querySelector<HTMLInputElement>('#step');
const stepText = document.querySelector<HTMLOutputElement>('#stepText');
if (slider && stepText) {
  const figures = charts.map(
    ({ lines, ...chart }) =>
      new Figure({
        ...chart,
        lines: lines.map(({ name, points }) => ({ name, points: Float64Array.from(points, Number) })),
      }),
  );
  const last = Math.max(1, ...figures.map((figure) => figure.last));
  Object.assign(slider, { min: '1', max: String(last), step: '1', value: String(last) });
  const show = (step: number) => {
    slider.value = String(step);
    stepText.textContent = `${step} of ${last}`;
    for (const figure of figures) figure.show(step);
  };
  slider.addEventListener('input', () => show(Number(slider.value)));
  for (const figure of figures) {
    document.getElementById('figures')!.append(figure.element);
    figure.onPointed = show;
  }
  show(last);
}
