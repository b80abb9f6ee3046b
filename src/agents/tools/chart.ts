import * as v from 'valibot';
import { lossAxis } from '../../core/analysis/compare/curves';
import { figureWords } from '../../core/figure/figurePlot';
import { figurePng } from '../../runs/export/figurePng';
import { agentTool } from '../agentTool';
import { anyNumber } from '../jsonValues';
import { measured, measuredOf, measuredSentence } from '../measured';
import { type Series, seriesInput, seriesOf } from './series';

/** Of all lines together: more than a chart has pixels. */
const pointsAtMost = 4000;

const input = v.strictObject(seriesInput);

const output = v.object({
  run: v.string(),
  quantity: v.string(),
  title: v.string(),
  isLogarithmic: v.boolean(),
  every: v.pipe(v.number(), v.description('the number of recorded steps from one drawn value to the next')),
  lines: v.array(
    v.object({
      name: v.string(),
      first: anyNumber,
      last: anyNumber,
      smallest: anyNumber,
      largest: anyNumber,
      nonFinite: v.pipe(v.number(), v.description('the number of drawn values that are NaN or infinite')),
    }),
  ),
  measured,
});

export const chart = agentTool({
  title: 'Draw a chart',
  description:
    'Draws one quantity of a run over its steps as a picture, for the whole run or by names of coordinates, and returns the ends and the range of each line. Runs no code.',
  input,
  output,
  running: null,
  async call({ run: reference, ...request }, { runs }) {
    const run = await runs.find(reference);
    const series = seriesOf(run, reference, request, pointsAtMost);
    const { info, every, lines } = series;
    const drawn = drawnLines(series);
    const { log } = lossAxis(lines.flatMap(({ values }) => values));
    const title = `${info.title} of ${run.record.source.lossName}, ${run.name}`;
    return {
      text: `${info.title}${log ? ' on a logarithmic axis' : ''}, every ${every === 1 ? '' : `${every}th `}recorded step. ${drawn.slice(0, 4).map(figureWords).join('; ')}. ${measuredSentence(run)}`,
      content: {
        run: reference,
        quantity: info.quantity,
        title,
        isLogarithmic: log,
        every,
        lines: lines.map(({ values }, i) => ({ name: drawn[i]!.name, ...rangeOf(values) })),
        measured: measuredOf(run),
      },
      picture: { mimeType: 'image/png', data: figurePng({ title, lines: drawn, isLog: log }) },
    };
  },
});

function drawnLines({ info, steps, lines }: Series) {
  return lines.map(({ coordinate, values }) => ({
    name: coordinate ?? info.title,
    points: Float64Array.from(values.flatMap((value, i) => [steps[i]!, value])),
  }));
}

function rangeOf(values: readonly number[]) {
  const finite = values.filter(Number.isFinite);
  return {
    first: values[0]!,
    last: values.at(-1)!,
    smallest: finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    largest: finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    nonFinite: values.length - finite.length,
  };
}
