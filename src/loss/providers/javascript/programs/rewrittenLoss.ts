import { exactObjective, type GeneratedGradient } from '../../../../autodiff/exactObjective';
import { runtimeKey } from '../../../../autodiff/instrument/runtimeImport';
import { forgetLastingRefusal } from '../../../../autodiff/refusal';
import { $ } from '../../../../autodiff/runtime/index';
import { forgetCallRules } from '../../../../autodiff/runtime/ruledCalls';
import { type Site, type Sites, siteAt } from '../../../../autodiff/sites';
import { type TracedLoss, tracedObjective } from '../../../../autodiff/tracedObjective';
import type { RunConfig } from '../../../../core/config/runConfig';
import type { CutDerivative } from '../../../../core/diagnosis/probes/piecewiseConstant';
import type { Objective } from '../../../../core/objective';
import type { SourceLocation } from '../../../../core/sourceLocation';
import { LineMap } from '../../../places/lineMap';
import type { JavascriptSource } from '../../../source';
import { LossFailure } from '../../lossFailure';
import type { LoaderContext } from '../../lossProvider';
import { vectorCall } from '../callArguments';
import { generatedExport, withGeneratedGradient } from '../load/generatedGradient';
import { instrumentation } from '../load/instrumentation';
import { ChosenPackages } from '../load/packages/chosenPackages';
import type { LoadedModule, ModuleImporter } from '../moduleImporter';
import { userLoss } from '../userLoss';
import { guardedCall, notANumber, type UserLoss } from '../userObjective';
import { placeOfReplacement, replacedMath, replacedMathMessage, whileMathIsNative } from './nativeMath';
import { setPackageRules } from './setPackageRules';

// The rewritten modules get the functions that record their operations from this global property.
Object.defineProperty(globalThis, Symbol.for(runtimeKey), { value: $ });

/**
 * The loss as code that records its arithmetic, to compute exact gradients and to find the origin of a value.
 */
export interface RewrittenLoss {
  readonly module: LoadedModule;
  readonly user: UserLoss;
  traced(dim: number): TracedLoss;
  objective(dim: number): Objective;
  /** The place of an operation; null if not known. */
  siteOf(site: number): Site | null;
  /** The place of an operation in the user's code; null if not known, or in the code of a package. */
  locationOf(site: number): SourceLocation | null;
  /** The source text of an operation; empty if its place is not known. */
  expressionOf(site: number): string;
  /** An operation as the origin of a finding that a derivative ends there; null if its place is not known. */
  cutOrigin(site: number): CutDerivative['origin'] | null;
}

/**
 * Rewrites and loads the loss.
 *
 * @param chosen          the packages that are rewritten with it
 * @param showsVariables  whether its modules show their variables, for an inquiry about the data. Then no gradient is
 *   generated.
 * @throws LossFailure if the module does not load. The code is `no-exact-gradient` if the module contains
 *   code that cannot be rewritten, or replaces a function of Math.
 */
export async function loadRewritten(
  importer: ModuleImporter,
  source: JavascriptSource,
  { start, seed }: RunConfig,
  context: LoaderContext,
  chosen: ChosenPackages = new ChosenPackages(),
  showsVariables = false,
): Promise<RewrittenLoss> {
  const dim = start?.length ?? null;
  const rewriting = showsVariables
    ? instrumentation(true)
    : withGeneratedGradient(instrumentation(), source, dim);
  forgetLastingRefusal();
  forgetCallRules();
  const module = await importer.import(rewriting, chosen);
  await setPackageRules(module.ruled);
  const refused = module.warnings.filter(({ code }) => code === 'no-exact-gradient');
  if (refused.length > 0) throw new LossFailure(refused);
  const replaced = replacedMath();
  if (replaced !== null)
    throw new LossFailure([
      {
        code: 'no-exact-gradient',
        severity: 'warning',
        message: `${replacedMathMessage(replaced)}; the gradient is computed by finite differences`,
        location: placeOfReplacement(replaced, module.texts) ?? source.location,
      },
    ]);
  const user = userLoss(module, source, null, context);
  const generated = module.exports[generatedExport] as GeneratedGradient | undefined;
  const traced = (dim: number): TracedLoss => ({
    dim,
    call: guardedCall(user, vectorCall(user.loss.call, user.loss.form, $)),
    notANumber: (result) => notANumber(result, user.name, user),
  });
  const texts = new Map(module.texts);
  const locationOf = (site: number) => locationAt(rewriting.siteTable.sites, site, texts);
  const expressionOf = (site: number) => {
    const place = siteAt(rewriting.siteTable.sites, site);
    return (place && texts.get(place.file)?.slice(place.from, place.to)) ?? '';
  };
  return {
    module,
    user,
    traced,
    objective: (dim) => {
      const own = generated ? guardedGradient(user, generated) : null;
      const exact = exactObjective(tracedObjective(traced(dim)), own, seed);
      return whileMathIsNative(exact);
    },
    siteOf: (site) => siteAt(rewriting.siteTable.sites, site),
    locationOf,
    expressionOf,
    cutOrigin: (site) => {
      const location = locationOf(site);
      return location && { kind: 'cut-derivative', location, expression: expressionOf(site) };
    },
  };
}

/**
 * Calls generated code like the user's functions: between `enter` and `leave`, with its own copy of the
 * parameters.
 */
function guardedGradient(user: UserLoss, generated: GeneratedGradient): GeneratedGradient {
  let own = new Float64Array(0);
  return (params, grad, context) => {
    if (own.length !== params.length) own = new Float64Array(params.length);
    own.set(params);
    user.enter();
    try {
      return generated(own, grad, context);
    } finally {
      user.leave();
    }
  };
}

function locationAt(sites: Sites, site: number, texts: ReadonlyMap<string, string>): SourceLocation | null {
  const place = siteAt(sites, site);
  const text = place && texts.get(place.file);
  return place && text !== undefined && text !== null
    ? new LineMap(place.file, text).location(place.from, place.to)
    : null;
}
