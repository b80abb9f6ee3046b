import * as v from 'valibot';
import { formatNumber } from '../../core/numerics/format';
import { agentTool } from '../agentTool';
import { anyNumber } from '../jsonValues';
import { measured, measuredOf, measuredSentence } from '../measured';
import { seriesInput, seriesOf } from './series';

const input = v.strictObject({
  ...seriesInput,
  maxValues: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1),
      v.maxValue(2000),
      v.description('the largest number of values of all coordinates together'),
    ),
    200,
  ),
});

const output = v.object({
  run: v.string(),
  quantity: v.string(),
  title: v.string(),
  formula: v.string(),
  every: v.pipe(v.number(), v.description('the number of recorded steps from one value to the next')),
  steps: v.array(v.number()),
  lines: v.array(
    v.object({
      coordinate: v.nullable(v.string()),
      values: v.pipe(v.array(anyNumber), v.description('one for each of the steps')),
    }),
  ),
  measured,
});

export const readQuantity = agentTool({
  title: 'Read a quantity',
  description:
    'Reads one recorded or derived quantity of a run over a range of steps, for the whole run or by names of coordinates. Returns at most maxValues values: every k-th step if there are more. Runs no code.',
  input,
  output,
  running: null,
  async call({ run: reference, maxValues, ...request }, { runs }) {
    const run = await runs.find(reference);
    const { info, every, steps, lines } = seriesOf(run, reference, request, maxValues);
    const { title, formula, quantity } = info;
    const ranges = lines.slice(0, 4).map(({ coordinate, values }) => {
      const range = `${formatNumber(values[0]!)} to ${formatNumber(values.at(-1)!)}`;
      return coordinate === null ? range : `${coordinate} ${range}`;
    });
    return {
      text: `${title} at ${steps.length} of the steps ${steps[0]} to ${steps.at(-1)}: ${ranges.join(', ')}${lines.length > 4 ? ', …' : ''}. ${measuredSentence(run)}`,
      content: {
        run: reference,
        quantity,
        title,
        formula,
        every,
        steps: [...steps],
        lines: lines.map(({ coordinate, values }) => ({ coordinate, values: [...values] })),
        measured: measuredOf(run),
      },
    };
  },
});
