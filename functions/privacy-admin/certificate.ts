/** `GET /v1/privacy/certificates/{certificateId}`: for whoever holds its id, of 128 random bits. */
import { readCellTag } from '../core/cells.ts';
import { readClaims } from '../core/certificates/claims.ts';
import { HttpError } from '../core/errors.ts';
import { toIsoTime } from '../core/time.ts';
import { findForeignHome, type HomingEndpoint } from '../http/forwarding.ts';
import type { HttpResponse } from '../http/message.ts';
import type { PrivacyAdmin } from './dependencies.ts';

const ID = /^[a-z][a-z0-9]{1,7}\.[\w-]{22}$/;

/** JSON with the signed form inside; `application/jwt` alone when that is asked for. One read. */
export function createCertificate(deps: PrivacyAdmin): HomingEndpoint {
  return async (http) => {
    const certificateId = http.pathParameters?.['certificateId'] ?? '';
    if (!ID.test(certificateId)) throw unknown();
    const home = findForeignHome(deps.cells, http, readCellTag(certificateId));
    if (home !== undefined) return { home };
    const certificate = await deps.certificates.find(certificateId);
    if (certificate === undefined) throw unknown();
    const { jws, issuedAt } = certificate;
    if (http.headers.get('accept')?.includes('application/jwt') === true) {
      return published('application/jwt', jws);
    }
    const body = { certificateId, issuedAt: toIsoTime(issuedAt), claims: readClaims(jws), jws };
    return published('application/json', JSON.stringify(body));
  };
}

export function certificateUrl(issuer: string, certificateId: string): string {
  return `${issuer}/v1/privacy/certificates/${certificateId}`;
}

/** It never changes; only who has its address may keep it. */
function published(contentType: string, body: string): HttpResponse {
  return {
    status: 200,
    headers: {
      'content-type': contentType,
      'cache-control': 'private, max-age=86400',
      vary: 'accept',
    },
    body,
  };
}

function unknown(): HttpError {
  return new HttpError(404, 'there is no such certificate');
}
