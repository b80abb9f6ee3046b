import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';

export type { CallToolResult, Tool };

/** What a server offers to its client. */
export interface Served {
  readonly name: string;
  readonly version: string;
  /** For the model: how the tools belong together. */
  readonly instructions: string;
  readonly tools: readonly Tool[];
  /** Must not reject. */
  call(name: string, input: unknown, signal: AbortSignal): Promise<CallToolResult>;
}

/**
 * Serves the client at the other end of standard input and output. The only importer of the SDK.
 *
 * @returns when the client has gone. Calls that are in progress have been aborted.
 */
export async function serveOverStdio({ name, version, instructions, tools, call }: Served): Promise<void> {
  const server = new Server({ name, version }, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...tools] }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) =>
    call(params.name, params.arguments, signal),
  );
  server.onerror = (error) => console.error(`adamscope: ${error.message}`);
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
  });
  // The SDK does not notice the end of its input.
  process.stdin.once('end', () => void server.close());
  process.stdin.once('close', () => void server.close());
  await server.connect(new StdioServerTransport());
  await closed;
}
