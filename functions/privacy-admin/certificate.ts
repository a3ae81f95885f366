/** `GET /v1/privacy/certificates/{certificateId}`: for whoever holds its id, of 128 random bits. */
import { readCellTag } from '../core/cells.ts';
import { readClaims } from '../core/certificates/claims.ts';
import { HttpError } from '../core/errors.ts';
import { toIsoTime } from '../core/time.ts';
import { findForeignHome, type HomingEndpoint } from '../http/forwarding.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { showCertificate } from './certificate-page.ts';
import type { PrivacyAdmin } from './dependencies.ts';

const ID = /^[a-z][a-z0-9]{1,7}\.[\w-]{22}$/;

type Format = 'html' | 'json' | 'jwt';

/**
 * JSON with the signed form inside; a page for browsers; `application/jwt` alone when that is asked
 * for. One read.
 */
export function createCertificate(deps: PrivacyAdmin): HomingEndpoint {
  return async (http) => {
    const certificateId = http.pathParameters?.['certificateId'] ?? '';
    if (!ID.test(certificateId)) throw unknown();
    const home = findForeignHome(deps.cells, http, readCellTag(certificateId));
    if (home !== undefined) return { home };
    const certificate = await deps.certificates.find(certificateId);
    if (certificate === undefined) throw unknown();
    const { jws, issuedAt } = certificate;
    const format = chooseFormat(http);
    if (format === 'jwt') return published('application/jwt', jws);
    const told = { certificateId, issuedAt: toIsoTime(issuedAt), claims: readClaims(jws) };
    const { issuer } = deps.settings;
    const url = certificateUrl(issuer, certificateId);
    const page = format === 'html' && showCertificate(deps, http, { ...told, issuer, url });
    return page || published('application/json', JSON.stringify({ ...told, jws }));
  };
}

/** By `?format=`, for links, which choose no header; else by `Accept`, as browsers send it. */
function chooseFormat({ query, headers }: Pick<HttpRequest, 'query' | 'headers'>): Format {
  const wanted = query.find('format');
  if (wanted === 'json' || wanted === 'jwt') return wanted;
  const accept = headers.get('accept') ?? '';
  if (accept.includes('application/jwt')) return 'jwt';
  return accept.includes('text/html') && !accept.includes('application/json') ? 'html' : 'json';
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
