import * as v from 'valibot';
import { catalogue, type DiagnosisCode } from '../../core/diagnosis/catalogue';
import { glossaryTerms } from '../../core/trace/glossaryTerms';
import type { CoordinateQuantity, Quantity } from '../../core/trace/names';
import { gradientTerms } from '../../loss/gradientWays';
import { globalQuantities, type HostApi } from '../../protocol/panel';
import { tensorColumns } from '../../recordings/tensorHistory';

const ofCoordinates: { readonly [Q in CoordinateQuantity]: true } = {
  params: true,
  grad: true,
  m: true,
  v: true,
  vMax: true,
  u: true,
  momentum: true,
  gAvg: true,
  sum: true,
  mHat: true,
  vHat: true,
  effectiveLr: true,
  preconditioner: true,
  snr: true,
  epsShare: true,
  fisher: true,
  update: true,
  absUpdate: true,
  uncorrectedUpdate: true,
  updateOverBound: true,
  updateRatio: true,
};
const quantity = v.picklist<readonly Quantity[]>([
  ...globalQuantities,
  ...(Object.keys(ofCoordinates) as CoordinateQuantity[]),
]);

const id = v.pipe(v.string(), v.maxLength(100));
const fixId = v.pipe(v.string(), v.maxLength(10_000));
const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const step = v.pipe(v.number(), v.integer(), v.minValue(1));
/** The page never shows more quantities. */
const quantities = v.pipe(v.array(quantity), v.maxLength(100));
const coordinates = v.pipe(v.array(index), v.maxLength(1000));
const side = v.strictTuple([v.pipe(v.number(), v.finite()), v.pipe(v.number(), v.finite())]);
const location = v.object({
  file: v.pipe(v.string(), v.minLength(1)),
  cell: v.exactOptional(step),
  line: step,
  column: step,
  endLine: step,
  endColumn: step,
});

/** The schemas of the arguments of every call. A missing entry does not compile. */
const schemas: { readonly [K in keyof HostApi]: v.GenericSchema<unknown, Parameters<HostApi[K]>> } = {
  ready: v.strictTuple([]),
  setView: v.strictTuple([
    v.object({
      runId: id,
      range: v.nullable(v.strictTuple([step, step])),
      width: v.pipe(step, v.maxValue(100_000)),
      quantities,
      coordinates,
      smoothing: v.pipe(
        v.array(v.strictTuple([quantity, v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(99))])),
        v.maxLength(100),
      ),
      path: v.boolean(),
    }),
  ]),
  ack: v.strictTuple([index]),
  rows: v.strictTuple([id, v.pipe(v.array(step), v.maxLength(100_000)), quantities, coordinates]),
  fillIn: v.strictTuple([id, index, v.nullable(v.strictTuple([step, step]))]),
  stopFillIn: v.strictTuple([]),
  heatmap: v.strictTuple([id, quantity, v.pipe(index, v.maxValue(100))]),
  ranking: v.strictTuple([id, step]),
  tensors: v.strictTuple([id]),
  recordedStep: v.strictTuple([id, step, v.pipe(v.number(), v.integer())]),
  tensorsAt: v.strictTuple([id, step]),
  tensorMap: v.strictTuple([id, v.picklist(tensorColumns)]),
  grid: v.strictTuple([id, side, side]),
  explainUpdate: v.strictTuple([id, step, index, v.boolean()]),
  phases: v.strictTuple([id]),
  extremes: v.strictTuple([id]),
  stopExplaining: v.strictTuple([]),
  plane: v.strictTuple([id]),
  planeGrid: v.strictTuple([id, side, side]),
  stopPlaneGrid: v.strictTuple([]),
  allowGrid: v.strictTuple([id]),
  selectRun: v.strictTuple([id]),
  runAgain: v.strictTuple([id]),
  pause: v.strictTuple([id]),
  resume: v.strictTuple([id]),
  step: v.strictTuple([id]),
  stop: v.strictTuple([id]),
  setLr: v.strictTuple([id, v.pipe(v.number(), v.finite(), v.gtValue(0))]),
  configure: v.strictTuple([id]),
  copyFitted: v.strictTuple([id]),
  reveal: v.strictTuple([location]),
  applyFix: v.strictTuple([id, index, id, fixId]),
  cursorMoved: v.strictTuple([id, step]),
  debug: v.strictTuple([id]),
  tryHere: v.strictTuple([id, id]),
  stopTrying: v.strictTuple([id, id]),
  runWithFix: v.strictTuple([id, index, id, fixId]),
  compareWithFix: v.strictTuple([id, index, id, fixId]),
  explain: v.strictTuple([v.picklist(Object.keys(catalogue) as DiagnosisCode[])]),
  openGlossary: v.strictTuple([
    v.picklist([...Object.values(glossaryTerms), ...Object.values(gradientTerms)]),
  ]),
  applyRow: v.strictTuple([id, index, index]),
  runRow: v.strictTuple([id, index, index]),
  openCell: v.strictTuple([id, index, index]),
  openSamples: v.strictTuple([]),
  savePicture: v.strictTuple([
    v.pipe(v.string(), v.maxLength(200)),
    v.picklist(['png', 'svg']),
    v.pipe(v.string(), v.maxLength(50_000_000)),
  ]),
};

/**
 * The host's calls with a check of their arguments: an invalid call is refused with one sentence and has no
 * effect.
 */
export function checkedCalls(api: HostApi): HostApi {
  // Without a prototype, so that the page cannot call inherited methods.
  const checked: Record<string, unknown> = Object.create(null);
  for (const name of Object.keys(schemas) as (keyof HostApi)[]) {
    const act = api[name] as (...args: unknown[]) => unknown;
    checked[name] = (...args: unknown[]) => {
      const result = v.safeParse<v.GenericSchema<unknown, unknown[]>>(schemas[name], args, {
        abortEarly: true,
      });
      if (result.success) return act(...result.output);
      const [issue] = result.issues;
      const path = v.getDotPath(issue);
      throw new Error(
        `The dashboard's call ${name} was refused: ${path === null ? '' : `argument ${path}: `}${issue.message}.`,
      );
    };
  }
  return checked as unknown as HostApi;
}
