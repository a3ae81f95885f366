import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** On every AWS call of a function: 1 + the deepest call whose answer it had when it began. */
export const DEPTH_HEADER = 'x-local-call-depth';

interface ClientMessage {
  readonly request: ClientRequest;
}

/**
 * Counts depth where it arises, inside the worker: a busy machine may serve two calls that were
 * sent side by side one after the other, which would look like two steps from outside.
 * Returns what starts anew for the next event.
 */
export function countCallDepth(): () => void {
  let deepestAnswered = 0;
  const depths = new WeakMap<ClientRequest, number>();

  subscribe('http.client.request.created', (message) => {
    const { request } = message as ClientMessage;
    const depth = deepestAnswered + 1;
    depths.set(request, depth);
    request.setHeader(DEPTH_HEADER, depth);
  });
  subscribe('http.client.response.finish', (message) => {
    const { request } = message as ClientMessage;
    deepestAnswered = Math.max(deepestAnswered, depths.get(request) ?? 0);
  });
  return () => {
    deepestAnswered = 0;
  };
}
