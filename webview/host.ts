import type { HostApi, PanelApi } from '../src/protocol/panel';
import { connect } from '../src/protocol/rpc';

/** The API that VS Code gives a webview. It can be acquired only once. */
export interface WebviewApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare global {
  function acquireVsCodeApi(): WebviewApi;
}

/** Calls whose failures are shown by the caller in place of the result. */
const answered: ReadonlySet<string | symbol> = new Set([
  'rows',
  'ranking',
  'heatmap',
  'tensors',
  'tensorsAt',
  'tensorMap',
  'fillIn',
  'grid',
  'plane',
  'planeGrid',
  'explainUpdate',
  'extremes',
  'phases',
]);

/** Connects the panel to the host. Failures that the caller does not handle are passed to `failed`. */
export function connectHost(
  webview: WebviewApi,
  panel: PanelApi,
  failed: (sentence: string) => void,
): HostApi {
  const peer = connect<HostApi, PanelApi>(panel, {
    post: (message) => webview.postMessage(message),
    onMessage: (listener) => window.addEventListener('message', (event) => listener(event.data)),
  });
  const calls = peer as unknown as Record<string | symbol, (...args: unknown[]) => Promise<unknown>>;
  return new Proxy({} as HostApi, {
    get: (_, name) =>
      answered.has(name)
        ? calls[name]
        : (...args: unknown[]) => {
            calls[name]!(...args).catch((error: unknown) =>
              failed(error instanceof Error ? error.message : String(error)),
            );
          },
  });
}
