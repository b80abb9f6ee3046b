import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Finding } from '../../../src/core/diagnosis/finding';
import { option } from '../../../src/core/diagnosis/subjects';
import type { SourceEdit } from '../../../src/core/sourceEdit';
import { discover } from '../../../src/loss/discovery/discover';
import { editedText } from '../../../src/loss/editedSource';
import { LineMap } from '../../../src/loss/places/lineMap';
import { planRun } from '../../../src/loss/plan';
import { Run } from '../../../src/runs/run';
import { RunPlaces } from '../../../src/runs/runPlaces';
import { aFinding } from '../../support/findings';
import { someVerdict } from '../../support/verdicts';
import { runRecord } from './support/runRecord';

const file = '/w/fit.ts';
const text = `/** @loss @start [1] @optimizer sgd lr=3 @expect loss<1 */
export function f([x]: number[]) { return Math.log(x); }
`;

interface Given {
  readonly overrides?: RunConfigPatch;
  readonly lrChanges?: readonly (readonly [number, number])[];
  /** null: the loss was not loaded. */
  readonly loaded?: string | null;
}

function runOf({ overrides = {}, lrChanges = [], loaded = text }: Given = {}): Run {
  const declaration = discover(text, file, 'named')[0]!;
  const { config, source } = planRun(declaration, { below: [], above: [overrides] });
  const { from, to } = new LineMap(file, text).range(declaration.extent);
  return new Run(
    runRecord('1', {
      source: { ...source, texts: loaded === null ? [] : [[file, loaded]] },
      lossText: text.slice(from, to),
      config,
      overrides,
      status: 'finished',
      start: [1],
      gradientMode: 'exact',
      lrChanges,
    }),
  );
}

function finding(piece: string | null, steps: readonly [number, number] = [10, 20]): Finding {
  const at = piece === null ? 0 : text.indexOf(piece);
  return aFinding({
    severity: 'error',
    steps,
    subject: option('optimizer', 'lr'),
    location: piece === null ? null : new LineMap(file, text).location(at, at + piece.length),
  });
}

/** The text at the place of a finding. */
function placed(run: Run, what: Finding, now = text): string | null {
  const place = RunPlaces.now(run, () => now)?.ofFinding(what);
  if (!place) return null;
  const { from, to } = new LineMap(file, now).range(place);
  return now.slice(from, to);
}

describe('an edit of a run', () => {
  const at = text.indexOf('Math.log(x)');
  const edit: SourceEdit = {
    location: new LineMap(file, text).location(at, at + 'Math.log(x)'.length),
    before: 'Math.log(x)',
    after: 'Math.log1p(x)',
    meaning: { kind: 'same' },
  };
  const applied = (now: string) => {
    const moved = RunPlaces.now(runOf(), () => now)?.ofEdit(edit);
    return moved ? editedText(now, moved) : null;
  };

  it('moves with its expression', () => {
    const now = `const a = 1;\n\n${text}`;
    expect(applied(now)).toBe(now.replace('Math.log(x)', 'Math.log1p(x)'));
  });

  it('is withdrawn once the code or the configuration has changed', () => {
    expect(applied(text.replace('lr=3', 'lr=0.001'))).toBeNull();
    expect(applied(text.replace('log', 'exp'))).toBeNull();
    expect(applied(text.replace('return ', 'return 2 * '))).toBeNull();
    expect(applied('')).toBeNull();
  });
});

describe('the place of a finding of a run', () => {
  it('is the option, in the current text', () => {
    expect(placed(runOf(), finding(null))).toBe('lr=3');
    expect(placed(runOf(), finding(null), `const a = 1;\n${text}`)).toBe('lr=3');
  });

  it('is the name if the run had another value, or the user had changed it before', () => {
    expect(placed(runOf({ overrides: { optimizer: { lr: 5 } } }), finding(null))).toBe('f');
    expect(placed(runOf({ lrChanges: [[9, 5]] }), finding(null))).toBe('f');
    expect(placed(runOf({ lrChanges: [[15, 5]] }), finding(null))).toBe('lr=3');
  });

  it('is the expression that it was traced to, and null once the loss has changed', () => {
    const nan = finding('Math.log(x)');
    expect(placed(runOf(), nan, text.replace('export', 'export /* so */'))).toBeNull();
    expect(placed(runOf(), nan, `const a = 1; ${text}`)).toBe('Math.log(x)');
    expect(placed(runOf(), nan, text.replace('log', 'exp'))).toBeNull();
    expect(placed(runOf(), nan, '')).toBeNull();
  });

  it('at the time of the run is available on request, but null if the loss was not loaded', () => {
    const place = RunPlaces.atRun(runOf())?.ofFinding(finding(null));
    expect(place).toMatchObject({ line: 1, column: text.indexOf('lr=3') + 1 });
    expect(RunPlaces.atRun(runOf({ loaded: null }))).toBeNull();
  });

  it('is kept in a file that was not loaded, until the text that was first seen changes', () => {
    const problem = { file: '/w/lib.ts', line: 2, column: 1, endLine: 2, endColumn: 4 };
    const broken = 'const a = 1;\nlet = ;\n';
    const place = (now: string) =>
      RunPlaces.now(
        runOf(),
        (name) => (name === file ? text : now),
        () => broken,
      )?.ofLocation(problem);
    expect(place(broken)).toEqual(problem);
    expect(place(`\n${broken}`)).toMatchObject({ line: 3, column: 1 });
    expect(place('let b = 1;\n')).toBeNull();
  });

  it('is also known for the expectation and the name', () => {
    const places = RunPlaces.now(runOf(), () => text)!;
    expect(places.expectation).toMatchObject({ line: 1, column: text.indexOf('loss<1') + 1 });
    expect(places.name).toMatchObject({ line: 2, column: 17 });
  });
});

describe('whether a run meets its expectation', () => {
  const expecting = (met: boolean, stopped: 'steps' | 'user') => {
    const run = runOf();
    const at = { params: new Float64Array(1), loss: 0.5 };
    run.record.expectation = { met, reached: { loss: met ? 0.5 : 2, t: 7 }, metAt: met ? 7 : null };
    run.record.stopped = stopped;
    run.record.outcome = {
      steps: 9,
      stopped,
      final: { ...at, gradNorm: 0 },
      best: { ...at, t: 7 },
      verdict: someVerdict,
    };
    return run.expectation;
  };

  it('is reported when the run has ended, unless the user stopped it before it met the expectation', () => {
    expect(runOf().expectation).toBeNull();
    expect(expecting(true, 'steps')).toEqual({
      met: true,
      words: 'expected loss < 1: reached 0.5 at step 7 ✓',
    });
    expect(expecting(false, 'steps')).toEqual({
      met: false,
      words: 'expected loss < 1: reached 2 at step 7 ✗',
    });
    expect(expecting(true, 'user')?.met).toBe(true);
    expect(expecting(false, 'user')).toBeNull();
  });
});
