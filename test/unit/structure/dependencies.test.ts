import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');

interface Import {
  /** The importing file, relative to the root, with slashes. */
  readonly from: string;
  /** A path relative to the root, or the name of a package. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/** A rule selects files and restricts their imports. */
interface Rule {
  readonly name: string;
  readonly about: (file: string) => boolean;
  readonly allows: (imported: Import) => boolean;
}

const below =
  (...folders: string[]) =>
  (file: string) =>
    folders.some((folder) => file === folder || file.startsWith(`${folder}/`));
const isOurs = (target: string) => below('src', 'webview', 'package.json')(target);
const not = (test: (target: string) => boolean) => (imported: Import) => !test(imported.to);

/** Parses conditions and watched expressions, without running them. */
const expressionParser = 'src/core/expressions/parse.ts';

const rules: readonly Rule[] = [
  {
    name: 'core imports only core',
    about: (file) => below('src/core')(file) && file !== expressionParser,
    allows: ({ to }) => below('src/core')(to),
  },
  {
    name: 'the parser of expressions imports only core and the parser of JavaScript',
    about: below(expressionParser),
    allows: ({ to, typeOnly }) =>
      below('src/core')(to) || to === '@babel/parser' || (typeOnly && to === '@babel/types'),
  },
  {
    name: 'autodiff imports only core and itself of ours',
    about: below('src/autodiff'),
    allows: ({ to }) => !isOurs(to) || below('src/core', 'src/autodiff')(to),
  },
  {
    name: 'protocol imports only types of core, loss and recordings, itself and birpc',
    about: below('src/protocol'),
    allows: ({ to, typeOnly }) =>
      to === 'birpc' ||
      below('src/protocol')(to) ||
      (typeOnly && below('src/core', 'src/loss', 'src/recordings')(to)),
  },
  {
    name: 'recordings imports only core and itself of ours',
    about: below('src/recordings'),
    allows: ({ to }) => !isOurs(to) || below('src/core', 'src/recordings')(to),
  },
  {
    name: 'loss knows neither threads nor VS Code nor the protocol',
    about: below('src/loss'),
    allows: ({ to }) => !isOurs(to) || below('src/loss', 'src/core', 'src/autodiff')(to),
  },
  {
    name: 'only the loader and the disk know node',
    about: (file) =>
      below('src/loss')(file) &&
      !below('src/loss/providers', 'src/loss/disk', 'src/loss/diskSources.ts')(file),
    allows: not((to) => to.startsWith('node:')),
  },
  {
    name: 'only the provider of a language knows how its losses are loaded',
    about: (file) => below('src')(file) && !below('src/loss/providers', 'src/autodiff')(file),
    allows: not(below('src/loss/providers/javascript', 'src/autodiff')),
  },
  {
    name: 'worker never imports host',
    about: below('src/worker'),
    allows: not(below('src/host', 'src/cli', 'src/runner', 'src/runs', 'src/process')),
  },
  {
    name: 'process imports only protocol and itself of ours: it must not fail where a loss does',
    about: below('src/process'),
    allows: ({ to }) => !isOurs(to) || below('src/process', 'src/protocol')(to),
  },
  {
    name: 'runs knows neither VS Code, nor how a run is made',
    about: below('src/runs'),
    allows: not(below('src/host', 'src/cli', 'src/runner', 'src/worker', 'src/process')),
  },
  {
    name: 'runner never imports host or worker',
    about: below('src/runner'),
    allows: not(below('src/host', 'src/cli', 'src/worker', 'src/process/main')),
  },
  {
    name: 'runs know no process that makes them',
    about: below('src/runs'),
    allows: not(below('src/host', 'src/cli', 'src/worker', 'src/runner', 'src/process')),
  },
  {
    name: 'agents know neither VS Code nor the command line, nor how a run is made',
    about: below('src/agents'),
    allows: not(below('src/host', 'src/cli', 'src/worker', 'src/runner', 'src/process')),
  },
  {
    name: 'debug knows neither VS Code nor the command line, nor how a run is made',
    about: below('src/debug'),
    allows: not(below('src/host', 'src/cli', 'src/worker', 'src/runner', 'src/process')),
  },
  {
    name: 'cli never imports host or worker',
    about: below('src/cli'),
    allows: not(below('src/host', 'src/worker')),
  },
  {
    name: 'host never imports worker',
    about: below('src/host', 'src/extension.ts'),
    allows: not(below('src/worker', 'src/cli')),
  },
  {
    name: 'webview imports only protocol, core/numerics, core/coordinates, core/figure and places of src',
    about: below('webview'),
    allows: ({ to }) =>
      !below('src')(to) ||
      below(
        'src/protocol',
        'src/core/numerics',
        'src/core/coordinates',
        'src/core/figure',
        'src/core/sourceLocation',
      )(to),
  },
  {
    name: 'vscode is imported only in extension.ts and host',
    about: (file) => !below('src/host', 'src/extension.ts')(file),
    allows: ({ to }) => to !== 'vscode',
  },
  {
    name: 'chart.js is imported only in webview/charts',
    about: (file) => !below('webview/charts')(file),
    allows: ({ to }) => !to.startsWith('chart'),
  },
  {
    name: 'the UI toolkit is imported only in webview/ui',
    about: (file) => !below('webview/ui')(file),
    allows: ({ to }) => to !== '@vscode/webview-ui-toolkit',
  },
];

/**
 * The layers of the core, lowest first, as folders and files below `src/core`. The most specific entry
 * determines the layer of a file. A file may import its own layer and lower ones.
 */
const coreLayers: readonly (readonly string[])[] = [
  ['numerics', 'kernels', 'figure'],
  [
    'objective',
    'ascent',
    'lossWords',
    'laggingGradients',
    'meanOfLosses',
    'callForm',
    'sourceEdit',
    'sourceLocation',
    'coordinates',
    'shownText',
    'config/optionSpecs',
  ],
  ['optimizers', 'schedules'],
  ['config'],
  ['ownOptimizer'],
  // The bookkeeping of a run: its progress, counters and stop conditions, without the observers.
  [
    'batches',
    'context',
    'clip',
    'gradientScaling',
    'phases',
    'groups',
    'rescaling',
    'stopping',
    'measurements',
    'update',
    'runLoop',
    'keyframe',
    'keyframePlan',
    'lrByHand',
    'interventions',
    'observers',
    'gradient',
    'curvature',
  ],
  // The results of a run.
  ['trace', 'expectation', 'ending', 'explain'],
  ['expressions'],
  ['diagnosis'],
  ['verdict'],
  ['analysis'],
  ['verify', 'replay'],
];

/** The layer of a file or import of the core; −1 if no entry matches. */
function layerOf(target: string): number {
  const name = target.replace(/^src\/core\//, '').replace(/\.ts$/, '');
  let found = { layer: -1, length: 0 };
  for (const [layer, members] of coreLayers.entries())
    for (const member of members)
      if (below(member)(name) && member.length > found.length) found = { layer, length: member.length };
  return found.layer;
}

function layerViolations(imports: readonly Import[]): string[] {
  return imports
    .filter(({ from, to }) => below('src/core')(from) && below('src/core')(to) && layerOf(to) > layerOf(from))
    .map(({ from, to }) => `${from} imports ${to} of a higher layer`);
}

/**
 * The import cycles among files, including type imports. Each cycle lists its files: each imports the next,
 * and the last imports the first.
 *
 * @param graph the imports of every file
 */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const visit = (file: string) => {
    state.set(file, 'open');
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      if (state.get(next) === 'open') found.push(path.slice(path.indexOf(next)));
      else if (!state.has(next)) visit(next);
    }
    path.pop();
    state.set(file, 'done');
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file);
  return found;
}

