/** `POST /v1/privacy/acknowledgements`: a processor has done what it was told (GDPR Art. 19, 28). */
import * as z from 'zod/mini';
import { derivedId } from '../adapters/crypto/hash.ts';
import { readCellTag } from '../core/cells.ts';
import { HttpError } from '../core/errors.ts';
import type { AnsweredBy } from '../core/ports/processor-answers.ts';
import type { Acknowledged } from '../core/ports/processors.ts';
import { createAct } from '../http/acting.ts';
import { findForeignHome, type HomingEndpoint } from '../http/forwarding.ts';
import { readJson } from '../http/json-body.ts';
import { privateJson } from '../http/json-response.ts';
import type { HttpRequest } from '../http/message.ts';
import type { PrivacyAdmin } from './dependencies.ts';

/** What goes into an export has to fit an item of 400 kB with room to spare. */
const MAX_DATA_BYTES = 48 * 1024;

const ACKNOWLEDGING = z.strictObject({
  acknowledgement: z.string().check(z.minLength(1), z.maxLength(256)),
  data: z.optional(z.json()),
});

/** `<cell>.<request>.<processor>.<secret>`, as processors are told it. */
const WORD = /^[a-z][a-z0-9]{1,7}\.[\w-]{22}\.[a-z0-9-]{2,40}\.[\w-]{22}$/;

/**
 * The word it was given with the event is all the proof: random, and good for this one request.
 * 200 also when it is sent again, or late; 404 for every word that is none of ours.
 */
export function createAcknowledgement(deps: PrivacyAdmin): HomingEndpoint {
  return async (http) => {
    const { acknowledgement, data } = readJson(http, ACKNOWLEDGING);
    if (data !== undefined && Buffer.byteLength(JSON.stringify(data)) > MAX_DATA_BYTES) {
      throw new HttpError(413, 'data exceeds 48 kB');
    }
    // Before it is handed on: nobody without such a word makes two cells work.
    if (!WORD.test(acknowledgement)) throw unknown();
    const home = findForeignHome(deps.cells, http, readCellTag(acknowledgement));
    if (home !== undefined) return { home };
    const { now } = http;
    const acknowledged = await deps.processors.acknowledge(acknowledgement, {
      now,
      ...(data !== undefined && { seal: (by: AnsweredBy) => deps.answers.seal(by, data) }),
    });
    if (acknowledged === undefined) throw unknown();
    // Repeated, too: the attempt before may have ended here.
    await recordAcknowledgement(deps, http, acknowledged);
    const { requestId, processorId, taskToken } = acknowledged;
    await deps.waitingTasks.succeed(taskToken);
    return privateJson({ requestId, processorId });
  };
}

async function recordAcknowledgement(
  { privacyRequests, recordAct }: PrivacyAdmin,
  http: HttpRequest,
  { requestId, processorId, acknowledgedAt }: Acknowledged,
): Promise<void> {
  const kind = 'processor.acknowledged';
  const request = await privacyRequests.find(requestId);
  await recordAct({
    ...createAct(http, {
      kind,
      actor: { type: 'system', name: `processor:${processorId}` },
      ...(request !== undefined && { sub: request.sub }),
      object: requestId,
    }),
    // The same however often it is sent: the audit trail has it once.
    id: derivedId(requestId, kind, processorId),
    at: acknowledgedAt,
  });
}

function unknown(): HttpError {
  return new HttpError(404, 'there is no such acknowledgement');
}
