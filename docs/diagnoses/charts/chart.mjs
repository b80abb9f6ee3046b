import { examples } from './examples.mjs';
import { colours, svg } from './svg.mjs';
import { audited, traced } from './traced.mjs';

/** The codes that have an example. */
export const charted = Object.keys(examples);

/**
 * The chart of a diagnosis, as SVG.
 *
 * @throws if the example's first run does not have the finding
 */
export async function chartOf(code) {
  const example = examples[code];
  const { panels, findings } = example.audit ? await ofAudit(example) : await ofRuns(example);
  const finding = findings.find((each) => each.code === code);
  if (!finding) {
    const others = findings.map((each) => each.code).join(', ') || 'nothing';
    throw new Error(`The example of ${code} has no such finding; it has ${others}.`);
  }
  const { title, steps } = example;
  return svg({ title, steps, panels, marked: finding.steps });
}

/** Panels name the runs that they are of by their index; without panels the losses of all runs are drawn. */
async function ofRuns({ runs, log, panels = lossesOf(runs, log) }) {
  const curves = panels.flatMap((panel) => panel.curves);
  const results = [];
  for (const [index, run] of runs.entries()) {
    const own = curves.filter(({ of = 0 }) => of === index);
    const { kept, findings } = await traced(
      run,
      own.map(({ value }) => value),
    );
    results.push({ findings, values: new Map(own.map((curve, i) => [curve, kept[i]])) });
  }
  return {
    findings: results[0].findings,
    panels: panels.map((panel) => ({
      ...panel,
      curves: panel.curves.map((curve, i) => ({
        colour: colours[i],
        ...curve,
        values: results[curve.of ?? 0].values.get(curve),
      })),
    })),
  };
}

function lossesOf(runs, log) {
  const curves = runs.map(({ name }, of) => ({ of, name, value: ({ loss }) => loss, dash: of > 0 }));
  return [{ log, curves }];
}

/** The longest step of each t against the bound of the reference. */
function ofAudit({ audit }) {
  const { points, bound, findings } = audited(audit);
  const steps = points
    .slice(1)
    .map((point, k) => Math.max(...point.map((p, i) => Math.abs(p - points[k][i]))));
  return {
    findings,
    panels: [
      {
        log: true,
        curves: [
          { name: 'its longest step', colour: colours[0], values: steps },
          { name: 'the bound', colour: colours[1], dash: true, values: steps.map((_, k) => bound(k + 1)) },
        ],
      },
    ],
  };
}
