import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import type { CallContext } from '../../agents/agentTool';

export type { CallToolResult, Tool };

/** How a client takes part in a call. */
export type CallObserver = Pick<CallContext, 'signal' | 'progress'>;

/** What a server offers to its client. */
export interface Served {
  readonly name: string;
  readonly version: string;
  /** For the model: how the tools belong together. */
  readonly instructions: string;
  readonly tools: readonly Tool[];
  /** Must not reject. */
  call(name: string, input: unknown, observer: CallObserver): Promise<CallToolResult>;
}

/**
 * Serves the client at the other end of standard input and output. The only importer of the SDK.
 *
 * @returns when the client has gone. Calls that are in progress have been aborted.
 */
export async function serveOverStdio({ name, version, instructions, tools, call }: Served): Promise<void> {
  const server = new Server({ name, version }, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...tools] }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal, sendNotification }) => {
    const progressToken = params._meta?.progressToken;
    const send = (progress: number, total: number) => {
      const message = {
        method: 'notifications/progress' as const,
        params: { progressToken: progressToken!, progress, total },
      };
      // A client that has gone needs no progress.
      sendNotification(message).catch(() => {});
    };
    const progress = progressToken === undefined ? () => {} : rising(send);
    return call(params.name, params.arguments, { signal, progress });
  });
  server.onerror = ({ message }) =>
    console.error(`adamscope: the connection to the client has a problem: ${message}`);
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
  });
  // The SDK does not notice the end of its input.
  process.stdin.once('end', () => void server.close());
  process.stdin.once('close', () => void server.close());
  await server.connect(new StdioServerTransport());
  await closed;
}

const progressEveryMs = 500;

/** The same function, called at most twice a second, and only if the first number has increased, as the protocol requires. */
function rising(send: CallObserver['progress']): CallObserver['progress'] {
  let [last, next] = [0, 0];
  return (done, total) => {
    const now = performance.now();
    if (done <= last || now < next) return;
    [last, next] = [done, now + progressEveryMs];
    send(done, total);
  };
}
