/**
 * An RPC peer over birpc. Calls are typed on both sides, and every request settles: it rejects if the
 * function throws or the channel is closed.
 */
import { type BirpcReturn, createBirpc } from 'birpc';

export interface Channel {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

export type Peer<Remote extends object> = BirpcReturn<Remote, object>;

interface Envelope {
  /** The property in which birpc sends the error of a failed call. */
  e?: unknown;
}

/** Webview messages do not preserve an Error, so only its message is sent. */
function errorToPlain(message: Envelope): Envelope {
  return message.e instanceof Error ? { ...message, e: { message: message.e.message } } : message;
}

function plainToError(message: Envelope): Envelope {
  const failure = message.e as { message?: string } | undefined;
  return failure === undefined ? message : { ...message, e: new Error(failure.message) };
}

/** Connects `local` to the other end of `channel`. Closing the peer rejects pending calls. */
export function connect<Remote extends object, Local extends object>(
  local: Local,
  channel: Channel,
): Peer<Remote> {
  return createBirpc<Remote, Local>(local, {
    post: (message) => channel.post(message),
    on: (listener) => channel.onMessage(listener),
    serialize: errorToPlain,
    deserialize: plainToError,
    timeout: -1,
  }) as Peer<Remote>;
}
