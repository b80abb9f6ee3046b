import * as v from 'valibot';
import type { Report } from '../../core/analysis/report';
import { validatePatch } from '../../core/config/validate';
import { verdictKinds } from '../../core/verdict/verdict';

const text = v.string();
const texts = v.array(text);
const numbers = v.instance(Float64Array);
const patch = v.custom<object>((value) => validatePatch(value).length === 0);
const axis = v.object({ title: text, log: v.boolean(), cut: v.exactOptional(v.number()) });
const heatmapAxis = v.object({ title: text, values: texts });

/** What a page needs to be able to draw a report that was stored. Members that it does not name are kept as they are. */
const report = v.looseObject({
  title: text,
  summary: text,
  notes: texts,
  heatmaps: v.exactOptional(
    v.array(
      v.looseObject({
        title: text,
        quantity: text,
        x: heatmapAxis,
        y: v.nullable(heatmapAxis),
        values: numbers,
        cells: v.array(
          v.looseObject({
            verdict: v.nullable(v.picklist(verdictKinds)),
            isBeyondLimit: v.nullable(v.boolean()),
            isPresent: v.boolean(),
            text,
            run: v.nullable(text),
            patch,
          }),
        ),
      }),
    ),
  ),
  charts: v.array(
    v.looseObject({
      title: text,
      x: axis,
      y: axis,
      lines: v.array(v.looseObject({ name: text, points: numbers, band: v.nullable(numbers) })),
      marks: v.array(v.object({ name: text, x: v.number() })),
    }),
  ),
  tables: v.array(
    v.looseObject({
      title: text,
      columns: v.array(v.object({ title: text, isNumber: v.boolean() })),
      rows: v.array(
        v.looseObject({
          cells: texts,
          verdict: v.nullable(v.picklist(['pass', 'fail', 'follows', 'best', 'not applicable'])),
          patch: v.nullable(patch),
        }),
      ),
    }),
  ),
});

const location = v.looseObject({ file: text, line: v.number(), column: v.number() });

/** A stored report: an entry of the history. */
export const entrySchema = v.looseObject({
  version: v.literal(1),
  id: v.pipe(text, v.regex(/^report-[0-9a-f]{8}$/)),
  startedAt: v.number(),
  title: text,
  order: v.looseObject({
    source: v.looseObject({ file: text, lossName: text, location }),
    config: v.custom<object>((value) => validatePatch(value).length === 0),
    overrides: patch,
  }),
  status: v.picklist(['running', 'finished', 'failed', 'stopped']),
  progress: v.tuple([v.number(), v.number()]),
  report: v.nullable(v.custom<Report>((value) => v.is(report, value))),
  problems: v.array(v.looseObject({ severity: text, message: text, location })),
});
