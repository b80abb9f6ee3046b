// Losses in Python files, from the CodeLens to a fix, and what their code prints and raises.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { barePython, fullPython, fullVariables } from '../../../.ci/pythonEnvironments.mjs';
import { openServedVsCode, type ServedVsCode } from '../../support/servedVsCode';
import { DashboardPage } from './dashboardPage';
import { pictureOfFailure } from './pictureOfFailure';

const bowl = `# A loss that needs no package.


# adamscope: loss start=[3, 4]
#   optimizer=sgd lr=0.5 steps=200
def bowl(x: float, y: float) -> float:
    return x * x + 4 * y * y
`;

const raising = `import math


def half(x: float) -> float:
    print(f"half of {x}")
    return math.sqrt(x) / 2


# adamscope: loss start=[1] steps=50
#   optimizer=sgd lr=1
def raising(x: float) -> float:
    return half(x) + x * x
`;

const fit = `import torch

inputs = torch.linspace(-1, 1, 20, dtype=torch.float64)
targets = 2 * inputs + 1


# adamscope: loss start=[0, 0] steps=300
#   optimizer=sgd lr=3
def fit_loss(theta: torch.Tensor) -> torch.Tensor:
    slope, offset = theta
    return ((slope * inputs + offset - targets) ** 2).mean()
`;

const plain = 'def plain_loss(theta: list[float]) -> float:\n    return theta[0] ** 2 + theta[1] ** 2\n';

/** A workspace whose setting names the interpreter. */
function workspaceOf(files: Record<string, string>, python: string) {
  return {
    workspace: null,
    files: { ...files, '.vscode/settings.json': JSON.stringify({ 'adamscope.python': python }) },
  };
}

