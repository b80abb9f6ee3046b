// Loads and activates the built extension once, without VS Code: prints the milliseconds of both, and of loading the window after it.
const Module = require('node:module');
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const extension = path.join(root, 'dist/extension.js');

/** Every member of VS Code's interface is something that can be called, constructed and extended, and answers the same. */
function anything() {
  return new Proxy(class {}, {
    get(target, key) {
      if (key === Symbol.toPrimitive) return () => '';
      if (key === Symbol.iterator) return function* () {};
      if (key === 'prototype') return target.prototype;
      return key === 'then' ? undefined : anything();
    },
    apply: anything,
    construct: (_target, _args, made) => Reflect.construct(Object, [], made),
  });
}

// A copy of the interface is made from its own keys.
const names =
  'CodeAction CodeActionKind CodeLens CompletionItem CompletionItemKind Diagnostic DiagnosticRelatedInformation ' +
  'DiagnosticSeverity Disposable EventEmitter Hover Location MarkdownString Position ProgressLocation Range Selection ' +
  'StatusBarAlignment ThemeColor ThemeIcon TreeItem TreeItemCollapsibleState Uri ViewColumn WorkspaceEdit commands env ' +
  'languages window workspace';
const vscode = Object.fromEntries(names.split(' ').map((name) => [name, anything()]));
const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));

const context = {
  subscriptions: [],
  extensionUri: { fsPath: root },
  globalStorageUri: { fsPath: path.join(__dirname, 'none') },
  storageUri: { fsPath: path.join(__dirname, 'none') },
  workspaceState: anything(),
};
const from = performance.now();
const { activate } = require(extension);
const loaded = performance.now();
activate(context);
const activated = performance.now();
// The window is loaded in the next turn of the event loop; what this stand-in cannot do ends it.
process.on('unhandledRejection', () => {});
setImmediate(() =>
  setImmediate(() => {
    const opened = performance.now();
    console.log(
      JSON.stringify({ load: loaded - from, activate: activated - loaded, window: opened - activated }),
    );
    process.exit();
  }),
);
