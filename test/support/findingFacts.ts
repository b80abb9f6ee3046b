import { expect } from 'vitest';
import type { Finding } from '../../src/core/diagnosis/finding';
import { formatNumber } from '../../src/core/numerics/format';

/** The steps of a run as its user sees them: losses before each step, parameters after it. */
export interface RunFacts {
  /** The losses of steps 1, 2, …, in values of the user's function. */
  readonly losses: readonly number[];
  /** theta_0, theta_1, … of coordinate i; null if it is not recorded. */
  path(i: number): readonly number[] | null;
  /** The number of steps that the run made, or had planned. */
  readonly lastStep: number;
}

type Check = (facts: RunFacts, finding: Finding, parts: readonly string[]) => void;

const number = String.raw`(-?(?:\d+(?:\.\d+)?(?:e-?\d+)?|∞)|NaN)`;
const loss = String.raw`(?:loss|objective)( \([^)]*\))?`;

/** The statements about the steps of a run that findings make, with the numbers of the record that they must have. */
const statements: readonly (readonly [RegExp, Check])[] = [
  [
    new RegExp(`It (?:grew|fell) to ${number} at step (\\d+)`),
    ({ losses }, { detail }, [value, t]) => {
      if (!isSmoothed(detail)) expectNumber(value!, losses[Number(t) - 1]!);
    },
  ],
  [
    new RegExp(`${loss} (?:rose|fell) from (?:a median of )?${number} to ${number} at step (\\d+)`),
    ({ losses }, _, [, , value, t]) => expectNumber(value!, losses[Number(t) - 1]!),
  ],
  [
    new RegExp(`At step (\\d+) it was ${number}`),
    ({ losses }, _, [t, value]) => expectNumber(value!, losses[Number(t) - 1]!),
  ],
  [
    new RegExp(`${loss} is ${number} at step (\\d+)`),
    ({ losses }, _, [smoothing, value, t]) => {
      if (!smoothing) expectNumber(value!, losses[Number(t) - 1]!);
    },
  ],
  [
    new RegExp(`starting value of ${number}`),
    ({ losses }, { detail }, [value]) => {
      if (!isSmoothed(detail)) expectNumber(value!, losses.find(Number.isFinite)!);
    },
  ],
  [new RegExp(`At the start it was ${number}`), ({ losses }, _, [value]) => expectNumber(value!, losses[0]!)],
  [
    new RegExp(`From step (\\d+) to (\\d+) the ${loss} was between ${number} and ${number}`),
    ({ losses }, _, [from, to, smoothing, ...ends]) => {
      // A mean at the first step covers the steps before it.
      const before = smoothing ? Number(/\d+/.exec(smoothing)![0]) : 1;
      const range = losses.slice(Math.max(0, Number(from) - before), Number(to)).filter(Number.isFinite);
      const [least, largest] = [Math.min(...range), Math.max(...range)];
      const [low, high] = ends.map(Number).toSorted((a, b) => a - b) as [number, number];
      if (smoothing) {
        expect(low).toBeGreaterThanOrEqual(Number(formatNumber(least)));
        expect(high).toBeLessThanOrEqual(Number(formatNumber(largest)));
      } else {
        expectNumber(formatNumber(low), least);
        expectNumber(formatNumber(high), largest);
      }
    },
  ],
  [
    new RegExp(`From step (\\d+) to (\\d+) the ${loss} stayed near ${number}`),
    ({ losses }, _, [from, to, , value]) => {
      const range = losses.slice(Number(from) - 1, Number(to)).filter(Number.isFinite);
      const margin = 0.006 * Math.abs(Number(value));
      expect(Number(value)).toBeGreaterThanOrEqual(Math.min(...range) - margin);
      expect(Number(value)).toBeLessThanOrEqual(Math.max(...range) + margin);
    },
  ],
  [
    new RegExp(`From step (\\d+) to (\\d+), .* moved ${number} in total and ended ${number} from where`),
    (facts, { coordinates }, [from, to, total, net]) => {
      const path = facts.path(coordinates[0]!)?.slice(Number(from) - 1, Number(to) + 1);
      if (!path) return;
      const moved = path.slice(1).reduce((sum, each, k) => sum + Math.abs(each - path[k]!), 0);
      expectNumber(total!, moved);
      expectNumber(net!, Math.abs(path.at(-1)! - path[0]!));
    },
  ],
];

/** Checks what a finding states about steps of its run against the record. Returns the number of checked statements. */
export function expectTrueToRecord(finding: Finding, facts: RunFacts): number {
  let checked = 0;
  for (const text of [finding.headline, finding.detail]) {
    for (const [, step] of text.matchAll(/\bsteps? (\d+)/g))
      expect(Number(step), text).toBeLessThanOrEqual(facts.lastStep);
    for (const [statement, check] of statements) {
      const found = statement.exec(text);
      if (!found) continue;
      checked++;
      try {
        check(facts, finding, found.slice(1));
      } catch (error) {
        throw new Error(`${finding.code}: "${found[0]}" is not what the run recorded`, { cause: error });
      }
    }
  }
  return checked;
}

/** Whether the losses of a text are means or medians, and named so. */
function isSmoothed(text: string): boolean {
  return /\((?:mean|median) of \d+ (?:steps|batches)\)/.test(text);
}

/** The number as it is shown, with as many digits as were needed. */
function expectNumber(shown: string, value: number): void {
  const texts = Array.from({ length: 15 }, (_, k) => formatNumber(value, k + 3));
  expect(texts, `${shown} instead of ${value}`).toContain(shown);
}
