import path from 'node:path';
import { exactObjective, type GeneratedGradient } from '../autodiff/exactObjective';
import { runtimeKey } from '../autodiff/instrument/runtimeImport';
import { Refusal } from '../autodiff/refusal';
import { $ } from '../autodiff/runtime/index';
import { type Sites, siteAt } from '../autodiff/sites';
import { type TracedLoss, tracedObjective } from '../autodiff/tracedObjective';
import type { RunConfig } from '../core/config/runConfig';
import { isPromise, type MaybePromise, type Objective } from '../core/objective';
import type { SourceLocation } from '../core/sourceLocation';
import { LineMap } from '../loss/places/lineMap';
import type { LossProblem } from '../loss/problem';
import { generatedExport, withGeneratedGradient } from '../loss/providers/javascript/load/generatedGradient';
import { type Instrumentation, instrumentation } from '../loss/providers/javascript/load/instrumentation';
import {
  guardedCall,
  notANumber,
  objectiveOf,
  type UserLoss,
} from '../loss/providers/javascript/userObjective';
import type { LossSource } from '../loss/source';
import type { ControlWorker } from '../protocol/control';
import type { Post } from './jobs/job';
import { type LoadedModule, loadModule } from './loadedLoss';
import { JobFailure } from './problems';
import { userLoss } from './userLoss';

Object.defineProperty(globalThis, Symbol.for(runtimeKey), { value: $ });

/** The user's loss, loaded, and the best gradient that it allows. */
export interface LossAtWork {
  readonly module: LoadedModule;
  readonly user: UserLoss;
  objective(dim: number): Objective;
  /** The loss as rewritten code, for a second opinion and for provenance; null where it cannot be rewritten. */
  readonly rewritten: RewrittenLoss | null;
}

export interface RewrittenLoss {
  traced(dim: number): TracedLoss;
  objective(dim: number): Objective;
  /** Where an operation stands; null if its place was not told. */
  locationOf(site: number): SourceLocation | null;
}

interface Work {
  readonly source: LossSource;
  readonly config: RunConfig;
  readonly directory: string;
  readonly control: ControlWorker;
  readonly post: Post;
  readonly onLoaded: (module: LoadedModule) => void;
}

/**
 * Loads the loss in the way that its gradient mode asks for: as it is where the gradient is given or made by differences,
 * rewritten where it is to be exact. Under `auto` what cannot be differentiated is told, once and at its places, and the
 * run goes on with differences.
 *
 * @throws JobFailure if the module does not load, or the mode cannot be had
 */
export async function lossAtWork(work: Work): Promise<LossAtWork> {
  const { source, config, post } = work;
  const mode = config.gradientMode;
  const isProvided = source.gradientExport !== null && (mode === 'auto' || mode === 'provided');
  if (mode === 'finite-difference' || mode === 'provided' || isProvided) {
    const loss = await plainLoss(work);
    const rewritten = isProvided ? await rewrittenLoss(work).catch(() => null) : null;
    return { ...loss, rewritten: rewritten && 'module' in rewritten ? rewritten : null };
  }
  const rewritten = await rewrittenLoss(work).catch((error: unknown) => {
    if (mode === 'exact' || !(error instanceof JobFailure)) throw error;
    return { problems: [] };
  });
  if (!('module' in rewritten)) {
    if (mode === 'exact') throw new JobFailure(rewritten.problems.map(asError));
    const loss = await plainLoss(work);
    for (const problem of rewritten.problems) post({ type: 'warning', problem });
    return { ...loss, rewritten: null };
  }
  let plain: ReturnType<typeof plainLoss> | undefined;
  const reserve = () => {
    plain ??= plainLoss(work);
    return plain;
  };
  const objective =
    mode === 'exact'
      ? (dim: number) => rewritten.objective(dim)
      : (dim: number) => withDifferencesInReserve(work, rewritten, dim, reserve);
  return { module: rewritten.module, user: rewritten.user, objective, rewritten };
}

