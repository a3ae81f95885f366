/** `POST /v1/admin/privacy/people`: whose address it is. A body, since URLs end up in logs. */
import * as z from 'zod/mini';
import { normaliseEmailAddress } from '../core/email-address.ts';
import { HttpError } from '../core/errors.ts';
import { createAct } from '../http/acting.ts';
import { privateJson } from '../http/json-response.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { PrivacyAdmin } from './dependencies.ts';
import { REASON, readReasoned } from './input.ts';
import type { OperatorEndpoint } from './operator.ts';

const LOOK_UP = z.strictObject({ email: z.string().check(z.maxLength(320)), reason: REASON });

/** The home cell answers, and its audit trail tells who looked up whom, and why. */
export function createPersonLookUp(deps: PrivacyAdmin): OperatorEndpoint {
  return async (http, { actor }) => {
    const { email, reason } = readReasoned(http, LOOK_UP);
    const address = normaliseEmailAddress(email);
    if (address === undefined) throw new HttpError(400, 'not as it should be: email');
    const identifier = await deps.directory.hash('email', address);
    const found = await deps.directory.findHome(identifier, { strict: true });
    if (found === undefined || !('sub' in found) || found.isPending) {
      throw new HttpError(404, 'nobody has this address');
    }
    const { sub, cell } = found;
    if (cell !== deps.cells.own.name && http.forwardedBy === undefined) return { home: cell };
    noteSubject(http, { sub });
    await deps.recordAct(createAct(http, { kind: 'person.looked-up', actor, sub, reason }));
    return privateJson({ sub, cell });
  };
}
