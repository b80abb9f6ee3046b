import { coordinatesOfGroups } from '../core/config/groups';
import { mergePatches, resolveConfig } from '../core/config/resolve';
import {
  type ConfigProblem,
  isNamedStart,
  type NamedStart,
  type RunConfig,
  type RunConfigPatch,
  type Start,
} from '../core/config/runConfig';
import { validatePatch } from '../core/config/validate';
import { countOfNames } from '../core/coordinates/nameEntry';
import type { SourceLocation } from '../core/sourceLocation';
import { inTagsOf } from './annotation/tagWords';
import type { LossDeclaration } from './declaration';
import { isOptimizerStep } from './discovery/optimizerStep';
import { placeOfValue } from './places/optionPlace';
import type { ProblemCode, SourceProblem } from './problem';
import type { ExportedOptimizer, Language, LossSource, PythonInterpreter } from './source';
import { sourceOf } from './sourceOf';
import { fitStart, noContextMessage, type VectorStart } from './start/vectorStart';

/** A loss with its complete configuration, and the problems that prevent the run. */
export interface Plan {
  readonly config: RunConfig;
  readonly source: LossSource;
  /** Whether the configuration or the module defines the start. If not, the user must be asked for it. */
  readonly startKnown: boolean;
  /**
   * The problems of the annotation and of the layers, at their places. The loss is not run if one is an
   * error.
   */
  readonly problems: readonly SourceProblem[];
}

export interface Layers {
  /** The layers that the annotation overrides (settings), weakest first. */
  readonly below: readonly RunConfigPatch[];
  /** The layers that override the annotation (`--config`, dialog, panel, flags), weakest first. */
  readonly above: readonly RunConfigPatch[];
}

/**
 * Combines a declaration and the configuration layers into a plan.
 *
 * @param texts        unsaved buffers: [absolute path, text]
 * @param interpreter  that runs a Python loss, if the user selected one
 */
export function planRun(
  declaration: LossDeclaration,
  layers: Layers,
  texts: LossSource['texts'] = [],
  interpreter: PythonInterpreter | null = null,
): Plan {
  const { annotation } = declaration;
  const all = [...layers.below, annotation?.patch ?? {}, ...layers.above];
  const given = all.reduce(mergePatches, {}).start ?? null;
  const naming = all
    .map(({ start }) => start)
    .findLast((start) => isValidStart(start) && isNamedStart(start));
  const vector = fitStart(
    declaration,
    isValidStart(given) ? given : null,
    (naming as NamedStart | undefined) ?? null,
  );
  const { own, layer } = ownOptimizerOf(declaration, all);
  const withOwn = layer ? [...all, layer] : all;
  const { config: resolved, problems: configProblems } = resolveConfig(
    vector.start ? [...withOwn, { start: vector.start }] : withOwn,
  );
  // Without configured names, the coordinates have those of the declaration or of the start.
  const config = { ...resolved, names: resolved.names ?? vector.names };
  const problems = [
    ...(annotation?.problems ?? []),
    ...vectorProblems(declaration, vector, config, layers.above),
    ...configProblems.map((problem) => placed(problem, declaration, layers.above)),
    ...exportProblems(declaration),
    ...ownProblems(declaration, config, own, layers.above),
    ...expectationProblems(declaration, config, layers.above),
    ...groupProblems(declaration, config, layers.above),
  ];
  return {
    config,
    source: sourceOf({ declaration, vector, config, own, texts, interpreter }),
    startKnown: config.start !== null || declaration.startExport !== null || hasStructure(declaration),
    problems: problems.map((problem) => ({
      ...problem,
      message: inTagsOf(declaration.language, problem.message),
    })),
  };
}

/** Whether the source builds the parameters, with their start: `params=` and `module=` of Python. */
function hasStructure({ annotation }: LossDeclaration): boolean {
  return (annotation?.words.has('params') || annotation?.words.has('module')) ?? false;
}

/**
 * The optimizer of the module that drives the run, and the layer with the options of the optimizer that its tag
 * names: the run shows its quantities by the formulas of that optimizer.
 */
function ownOptimizerOf(declaration: LossDeclaration, layers: readonly RunConfigPatch[]) {
  const given = layers.reduce(mergePatches, {}).optimizer;
  const exportName = given?.own;
  const declared = typeof exportName === 'string' ? declaration.optimizers?.get(exportName) : undefined;
  if (!given || !declared) return { own: null, layer: null };
  const own: ExportedOptimizer = {
    exportName: exportName as string,
    vectors: declared.form.vector.kind === 'Float64Array' ? 'float64' : 'plain',
    location: declared.location,
  };
  return { own, layer: { optimizer: { ...declared.reference, ...given } } as RunConfigPatch };
}

