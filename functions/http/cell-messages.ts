import type { Context } from 'aws-lambda';
import type { CellName } from '../core/cells.ts';
import { InvariantError } from '../core/errors.ts';
import { type EpochSeconds, toEpochSeconds } from '../core/time.ts';
import { createRequestLog } from './observability.ts';

/** What `CellCalls.tell` sends. The API's own events have no such members. */
export interface CellMessageEvent {
  readonly cellMessage: unknown;
  readonly from: CellName;
}

/** Does what another cell's message says; the answer travels back as JSON. */
export type AnswerCellMessage = (
  message: unknown,
  context: { readonly from: CellName; readonly now: EpochSeconds; readonly requestId: string },
) => Promise<unknown>;

interface Options<Event extends object, Result> {
  readonly surface: string;
  readonly answer: AnswerCellMessage;
  /** For everything else that the function is invoked with. */
  readonly otherwise: (event: Event, context: Context) => Promise<Result>;
}

/**
 * A Lambda handler that also answers messages of other cells, with one log line each that names
 * their kind and sender alone. Who may invoke the function at all is IAM's to say.
 */
export function acceptCellMessages<Event extends object, Result>(options: Options<Event, Result>) {
  const record = createRequestLog(options.surface);

  async function answer(event: CellMessageEvent, requestId: string): Promise<unknown> {
    const startedAt = performance.now();
    const line = { route: `MESSAGE ${kindOf(event.cellMessage)}`, requestId, counts: [] };
    const finish = (status: number, error?: unknown) =>
      record({
        ...line,
        forwardedBy: event.from,
        status,
        durationMs: Math.round(performance.now() - startedAt),
        ...(error === undefined ? {} : { error }),
      });
    try {
      const now = toEpochSeconds(Date.now());
      const said = await options.answer(event.cellMessage, { from: event.from, now, requestId });
      finish(200);
      return said ?? null;
    } catch (error) {
      finish(500, error);
      // Lambda logs what is thrown and sends it back: ours says nothing of what was asked.
      throw new InvariantError('the message was not answered');
    }
  }

  return (event: Event | CellMessageEvent, context: Context): Promise<unknown> =>
    isCellMessage(event) ? answer(event, context.awsRequestId) : options.otherwise(event, context);
}

function isCellMessage(event: object): event is CellMessageEvent {
  return 'cellMessage' in event && 'from' in event && typeof event.from === 'string';
}

function kindOf(message: unknown): string {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return 'unknown';
  return /^[a-z-]{1,40}$/.test(String(message.kind)) ? String(message.kind) : 'unknown';
}