describe('a loss in Python without packages', () => {
  let vs: ServedVsCode;
  let dashboard: DashboardPage;
  const lens = (text: string | RegExp) =>
    vs.page.locator('.codelens-decoration a', { hasText: text }).first();

  beforeAll(async () => {
    const files = { 'bowl.py': bowl, 'raising.py': raising, 'plain.py': plain };
    vs = await openServedVsCode(workspaceOf(files, await barePython()));
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('is run by its CodeLens, and the finding marks the learning rate in its comment', async () => {
    await vs.workbench.openFile('bowl.py');
    await lens('Run Adam (as annotated: sgd)').click();
    dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.shows('bowl');
    await dashboard.reaches(/Finished, 200 steps/);
    await vs.page.locator('.squiggly-error').first().waitFor();
    const [problem] = await vs.workbench.problems();
    expect(problem).toMatchObject({
      file: 'bowl.py',
      severity: 'error',
      source: 'adamscope',
      code: 'divergence',
      line: 5,
      column: 19,
    });
    await lens(/^sgd, exact gradient: diverged/).waitFor();
  });

  it('has in the dashboard what computes its gradient, and in the hover its environment', async () => {
    const config = dashboard.body.locator('.header .config');
    expect(await config.innerText()).toContain('gradient exact, reverse mode');
    const way = config.getByRole('button', { name: 'exact, reverse mode' });
    expect(await way.getAttribute('title')).toMatch(
      /^Accurate to rounding: the operations of the loss are recorded.*\nOpen the glossary at “Exact gradient”$/,
    );
    const all = await config.getAttribute('title');
    expect(all).toMatch(/^environment Python 3\.\d+\.\d+, cpu$/m);
    expect(all).toMatch(/^interpreter \S+python\S* \(setting adamscope\.python\)$/m);
  });

  it('has a verified quick fix that edits its comment, and then the next run converges', async () => {
    await vs.workbench.openFile('bowl.py', { line: 5, column: 20 });
    await dashboard.findings
      .getByText(/^reaches \S+ at step 200$/)
      .first()
      .waitFor();
    await vs.workbench.runCommand('Quick Fix...');
    const menu = vs.page.locator('.action-widget');
    await menu
      .getByText(/^Adamscope: Write lr 0\.\d+ to the annotation: reaches/)
      .first()
      .click();
    await expect.poll(() => vs.workbench.text()).toMatch(/# {3}optimizer=sgd lr=0\.[012]\d* steps=200/);
    const fixed = (await vs.workbench.text()).replace(/lr=[\d.]+/, 'lr=0.5');
    expect(fixed.trimEnd()).toBe(bowl.trimEnd());
    await vs.page.locator('.squiggly-error').waitFor({ state: 'detached' });
    await lens('Run Adam').click();
    await vs.workbench.statusBar(/bowl: converged, loss \S+ after 200 steps/);
    expect(await readFile(path.join(vs.workspace, 'bowl.py'), 'utf8')).toBe(bowl);
  });

  it('is run as the editor shows it, saved or not', async () => {
    await vs.workbench.openFile('bowl.py');
    await vs.workbench.replaceText(bowl.replace('lr=0.5', 'lr=0.1').replace('x * x +', 'x * x + 1000 +'));
    await lens('Run Adam').click();
    await vs.workbench.statusBar(/bowl: converged, loss 1000 after 200 steps/);
    expect(await readFile(path.join(vs.workspace, 'bowl.py'), 'utf8')).toBe(bowl);
  });

  // What it prints and the traceback are tested elsewhere: the served VS Code shows no text of an output channel.
  it('raises: the problem is at its line', async () => {
    await vs.workbench.openFile('raising.py', { line: 12 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    await dashboard.shows('raising');
    await dashboard.reaches(/Failed at step/);
    const problem = (await vs.workbench.problems()).find(({ file }) => file === 'raising.py');
    expect(problem).toMatchObject({ severity: 'error', code: 'loss-threw', line: 6 });
    expect(problem!.message).toMatch(/^raising failed at step \d+: ValueError: /);
  });

  it('runs after it was corrected', async () => {
    await vs.workbench.openFile('raising.py');
    await vs.workbench.replaceText(raising.replace('lr=1', 'lr=0.1').replace('math.sqrt(x) / 2', 'x / 2'));
    await lens('Run Adam').click();
    await vs.workbench.statusBar(/raising: converged, loss -0\.0625 after \d+ steps/);
    await vs.page.locator('.squiggly-error').waitFor({ state: 'detached' });
  });

  it('is asked for its start if it has none, and then its comment is written', async () => {
    await vs.workbench.openFile('plain.py', { line: 2 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    const input = vs.page.locator('.quick-input-widget input.input').first();
    await vs.page.locator('.quick-input-widget').getByText('Start of plain_loss').waitFor();
    await input.fill('3, 4');
    await input.press('Enter');
    const note = await vs.workbench.notification(/plain_loss starts at \[3, 4\]/);
    await note.getByRole('button', { name: 'Write start=' }).click();
    await expect
      .poll(() => vs.workbench.text())
      .toMatch(/^# adamscope: loss start=\[3, 4\]\s+def plain_loss/);
    await vs.workbench.statusBar(/plain_loss: /);
  });
});

describe('a loss in Python with torch', () => {
  let vs: ServedVsCode;

  beforeAll(async () => {
    vs = await openServedVsCode({
      ...workspaceOf({ 'fit.py': fit }, await fullPython()),
      env: { ...fullVariables },
    });
  });
  afterEach((context) => pictureOfFailure(vs, context));
  afterAll(async () => vs?.dispose());

  it('diverges: the finding names the learning rate, and the dashboard what computes the gradient', async () => {
    await vs.workbench.openFile('fit.py', { line: 10 });
    await vs.workbench.runCommand('Adamscope: Run Adam on loss');
    const dashboard = new DashboardPage(await vs.workbench.dashboard());
    await dashboard.reaches(/Stopped at|Finished/);
    const config = dashboard.body.locator('.header .config');
    expect(await config.innerText()).toContain('gradient exact, torch autograd');
    expect(await config.getAttribute('title')).toMatch(/^environment Python .*torch 2\.\d+/m);
    const [problem] = await vs.workbench.problems();
    expect(problem).toMatchObject({ file: 'fit.py', code: 'divergence', line: 8, column: 19 });
  });

  it('is evaluated by the link in its hover, which then shows the gradient and the environment', async () => {
    await vs.workbench.openFile('fit.py', { line: 9, column: 8 });
    await vs.workbench.runCommand('Show or Focus Hover');
    const hover = vs.page.locator('.monaco-hover').first();
    await hover.getByText('Evaluate fit_loss at its start').click();
    await hover.getByText('Gradient: exact, torch autograd').waitFor();
    await hover.getByText(/^Evaluated with Python 3\.\d+\.\d+, .*torch 2\.\d+/).waitFor();
  });
});