/** The imported files of each file, as paths on disk. */
function graphOf(imports: readonly Import[]): Map<string, string[]> {
  const known = new Set(files);
  const graph = new Map<string, string[]>(files.map((file) => [file, []]));
  for (const { from, to } of imports) {
    const file = [to, `${to}.ts`, `${to}.tsx`, `${to}/index.ts`].find((each) => known.has(each));
    if (file) graph.get(from)!.push(file);
  }
  return graph;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;
  return [...text.matchAll(pattern)].map(([, type, from, bare, dynamic]) => {
    const specifier = (from ?? bare ?? dynamic)!;
    const to = specifier.startsWith('.')
      ? path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier))
      : specifier;
    return { from: file, to, typeOnly: type !== undefined };
  });
}

function violations(imports: readonly Import[]): string[] {
  return rules.flatMap((rule) =>
    imports
      .filter((imported) => rule.about(imported.from) && !rule.allows(imported))
      .map(({ from, to }) => `${rule.name}: ${from} imports ${to}`),
  );
}

const files = ['src', 'webview'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true })
    .map((name) => `${folder}/${String(name).split(path.sep).join('/')}`)
    .filter((name) => /\.tsx?$/.test(name)),
);

describe('the dependency rules', () => {
  it('are obeyed by every file', () => {
    expect(files.length).toBeGreaterThan(100);
    const imports = files.flatMap(importsOf);
    expect(imports.length).toBeGreaterThan(files.length);
    expect(violations(imports)).toEqual([]);
    expect(layerViolations(imports)).toEqual([]);
  });

  it('have a layer for every file of the core, and every entry matches a file or folder', () => {
    const core = files.filter(below('src/core'));
    expect(core.filter((file) => layerOf(file) < 0)).toEqual([]);
    const isThere = (name: string) =>
      core.some((file) => below(`src/core/${name}`)(file.replace(/\.ts$/, '')));
    expect(coreLayers.flat().filter((name) => !isThere(name))).toEqual([]);
  });

  it.each<[string, string, boolean]>([
    ['src/core/runLoop.ts', 'src/core/diagnosis/board', false],
    ['src/core/stopping.ts', 'src/core/trace/layout', false],
    ['src/core/trace/quantities.ts', 'src/core/diagnosis/subjects', false],
    ['src/core/diagnosis/diagnose.ts', 'src/core/analysis/analysis', false],
    ['src/core/analysis/report.ts', 'src/core/verify/verifyFixes', false],
    ['src/core/optimizers/adam.ts', 'src/core/config/runConfig', false],
    ['src/core/optimizers/adam.ts', 'src/core/config/optionSpecs', true],
    ['src/core/verify/judge.ts', 'src/core/diagnosis/finding', true],
  ])('decide for the layers whether %s may import %s', (from, to, isAllowed) => {
    const found = layerViolations([{ from, to, typeOnly: true }]);
    expect(found).toEqual(isAllowed ? [] : [`${from} imports ${to} of a higher layer`]);
  });

  it('forbid import cycles among files, also of types', () => {
    expect(circles(graphOf(files.flatMap(importsOf)))).toEqual([]);
  });

  it('find a cycle from each of its files, and none where two paths merge', () => {
    const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));
    expect(circles(graph({ a: ['b'], b: ['c'], c: ['d', 'b'], d: [] }))).toEqual([['b', 'c']]);
    expect(circles(graph({ a: ['a'] }))).toEqual([['a']]);
    expect(circles(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
  });

  it.each<[string, string, string, boolean]>([
    ['core imports only core', 'src/core/runLoop.ts', 'src/loss/plan', false],
    ['core imports only core', 'src/core/runLoop.ts', 'node:fs', false],
    ['core imports only core', 'src/core/expressions/check.ts', '@babel/parser', false],
    [
      'the parser of expressions imports only core and the parser of JavaScript',
      'src/core/expressions/parse.ts',
      'node:fs',
      false,
    ],
    ['autodiff imports only core and itself of ours', 'src/autodiff/tape.ts', 'src/loss/plan', false],
    [
      'protocol imports only types of core, loss and recordings, itself and birpc',
      'src/protocol/panel.ts',
      'src/core/runLoop',
      false,
    ],
    [
      'loss knows neither threads nor VS Code nor the protocol',
      'src/loss/plan.ts',
      'src/protocol/worker',
      true,
    ],
    ['only the loader and the disk know node', 'src/loss/discover.ts', 'node:path', false],
    [
      'only the provider of a language knows how its losses are loaded',
      'src/worker/jobs/runLoss.ts',
      'src/loss/providers/javascript/userObjective',
      false,
    ],
    ['worker never imports host', 'src/worker/session.ts', 'src/host/settings', false],
    ['runner never imports host or worker', 'src/runner/runJob.ts', 'src/worker/session', false],
    [
      'process imports only protocol and itself of ours: it must not fail where a loss does',
      'src/process/main.ts',
      'src/core/runLoop',
      false,
    ],
    ['runs knows neither VS Code, nor how a run is made', 'src/runs/store.ts', 'src/runner/runJob', false],
    ['runs know no process that makes them', 'src/runs/runStore.ts', 'src/runner/runJob', true],
    [
      'agents know neither VS Code nor the command line, nor how a run is made',
      'src/agents/callTool.ts',
      'src/runner/runJob',
      false,
    ],
    ['cli never imports host or worker', 'src/cli/run.ts', 'src/host/settings', false],
    ['host never imports worker', 'src/host/settings.ts', 'src/worker/session', false],
    [
      'webview imports only protocol, core/numerics, core/coordinates, core/figure and places of src',
      'webview/main.tsx',
      'src/core/runLoop',
      true,
    ],
    ['vscode is imported only in extension.ts and host', 'src/runner/runJob.ts', 'vscode', false],
    ['chart.js is imported only in webview/charts', 'webview/ui/app.tsx', 'chart.js', false],
    [
      'the UI toolkit is imported only in webview/ui',
      'webview/charts/axis.ts',
      '@vscode/webview-ui-toolkit',
      false,
    ],
  ])('"%s" reports %s importing %s', (name, from, to, typeOnly) => {
    expect(violations([{ from, to, typeOnly }])).toContain(`${name}: ${from} imports ${to}`);
  });
});
