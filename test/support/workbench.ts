// The actions of a user in a VS Code window, by visible elements. This is the only file that uses VS Code's
// class names.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';

export interface Problem {
  /** The name of the file without its folder. */
  file: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  source: string;
  code: string;
  /** 1-based. */
  line: number;
  column: number;
}

/** On a busy machine, the extension host alone may take half a minute to start. */
export const WAIT_MS = 60_000;

export class Workbench {
  readonly #page: Page;
  readonly #workspace: string;

  constructor(page: Page, workspace: string) {
    this.#page = page;
    this.#workspace = workspace;
  }

  /** Resolves when the window is drawn and responds to keys. */
  async ready(): Promise<void> {
    await this.#page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    await this.#page.locator('.monaco-workbench .part.editor').waitFor({ timeout: WAIT_MS });
  }

  /** Runs a command by its full title in the palette, for example `Adamscope: Run Adam on loss`. */
  async runCommand(title: string): Promise<void> {
    await this.#withCommand(title, (row) => row.click({ timeout: 3_000 }));
  }

  /** Does something with the row of a command in the palette, once it is there. */
  async #withCommand(title: string, act: (row: Locator) => Promise<void>): Promise<void> {
    const row = this.#page.locator('.quick-input-widget .monaco-list-row').filter({
      has: this.#page.locator('.label-name', { hasText: new RegExp(`^${escapeRegExp(title)}$`) }),
    });
    // A command of an extension appears in the palette only after the extension host has announced it to the
    // window.
    const end = Date.now() + WAIT_MS;
    for (;;) {
      await this.#openQuickInput(`>${title}`);
      try {
        await act(row.first());
        return;
      } catch (error) {
        await this.#page.keyboard.press('Escape');
        if (Date.now() > end) throw new Error(`the palette has no command "${title}"`, { cause: error });
      }
    }
  }

  /** Opens a file of the workspace and resolves when its text is visible. `at`: line and column, 1-based. */
  async openFile(relativePath: string, at?: { line: number; column?: number }): Promise<void> {
    await this.#open(relativePath, at === undefined ? '' : `:${at.line}:${at.column ?? 1}`);
    await this.editor.locator('.view-lines').waitFor({ timeout: WAIT_MS });
  }

  /** Opens a notebook of the workspace and resolves when its cells are visible. */
  async openNotebook(relativePath: string): Promise<void> {
    await this.#open(relativePath, '');
    await this.#page.locator('.notebookOverlay .view-lines').first().waitFor({ timeout: WAIT_MS });
  }

  /** Opens a run file of the workspace, whose dashboard is then the newest webview. */
  async openRunFile(relativePath: string): Promise<void> {
    // Before the window knows the editors of the extension, it opens the file as a text, and later again.
    await this.#withCommand('Adamscope: Show dashboard', (row) => row.waitFor({ timeout: 3_000 }));
    await this.#page.keyboard.press('Escape');
    await this.#open(relativePath, '');
  }

  async #open(relativePath: string, position: string): Promise<void> {
    await this.#openQuickInput(path.join(this.#workspace, relativePath) + position);
    const row = this.#page.locator('.quick-input-widget .monaco-list-row').first();
    await row.filter({ hasText: path.basename(relativePath) }).waitFor({ timeout: WAIT_MS });
    await this.#page.keyboard.press('Enter');
    // A webview that had the focus can take it back while the file opens: only a click makes this group the active one.
    await this.#page
      .locator(`.editor-group-container .tab.active[data-resource-name="${path.basename(relativePath)}"]`)
      .first()
      .click({ timeout: WAIT_MS });
  }

  /** Closes the editor whose tab has this title. */
  async closeEditor(title: string | RegExp): Promise<void> {
    const tab = this.#page.locator('.tab', { hasText: title }).first();
    await tab.getByRole('button', { name: /Close/ }).click();
    await tab.waitFor({ state: 'detached', timeout: WAIT_MS });
  }

  /** The text editor that has the focus, or had it last. */
  get editor(): Locator {
    return this.#page.locator('.editor-group-container.active .editor-instance').first();
  }

  /** The visible lines of the active editor. */
  async text(): Promise<string> {
    const lines = await this.editor.locator('.view-line').all();
    const placed = await Promise.all(
      lines.map(async (line) => ({
        top: (await line.boundingBox())?.y ?? 0,
        // VS Code draws spaces as non-breaking ones.
        text: ((await line.textContent()) ?? '').replaceAll('\u00a0', ' '),
      })),
    );
    return placed
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text)
      .join('\n');
  }

  /** Replaces the text of the active editor as if typed, without saving. */
  async replaceText(text: string): Promise<void> {
    await this.editor.locator('.view-lines').click();
    await this.#page.keyboard.press('ControlOrMeta+A');
    await this.#page.keyboard.insertText(text);
  }

  /** The entries of the Problems view, after waiting for at least `atLeast` of them. */
  async problems(atLeast = 1): Promise<Problem[]> {
    await this.#showProblems(atLeast);
    const files = this.#page.locator('.markers-panel .monaco-list-row');
    let file = '';
    const problems: Problem[] = [];
    for (const row of await files.all()) {
      const level = await row.getAttribute('aria-level');
      if (level === '1') {
        file = (await row.locator('.label-name').first().textContent())?.trim() ?? '';
      } else if (level === '2') {
        // Level 3 is related information.
        problems.push(await readProblem(row, file));
      }
    }
    return problems;
  }

  async #showProblems(atLeast: number): Promise<void> {
    const rows = this.#page.locator('.markers-panel .monaco-list-row[aria-level="2"]');
    const end = Date.now() + WAIT_MS;
    for (;;) {
      await this.runCommand('Problems: Focus on Problems View');
      if (atLeast === 0) return;
      try {
        await rows.nth(atLeast - 1).waitFor({ timeout: WAIT_MS / 4 });
        return;
      } catch (error) {
        // A window that is still being restored may have hidden the view again.
        if (Date.now() > end) throw error;
      }
    }
  }

  /** Follows the link of a problem's code. */
  async followCode(code: string): Promise<void> {
    await this.problems();
    await this.#page.locator('.markers-panel a', { hasText: code }).first().click();
  }

  /** Waits for the rendered Markdown page with this heading in the active editor group. */
  async renderedPage(heading: string): Promise<Frame> {
    const end = Date.now() + WAIT_MS;
    while (Date.now() < end) {
      for (const frame of this.#page.frames()) {
        const title = frame.locator('body.vscode-body').getByRole('heading', { level: 1, name: heading });
        if (await title.isVisible().catch(() => false)) return frame;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`no page "${heading}" is rendered`);
  }

  /** The content of a webview: the only one besides those of notebooks, or the one whose tab has this title. */
  webview(title?: string): FrameLocator {
    const which = title === undefined ? ':not([src*="purpose=notebookRenderer"])' : `[title="${title}"]`;
    const frame = `iframe.webview.ready${which}`;
    return this.#page.frameLocator(frame).frameLocator('#active-frame');
  }

  /** The content of the webview that was opened last. */
  newestWebview(): FrameLocator {
    return this.#page
      .locator('iframe.webview.ready')
      .last()
      .contentFrame()
      .locator('#active-frame')
      .contentFrame();
  }

  /** The dashboard, once its page has been loaded. */
  async dashboard(): Promise<FrameLocator> {
    const frame = this.webview();
    await frame.locator('body').waitFor({ timeout: WAIT_MS });
    return frame;
  }

  /** A test, or a file with tests, in the Test Explorer by its name and state; without a state, in any one. */
  test(
    name: string,
    state: 'Not yet run' | 'Running' | 'Passed' | 'Failed' | 'Errored' | 'Skipped' | '' = '',
  ): Locator {
    const label = new RegExp(`^${escapeRegExp(name)} \\(${state}`);
    return this.#page.locator('.test-explorer').getByRole('treeitem', { name: label });
  }

  /** Shows a message of the last test run, or the output of one of its tests. */
  async showTestMessage(text: string | RegExp): Promise<Locator> {
    await this.runCommand('Test Results: Focus on Test Results View');
    await this.#page
      .locator('.test-output-peek-tree .monaco-list-row')
      .filter({ hasText: text })
      .first()
      .click({ timeout: WAIT_MS });
    return this.#page.locator('.test-output-peek-message-container').last();
  }

  /** Waits for an item of the status bar with this text, and returns the first one. */
  async statusBar(text: string | RegExp): Promise<Locator> {
    const item = this.#page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }).first();
    await item.waitFor({ timeout: WAIT_MS });
    return item;
  }

  /** Waits for a notification with this text. */
  async notification(text: string | RegExp): Promise<Locator> {
    const item = this.#page.locator('.notification-list-item').filter({ hasText: text }).first();
    try {
      await item.waitFor({ timeout: WAIT_MS / 2 });
    } catch {
      // On a busy machine, VS Code may hide a notification before the window has been drawn. It stays in this list.
      await this.runCommand('Notifications: Show Notifications');
      await item.waitFor({ timeout: WAIT_MS / 2 });
    }
    return item;
  }

  /**
   * Changes the settings of the workspace, because the served VS Code does not watch those of the user. This
   * may take several seconds.
   */
  async changeSettings(changes: Record<string, unknown>): Promise<void> {
    const file = path.join(this.#workspace, '.vscode', 'settings.json');
    const before = await readFile(file, 'utf8').catch(() => '{}');
    const settings: Record<string, unknown> = JSON.parse(before);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify({ ...settings, ...changes }, null, 2)}\n`);
  }

  async setTheme(theme: 'light' | 'dark' | 'high-contrast' | 'high-contrast-light'): Promise<void> {
    const [name, className] = THEMES[theme];
    await this.changeSettings({ 'workbench.colorTheme': name });
    await this.#page.locator(`.monaco-workbench.${className}`).waitFor({ timeout: WAIT_MS });
  }

  /** Writes test-results/<name>.png (ignored by git), and returns its path. */
  async screenshot(name: string): Promise<string> {
    const file = path.resolve('test-results', `${name}.png`);
    await mkdir(path.dirname(file), { recursive: true });
    await this.#page.screenshot({ path: file });
    return file;
  }

  async #openQuickInput(text: string): Promise<void> {
    // While a webview has the focus, F1 works only if the webview forwards it, so the focus is moved first.
    await this.#page.keyboard.press('Escape');
    const input = this.#page.locator('.quick-input-widget input.input').first();
    const end = Date.now() + WAIT_MS;
    for (;;) {
      if (!(await input.isVisible())) await this.#page.keyboard.press('F1');
      try {
        // The input that was visible may be that of a quick pick that closes just now.
        await input.fill(text, { timeout: 2_000 });
        return;
      } catch (error) {
        if (Date.now() > end) throw new Error('the quick input does not open', { cause: error });
      }
    }
  }
}

/** VS Code's name of the theme, and the class of its window. */
const THEMES = {
  light: ['Light 2026', 'vs'],
  dark: ['Dark 2026', 'vs-dark'],
  'high-contrast': ['Default High Contrast', 'hc-black'],
  'high-contrast-light': ['Default High Contrast Light', 'hc-light'],
} as const;

async function readProblem(row: Locator, file: string): Promise<Problem> {
  const text = async (part: string): Promise<string> =>
    ((await row.locator(part).first().textContent({ timeout: 2_000 })) ?? '').trim();
  const icon = (await row.locator('.marker-icon').first().getAttribute('class')) ?? '';
  const [line = 0, column = 0] = ((await text('.marker-line')).match(/\d+/g) ?? []).map(Number);
  const withCode = (await row.locator('.marker-code').count()) > 0;
  return {
    file,
    severity: icon.includes('error') ? 'error' : icon.includes('warning') ? 'warning' : 'info',
    message: await text('.marker-message'),
    source: await text('.marker-source'),
    code: withCode ? await text('.marker-code') : '',
    line,
    column,
  };
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
