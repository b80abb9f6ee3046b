// A real VS Code for tests: served on this machine, opened in Chromium, and deleted afterwards.
import { existsSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../../.ci/browser/launch.mjs';
import { installServedVsCode } from '../../.ci/vscode/install.mjs';
import {
  installVsix,
  linkExtension,
  quietSettings,
  type Server,
  shortTemporaryFolder,
  startServer,
  workbenchUrl,
  writeSettings,
} from '../../.ci/vscode/server.mjs';
import { WAIT_MS, Workbench } from './workbench';

export const checkout = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface ServedVsCodeOptions {
  /** A folder, a new copy of which is opened. Default: the sample workspace; null: an empty folder. */
  workspace?: string | null;
  /** Files to write into the copy: path in the workspace to text. */
  files?: Record<string, string>;
  /** User settings, in addition to those that suppress a first start's pages. */
  settings?: Record<string, unknown>;
  /**
   * The source of the extension. Default: this checkout with its built bundles, installed without copying
   * (`linked`). With `development`, VS Code shows no notifications, and activates the extension even in a
   * restricted workspace.
   */
  extension?: { linked: string } | { vsix: string } | { development: string } | null;
  /** false: the workspace opens in restricted mode. */
  trusted?: boolean;
  /** A file of the workspace to open at once. */
  open?: string;
  viewport?: { width: number; height: number };
  /** Added to the environment of the server and its extension host. */
  env?: Record<string, string>;
}

export interface ServedVsCode {
  page: Page;
  /** The address with the connection token; another page of `context` may open it as well. */
  url: string;
  context: BrowserContext;
  /** The absolute path of the copied workspace. */
  workspace: string;
  workbench: Workbench;
  serverLog(): string;
  /** The log of the page; errors are prefixed with `error: `. */
  pageLog(): string;
  /** Ends the browser and the server, and deletes all their files. May be called twice. */
  dispose(): Promise<void>;
}

/** Settings with which typed text is not changed: no closing brackets, no automatic indentation. */
const plainTyping = {
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingComments': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.autoIndent': 'none',
  'editor.formatOnType': false,
  'editor.acceptSuggestionOnCommitCharacter': false,
};

async function openPage(
  server: Server,
  browser: Browser,
  url: string,
  viewport: { width: number; height: number },
): Promise<{ page: Page; context: BrowserContext; pageLog: () => string }> {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
  context.setDefaultTimeout(WAIT_MS);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.origin });
  const page = await context.newPage();
  let log = '';
  const keep = (line: string): void => {
    log = `${log}${line}\n`.slice(-400_000);
  };
  page.on('console', (message) => keep(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => keep(`error: ${error.stack ?? error.message}`));
  await page.goto(url);
  return { page, context, pageLog: () => log };
}

/**
 * Starts a VS Code and opens it. Dispose of it in `afterAll` or `finally`. If this process ends without that,
 * the server and the browser end on their own.
 *
 * @throws if the browser or the server is missing or does not start; all processes have then ended
 */
export async function openServedVsCode(options: ServedVsCodeOptions = {}): Promise<ServedVsCode> {
  const {
    workspace: source = path.join(checkout, 'media', 'samples'),
    extension = { linked: checkout },
    viewport = { width: 1440, height: 900 },
  } = options;
  const installation = await installServedVsCode();
  const folder = shortTemporaryFolder();
  let server: Server | undefined;
  let browser: Browser | undefined;
  let disposed: Promise<void> | undefined;
  const dispose = (): Promise<void> => {
    disposed ??= (async () => {
      await browser?.close().catch(() => {});
      await server?.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    })();
    return disposed;
  };
  try {
    const workspace = path.join(folder, 'workspace');
    await mkdir(workspace);
    if (source !== null) {
      if (!existsSync(source)) throw new Error(`the workspace ${source} does not exist`);
      await cp(source, workspace, { recursive: true });
    }
    for (const [name, text] of Object.entries(options.files ?? {})) {
      const file = path.join(workspace, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const folders = { dataFolder: path.join(folder, 'server'), userDataFolder: path.join(folder, 'user') };
    writeSettings(folders.userDataFolder, { ...quietSettings, ...plainTyping, ...options.settings });
    if (extension !== null && 'vsix' in extension) await installVsix(installation, folders, extension.vsix);
    if (extension !== null && 'linked' in extension) linkExtension(folders, extension.linked);
    const development = extension !== null && 'development' in extension ? extension.development : undefined;
    server = await startServer(installation, {
      ...folders,
      temporaryFolder: folder,
      trusted: options.trusted ?? true,
      development: development !== undefined,
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    browser = await launchChromium();
    const url = workbenchUrl(server, {
      folder: workspace,
      ...(development === undefined ? {} : { development }),
      ...(options.open === undefined ? {} : { open: path.join(workspace, options.open) }),
    });
    const { page, context, pageLog } = await openPage(server, browser, url, viewport);
    const workbench = new Workbench(page, workspace);
    await workbench.ready();
    const serverLog = server.log;
    return { page, url, context, workspace, workbench, serverLog, pageLog, dispose };
  } catch (error) {
    const log = server?.log() ?? '';
    await dispose();
    if (log !== '') console.error(log.slice(-4000));
    throw error;
  }
}
