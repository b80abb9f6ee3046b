import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { fullPackages, fullPython } from '../../.ci/pythonEnvironments.mjs';
import type { RunConfig } from '../../src/core/config/runConfig';
import { seededRandom } from '../../src/core/numerics/random';
import { Draw } from '../support/dialects/draw';
import { configOf, differenceOf, ourTrajectory, type Trajectory } from '../support/dialects/ours';
import { type Library, type Row, rows } from '../support/dialects/rows';

/**
 * As for the golden files in their first steps: rounding errors do not grow along these trajectories. RAdam's rho_t is the
 * difference of two numbers near 2/(1 − beta2), divided by 1 − beta2^t: at beta2 = 0.999 that multiplies an error of one
 * ulp in the power by 3e5.
 */
const toleranceOf = ({ optimizer }: RunConfig) => (optimizer.name === 'radam' ? 1e-10 : 1e-12);

/** Cases of a row. JAX needs a third of a second for each. */
const repetitions: { readonly [L in Library]: number } = { torch: 10, optax: 3, keras: 2 };

const program = path.join(import.meta.dirname, '../support/python/dialects/main.py');
const page = readFileSync(path.join(import.meta.dirname, '../../docs/dialects.md'), 'utf8');

/** A new row must not change the cases of the others. */
const wordsOf = ({ library, title }: Row) =>
  [...`${library}: ${title}`].map((letter) => letter.charCodeAt(0));

const cases = rows.flatMap((row) =>
  Array.from({ length: repetitions[row.library] }, (_, seed) => {
    const { patch, problem, theirs } = row.draw(new Draw(seededRandom(...wordsOf(row), seed)));
    return { row, seed, config: configOf(patch), problem, theirs };
  }),
);

let answer: { versions: Record<string, string>; trajectories: Trajectory[] };

beforeAll(async () => {
  const input = cases.map(({ row, config, problem, theirs }) => ({
    library: row.library,
    config,
    theirs,
    ...problem,
  }));
  const { stdout, stderr, status } = spawnSync(await fullPython(), ['-B', program], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  answer = JSON.parse(stdout);
}, 900_000);

it('the page names the versions that run here', () => {
  expect(answer.versions).toMatchObject({
    torch: fullPackages.torch,
    optax: fullPackages.optax,
    keras: fullPackages.keras,
  });
  for (const [name, version] of Object.entries(answer.versions))
    expect(page).toContain(`| ${name} | ${version} |`);
});

/** Equal are the items of lists, separated by semicolons; different the first cells of tables. */
it.each(['torch', 'optax', 'keras'] as const)('the page lists what is compared with %s', (library) => {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${library}\n`))!;
  const listed = [...section.matchAll(/^- (.*)$/gm)].flatMap(([, items]) => items!.split('; '));
  const table = [...section.matchAll(/^\| ([^|]*) \|/gm)].map(([, title]) => title!).slice(1);
  const titles = (different: boolean) =>
    rows
      .filter((row) => row.library === library && (row.differs !== undefined) === different)
      .map(({ title }) => title);
  expect(listed.toSorted()).toEqual(titles(false).toSorted());
  expect(table.toSorted()).toEqual(titles(true).toSorted());
});

it.each(rows.map((row) => [`${row.library}: ${row.title}`, row] as const))('%s', (_, row) => {
  const differences = cases.flatMap((each, k) => {
    if (each.row !== row) return [];
    const ours = ourTrajectory(each.config, each.problem);
    const difference = differenceOf(ours, answer.trajectories[k]!, each.problem.start);
    return [{ seed: each.seed, difference, config: each.config }];
  });
  for (const { seed, difference, config } of differences) {
    const replay = `seed ${seed}: the difference is ${difference}; ${JSON.stringify(config)}`;
    const { atLeast, atMost = Number.POSITIVE_INFINITY } = row.differs ?? {
      atLeast: 0,
      atMost: toleranceOf(config),
    };
    expect(difference, replay).toBeGreaterThanOrEqual(atLeast);
    expect(difference, replay).toBeLessThanOrEqual(atMost);
  }
});
