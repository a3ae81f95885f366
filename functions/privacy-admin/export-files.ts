/**
 * `POST /v1/admin/privacy/requests/{requestId}/files`: the files of an export, for an administrator
 * who answers on somebody's behalf. Not GET: it is on record, with the reason.
 */
import { HttpError } from '../core/errors.ts';
import { EXPORT_FILES } from '../core/exports/progress.ts';
import type { PrivacyRequestId } from '../core/ports/privacy-requests.ts';
import { createAct } from '../http/acting.ts';
import { privateJson } from '../http/json-response.ts';
import { noteSubject } from '../http/log-subject.ts';
import type { PrivacyAdmin } from './dependencies.ts';
import { BECAUSE, readReasoned } from './input.ts';
import { type OperatorEndpoint, readId } from './operator.ts';

/**
 * 200 with URLs that work for a minute; 404 for what is no export, 409 while it is not ready, 403
 * for one that holds a password's hash: that was asked for by the person, for themselves.
 */
export function createExportFiles({ exports, exportLinks }: PrivacyAdmin): OperatorEndpoint {
  return async (http, { actor }) => {
    const { reason } = readReasoned(http, BECAUSE);
    const requestId = readId(http, 'requestId') as PrivacyRequestId;
    const run = await exports.find(requestId);
    if (run?.request.kind !== 'export') {
      throw new HttpError(404, 'there is no such export in this cell');
    }
    const { sub, state, expiresAt, withCredentials = false } = run.request;
    noteSubject(http, { sub });
    if (withCredentials) throw new HttpError(403, 'credentials are handed to the person alone');
    if (state !== 'ready' || expiresAt === undefined || expiresAt <= http.now) {
      throw new HttpError(409, 'the files are not there, yet or any more');
    }
    const what = { kind: 'export.downloaded', actor, sub, object: requestId, reason } as const;
    if (!(await exports.noteDownload({ ...createAct(http, what), sub }))) {
      throw new HttpError(409, 'the account is erased');
    }
    const files = EXPORT_FILES.map(async (name) => ({
      name,
      url: await exportLinks.createLink(requestId, name, `${requestId}-${name}`),
    }));
    return privateJson({ requestId, files: await Promise.all(files) });
  };
}
