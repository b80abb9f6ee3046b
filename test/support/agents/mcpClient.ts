import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';

const cli = path.join(import.meta.dirname, '../../../dist/cli.js');

/** A client of `adamscope mcp` in a process of its own. */
export interface McpSession {
  readonly tools: readonly Tool[];
  readonly pid: number;
  /** What the server wrote to standard error. */
  readonly errors: () => string;
  /** The result of a call. The client checks it against the output schema. */
  call(
    name: string,
    input?: Record<string, unknown>,
    options?: Pick<RequestOptions, 'signal' | 'onprogress'>,
  ): Promise<CallToolResult>;
  /** The structured content of a call that must succeed. */
  answer(name: string, input?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** The text of a call that must fail. */
  problem(name: string, input?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

export async function mcpSession(folder: string, flags: readonly string[] = []): Promise<McpSession> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli, 'mcp', ...flags],
    cwd: folder,
    env: { ...(process.env as Record<string, string>) },
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (data) => {
    stderr += data;
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  const { tools } = await client.listTools();
  const call: McpSession['call'] = async (name, input = {}, options = {}) =>
    (await client.callTool({ name, arguments: input }, undefined, {
      ...options,
      timeout: 100_000,
    })) as CallToolResult;
  const textOf = ({ content }: CallToolResult) => (content[0] as { text: string }).text;
  return {
    tools,
    pid: transport.pid!,
    errors: () => stderr,
    call,
    async answer(name, input) {
      const result = await call(name, input);
      if (result.isError || !result.structuredContent) throw new Error(`${name}: ${textOf(result)}`);
      return result.structuredContent;
    },
    async problem(name, input) {
      const result = await call(name, input);
      if (!result.isError) throw new Error(`${name} succeeded: ${textOf(result)}`);
      return textOf(result);
    },
    close: () => client.close(),
  };
}
