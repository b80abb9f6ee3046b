import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfig } from '../../../../src/core/config/runConfig';
import type { Finding } from '../../../../src/core/diagnosis/finding';
import type { StopReason } from '../../../../src/core/stopping';
import type { VerdictKind } from '../../../../src/core/verdict/verdict';
import type { Trial } from '../../../../src/core/verify/watcher';
import { someVerdict } from '../../../support/verdicts';

const defaultConfig = resolveConfig([]).config;

/** The numbers of a trial that matter for a comparison. */
export interface Numbers {
  readonly level: number;
  readonly best?: number;
  readonly spread?: number;
  readonly low?: number;
  readonly highest?: number;
  readonly stopped?: StopReason;
  /** The kind of the verdict. */
  readonly ends?: VerdictKind;
  readonly expected?: readonly number[] | null;
  readonly isRandom?: boolean;
  readonly config?: RunConfig;
}

/** A trial of 1000 steps that ends at its level. Default: of the default configuration, and converged. */
export function trial(
  {
    level,
    best = level,
    spread = 0,
    low = Number.NaN,
    highest = 10,
    stopped = 'steps',
    ends = 'converged',
    expected = null,
    isRandom = true,
    config = defaultConfig,
  }: Numbers,
  ...findings: Finding[]
): Trial {
  const params = Float64Array.of(0);
  return {
    config,
    findings,
    level,
    spread,
    low,
    highest,
    lastWatched: level,
    expected: expected && { means: expected, isRandom, steps: 48 },
    verdict: { ...someVerdict, kind: ends },
    outcome: {
      steps: 1000,
      stopped,
      final: { params, loss: level, gradNorm: 1 },
      best: { params, loss: best, t: 900 },
      error: undefined,
    },
  };
}
