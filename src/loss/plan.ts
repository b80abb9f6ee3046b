import { resolveConfig } from '../core/config/resolve';
import type { ConfigProblem, RunConfig, RunConfigPatch } from '../core/config/runConfig';
import type { LossDeclaration } from './declaration';
import { placeOfValue } from './places/optionPlace';
import type { SourceProblem } from './problem';
import type { LossSource } from './source';

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
 * @param texts  unsaved buffers: [absolute path, text]
 */
export function planRun(declaration: LossDeclaration, layers: Layers, texts: LossSource['texts'] = []): Plan {
  const { annotation } = declaration;
  const { config: resolved, problems: configProblems } = resolveConfig([
    ...layers.below,
    annotation?.patch ?? {},
    ...layers.above,
  ]);
  // Without configured names, the coordinates have the names in the destructuring pattern of the parameter.
  const config = { ...resolved, names: resolved.names ?? declaration.parameterNames };
  const problems = [
    ...(annotation?.problems ?? []),
    ...dimensionProblems(declaration, config, layers.above),
    ...configProblems.map((problem) => placed(problem, declaration, layers.above)),
    ...exportProblems(declaration),
    ...expectationProblems(declaration, config, layers.above),
  ];
  return {
    config,
    source: {
      language: 'javascript',
      file: declaration.file,
      exportName: declaration.exportName ?? declaration.name,
      lossName: declaration.name,
      location: declaration.location,
      parameterName: declaration.parameter?.name ?? null,
      wantsFloat64Array: declaration.wantsFloat64Array,
      startExport: declaration.startExport,
      gradientExport: annotation?.gradient ?? null,
      texts,
    },
    startKnown: config.start !== null || declaration.startExport !== null,
    problems,
  };
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

function dimensionProblems(
  declaration: LossDeclaration,
  config: RunConfig,
  above: Layers['above'],
): SourceProblem[] {
  const arity = declaration.parameterNames?.length;
  if (arity === undefined || config.start === null || config.start.length === arity) return [];
  return [
    {
      code: 'wrong-dimension',
      severity: 'error',
      message: `start has ${config.start.length} ${config.start.length === 1 ? 'number' : 'numbers'}, but ${declaration.name} takes ${arity} (${declaration.parameterNames!.join(', ')})`,
      location: placeOfValue(declaration, ['start'], above) ?? declaration.location,
    },
  ];
}

function exportProblems(declaration: LossDeclaration): SourceProblem[] {
  if (declaration.exportName !== null) return [];
  return [
    {
      code: 'not-exported',
      severity: 'error',
      message: `${declaration.name} is not exported, so it cannot be loaded: write export before it`,
      location: declaration.location,
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
