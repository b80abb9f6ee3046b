import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { registerMcpServer } from '../../../src/host/agents/mcpServer';

type Provider = vscode.McpServerDefinitionProvider<vscode.McpStdioServerDefinition>;

/** The parts of VS Code that the provider uses. */
const code = vi.hoisted(() => ({
  isTrusted: true,
  isOffered: true,
  python: '',
  provider: undefined as unknown,
}));
vi.mock('vscode', () => {
  const folder = (name: string, scheme = 'file') => ({ name, uri: { scheme, fsPath: `/work/${name}` } });
  const silent = () => ({ dispose() {} });
  return {
    Uri: {
      file: (fsPath: string) => ({ fsPath }),
      joinPath: ({ fsPath }: { fsPath: string }, ...parts: string[]) => ({
        fsPath: [fsPath, ...parts].join('/'),
      }),
    },
    EventEmitter: class {
      event = silent;
      fire() {}
      dispose() {}
    },
    Disposable: { from: silent },
    McpStdioServerDefinition: class {
      readonly args: string[];
      constructor(label: string, command: string, args: string[], env: object, version: string) {
        Object.assign(this, { label, command, env, version });
        this.args = args;
      }
    },
    extensions: { getExtension: () => undefined },
    workspace: {
      get isTrusted() {
        return code.isTrusted;
      },
      workspaceFolders: [folder('fit'), folder('far', 'vscode-remote'), folder('train')],
      onDidGrantWorkspaceTrust: silent,
      onDidChangeWorkspaceFolders: silent,
      onDidChangeConfiguration: silent,
      getWorkspaceFolder: () => undefined,
      getConfiguration: () => ({
        get: (key: string, otherwise: unknown) =>
          key === 'python' ? code.python : key === 'adamscope.mcpServer' ? code.isOffered : otherwise,
      }),
    },
    lm: {
      registerMcpServerDefinitionProvider: (_id: string, provider: unknown) => {
        code.provider = provider;
        return silent();
      },
    },
  };
});

vi.mock('@vscode/python-extension', () => ({ PVSC_EXTENSION_ID: 'ms-python.python' }));

const token = {} as vscode.CancellationToken;

async function offered() {
  registerMcpServer({
    extensionUri: { fsPath: '/ext' },
    extension: { packageJSON: { version: '1.2.3' } },
  } as unknown as vscode.ExtensionContext);
  const provider = code.provider as Provider;
  const servers = (await provider.provideMcpServerDefinitions(token)) ?? [];
  return { servers, resolve: provider.resolveMcpServerDefinition!.bind(provider) };
}

beforeEach(() => {
  Object.assign(code, { isTrusted: true, isOffered: true, python: '' });
});

describe('the server that VS Code is offered', () => {
  it('is one for each folder on this machine', async () => {
    const { servers } = await offered();
    expect(servers).toMatchObject([
      { label: 'Adamscope (fit)', command: process.execPath, version: '1.2.3' },
      { label: 'Adamscope (train)', env: { ELECTRON_RUN_AS_NODE: '1' } },
    ]);
    expect(servers[1]!.args).toEqual(['/ext/dist/cli.js', 'mcp', '--root', '/work/train']);
  });

  it('has the interpreter that the user chose, each time it starts', async () => {
    const { servers, resolve } = await offered();
    expect((await resolve(servers[0]!, token))!.args).toEqual(servers[0]!.args);
    code.python = path.resolve('/opt/python');
    const resolved = (await resolve(servers[0]!, token))!;
    const expected = ['/ext/dist/cli.js', 'mcp', '--root', '/work/fit', '--python', code.python];
    expect(resolved.args).toEqual(expected);
    expect((await resolve(resolved, token))!.args).toEqual(expected);
  });

  it('is none in a workspace that is not trusted, or without the setting', async () => {
    code.isTrusted = false;
    expect((await offered()).servers).toEqual([]);
    Object.assign(code, { isTrusted: true, isOffered: false });
    expect((await offered()).servers).toEqual([]);
  });
});
