import { lossAxis } from '../../core/analysis/compare/curves';
import type { ReportChart } from '../../core/analysis/report';
import { coordinateNames } from '../../core/coordinates/coordinateNames';
import { recordPlaces } from '../../core/trace/layout';
import type { Quantity } from '../../core/trace/names';
import { Quantities } from '../../core/trace/quantities';
import type { RunInFile } from '../files/runInFile';

const pointsAtMost = 1000;
const coordinatesAtMost = 8;
const shown: readonly Quantity[] = ['loss', 'gradNorm', 'lr', 'effectiveLr', 'params'];

interface Line {
  readonly name: string;
  readonly read: (data: Float64Array, offset: number) => number;
  readonly pairs: number[];
}

/**
 * The charts of one run: loss, gradient norm, learning rate, effective learning rate and parameters, the last two for at
 * most 8 recorded coordinates, first those that findings name. At most about 1000 steps are drawn: every k-th and the last.
 */
export async function runCharts(run: RunInFile): Promise<ReportChart[]> {
  const { layout, config, source, steps } = run.record;
  if (!layout) return [];
  const quantities = new Quantities(layout, config);
  const nameOf = coordinateNames(config.names, source.parameterName, layout.dim);
  const chosen = chosenCoordinates(run);
  const charts = quantities.infos
    .filter(({ quantity }) => shown.includes(quantity))
    .map((info) => {
      const isOfCoordinate = info.quantity === 'effectiveLr' || info.quantity === 'params';
      const lines: Line[] = isOfCoordinate
        ? chosen.map((c) => ({
            name: nameOf(c),
            read: quantities.reader(info.quantity, layout.coordinates.indexOf(c)),
            pairs: [],
          }))
        : [{ name: info.title, read: quantities.reader(info.quantity, 0), pairs: [] }];
      return { info, lines };
    })
    .sort((a, b) => shown.indexOf(a.info.quantity) - shown.indexOf(b.info.quantity));
  const every = Math.max(1, Math.ceil(steps / pointsAtMost));
  for await (const { data, offset } of run.steps()) {
    const t = data[offset + recordPlaces.t]!;
    if ((t - 1) % every !== 0 && t !== steps) continue;
    for (const { lines } of charts) for (const { read, pairs } of lines) pairs.push(t, read(data, offset));
  }
  return charts.map(({ info, lines }) => ({
    title: info.title,
    x: { title: 'step', log: false },
    y: {
      ...lossAxis(lines.flatMap(({ pairs }) => pairs.filter((_, i) => i % 2 === 1))),
      title: info.symbol,
    },
    lines: lines.map(({ name, pairs }) => ({ name, points: Float64Array.from(pairs), band: null })),
    marks: [],
  }));
}

function chosenCoordinates({ record: { layout, findings } }: RunInFile): number[] {
  const recorded = layout?.coordinates ?? [];
  const named = findings.flatMap(({ coordinates }) => coordinates).filter((c) => recorded.includes(c));
  return [...new Set([...named, ...recorded.slice(0, coordinatesAtMost)])]
    .slice(0, coordinatesAtMost)
    .sort((a, b) => a - b);
}