async function plainLoss(work: Work): Promise<Omit<LossAtWork, 'rewritten'>> {
  const { source, config, control } = work;
  const module = await loadModule(source, path.join(work.directory, 'plain'), control);
  work.onLoaded(module);
  const user = userLoss(module, source, config, control);
  return { module, user, objective: (dim) => objectiveOf(user, dim) };
}

type Rewritten = RewrittenLoss & { readonly module: LoadedModule; readonly user: UserLoss };

/** The rewritten loss, or the places that cannot be rewritten. */
async function rewrittenLoss(work: Work): Promise<Rewritten | { readonly problems: readonly LossProblem[] }> {
  const { source, config, control } = work;
  const rewriting = withGeneratedGradient(
    instrumentation(),
    source.file,
    source.exportName,
    config.start?.length ?? null,
  );
  const module = await loadModule(source, path.join(work.directory, 'exact'), control, rewriting);
  work.onLoaded(module);
  const problems = module.warnings.filter(({ code }) => code === 'no-exact-gradient');
  if (problems.length > 0) return { problems };
  const user = userLoss(module, source, { ...config, gradientMode: 'finite-difference' }, control);
  const generated = module.exports[generatedExport] as GeneratedGradient | undefined;
  const traced = (dim: number): TracedLoss => ({
    dim,
    call: guardedCall(user, user.loss),
    wantsFloat64Array: user.wantsFloat64Array,
    notANumber: (result) => notANumber(result, user.name),
  });
  return {
    module,
    user,
    traced,
    objective: (dim) =>
      exactObjective(
        tracedObjective(traced(dim)),
        generated ? guardedGradient(user, generated) : null,
        config.seed,
      ),
    locationOf: placesOf(rewriting, module),
  };
}

/** Calls generated code between the watchdog's marks, with parameters of its own. */
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

/**
 * The exact objective until the loss does something that cannot be followed; from there on differences, of the loss as it
 * is, loaded fresh.
 */
function withDifferencesInReserve(
  work: Work,
  rewritten: Rewritten,
  dim: number,
  reserve: () => ReturnType<typeof plainLoss>,
): Objective {
  let current: Objective = rewritten.objective(dim);
  const fallBack = async (refusal: Refusal) => {
    if (current.gradientMode === 'exact') {
      work.post({ type: 'warning', problem: refusalProblem(refusal, work.source, rewritten) });
      work.post({ type: 'gradientMode', mode: 'finite-difference' });
      current = (await reserve()).objective(dim);
    }
    return current;
  };
  const attempt = <T>(evaluate: (objective: Objective) => MaybePromise<T>): MaybePromise<T> => {
    const retry = (error: unknown): Promise<T> => {
      if (!(error instanceof Refusal)) throw error;
      return fallBack(error).then(evaluate);
    };
    try {
      const result = evaluate(current);
      return isPromise(result) ? result.catch(retry) : result;
    } catch (error) {
      return retry(error);
    }
  };
  return {
    dim,
    get gradientMode() {
      return current.gradientMode;
    },
    value: (params, open) => attempt((objective) => objective.value(params, open)),
    valueAndGradient: (params, grad, open) =>
      attempt((objective) => objective.valueAndGradient(params, grad, open)),
  };
}

/** Why a loss cannot be differentiated, at the expression that it is about. */
export function refusalProblem(
  refusal: Refusal,
  source: LossSource,
  { locationOf, module }: Pick<Rewritten, 'locationOf' | 'module'>,
): LossProblem {
  const location = locationOf(refusal.site) ?? module.locate(refusal)?.location ?? source.location;
  return {
    code: 'no-exact-gradient',
    severity: 'warning',
    message: `${refusal.message}; the gradient is made by differences`,
    location,
  };
}

function placesOf({ sites }: Instrumentation, module: LoadedModule) {
  const texts = new Map(module.texts);
  return (site: number) => locationAt(sites, site, texts);
}

function locationAt(sites: Sites, site: number, texts: ReadonlyMap<string, string>): SourceLocation | null {
  const place = siteAt(sites, site);
  const text = place && texts.get(place.file);
  return place && text !== undefined
    ? new LineMap(place.file, text ?? '').location(place.from, place.to)
    : null;
}

function asError(problem: LossProblem): LossProblem {
  return { ...problem, severity: 'error' };
}