/** Why the optimizer that the configuration names as the user's own cannot drive the run. */
function ownProblems(
  declaration: LossDeclaration,
  config: RunConfig,
  own: ExportedOptimizer | null,
  above: Layers['above'],
): SourceProblem[] {
  const name = config.optimizer.own;
  if (name === undefined || isOptimizerStep(declaration)) return [];
  const location = (path: string[]) => placeOfValue(declaration, path, above) ?? declaration.location;
  const problem = (path: string[], message: string): SourceProblem => ({
    code: 'unknown-name',
    severity: 'error',
    message,
    location: location(path),
  });
  if (own === null) {
    const known = [...(declaration.optimizers?.keys() ?? [])];
    const hint =
      known.length > 0
        ? `; available: ${known.join(', ')}`
        : '. Export it, and mark it with @optimizerStep and the optimizer that it implements';
    return [problem(['optimizer', 'own'], `the module has no optimizer ${String(name)}${hint}`)];
  }
  const key = (['schedule', 'switch', 'groups'] as const).find((each) => config[each] !== null) ?? null;
  return key === null
    ? []
    : [
        problem(
          [key],
          `${own.exportName} chooses its own steps, so ${key === 'groups' ? 'groups have' : `a ${key} has`} no effect; remove ${key === 'groups' ? 'them' : 'it'}`,
        ),
      ];
}

/** Groups of parameters that the loss does not have, or that overlap. */
function groupProblems(
  declaration: LossDeclaration,
  { groups, names, start }: RunConfig,
  above: Layers['above'],
): SourceProblem[] {
  if (groups === null) return [];
  // The start that the module exports may give the names, and is read at run time.
  if (names === null && start === null && declaration.startExport !== null) return [];
  const dim = start?.length ?? (names && countOfNames(names));
  return coordinatesOfGroups(groups, names, dim).problems.map((each) => placed(each, declaration, above));
}

function isValidStart(start: unknown): start is Start {
  return start != null && validatePatch({ start }).length === 0;
}

function placed(problem: ConfigProblem, declaration: LossDeclaration, above: Layers['above']): SourceProblem {
  return {
    code: problem.code,
    severity: 'error',
    message: problem.message,
    location: placeOfValue(declaration, problem.path, above) ?? declaration.location,
    ...(problem.suggestion === undefined ? {} : { replacement: problem.suggestion }),
  };
}

/** The types of a vector, for messages. */
const vectorTypes: { readonly [L in Language]: string } = {
  javascript: 'number[], { a: number }, or x: number, y: number',
  python: 'np.ndarray, torch.Tensor, list[float], or x: float, y: float',
};

/** Why the parameters of a loss, its start and its samples do not fit together. */
function vectorProblems(
  declaration: LossDeclaration,
  vector: VectorStart,
  { samples }: RunConfig,
  above: Layers['above'],
): SourceProblem[] {
  // The parameters of an optimizer are not a vector and a context.
  if (isOptimizerStep(declaration)) return [];
  const { name, form, parameter, location, language } = declaration;
  const at = parameter?.location ?? location;
  const problems: SourceProblem[] = [];
  const add = (code: ProblemCode, message: string, location: SourceLocation) =>
    problems.push({ code, severity: 'error', message, location });
  if (form.vector.kind === 'none')
    add(
      'no-vector',
      `${name} takes no vector of numbers: ${form.vector.reason}. Write it as ${vectorTypes[language]}`,
      at,
    );
  else if (vector.problem !== null)
    add('wrong-dimension', vector.problem, placeOfValue(declaration, ['start'], above) ?? location);
  // A function that makes the data of a step may ask for the mini-batch instead.
  const makesData = declaration.annotation?.words.has('data') ?? false;
  if (samples !== null && vector.form.context === false && !makesData)
    add(
      'no-context',
      noContextMessage(name, language),
      placeOfValue(declaration, ['samples'], above) ?? location,
    );
  if (form.unfilled !== null)
    problems.push({
      code: 'no-argument',
      severity: 'warning',
      message: `${name} is called without ${form.unfilled}, because a loss gets only its vector and a context; give ${form.unfilled} a default`,
      location: parameter?.unfilled ?? at,
    });
  return problems;
}

function exportProblems(declaration: LossDeclaration): SourceProblem[] {
  const { name, exportName, language, location } = declaration;
  if (exportName !== null) return [];
  const reason =
    language === 'python'
      ? `${name} is not at the top level of its module, so it cannot be loaded: move it there, or create an object of its class there`
      : `${name} is not exported, so it cannot be loaded: write export before it`;
  return [
    {
      code: 'not-exported',
      severity: 'error',
      message: reason,
      location,
    },
  ];
}

/**
 * Warns if `@expect … within` allows more steps than the run has, because the extra steps are not checked.
 */
function expectationProblems(
  declaration: LossDeclaration,
  { expect, steps }: RunConfig,
  above: Layers['above'],
): SourceProblem[] {
  if (expect === null || expect.steps === null || expect.steps <= steps) return [];
  return [
    {
      code: 'expectation-beyond-run',
      severity: 'warning',
      message: `the run has ${steps} steps, but the expectation allows ${expect.steps}: only the first ${steps} are checked`,
      location: placeOfValue(declaration, ['expect'], above) ?? declaration.location,
    },
  ];
}
