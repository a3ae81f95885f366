import type { HomingEndpoint } from '../http/forwarding.ts';
import type { Route } from '../http/surface.ts';
import { createAcknowledgement } from './acknowledgements.ts';
import { createCertificate } from './certificate.ts';
import { createConsentOnBehalf } from './consents.ts';
import type { PrivacyAdmin } from './dependencies.ts';
import { createExportFiles } from './export-files.ts';
import { createHoldList, createHoldPlacing, createHoldRelease } from './holds.ts';
import { forOperators } from './operator.ts';
import { createParentalAnswer } from './parental-consents.ts';
import { createPersonLookUp } from './people.ts';
import {
  createRequestEvidence,
  createRequestList,
  createRequestOnBehalf,
  createRequestUndoing,
} from './requests.ts';

/** By the HTTP API's route key; `lib/constructs/privacy-admin-surface.ts` lists the same. */
export function createRoutes(deps: PrivacyAdmin): Readonly<Record<string, Route>> {
  const operators = {
    'GET /v1/admin/privacy/requests': createRequestList(deps),
    'POST /v1/admin/privacy/requests': createRequestOnBehalf(deps),
    'GET /v1/admin/privacy/requests/{requestId}': createRequestEvidence(deps),
    'DELETE /v1/admin/privacy/requests/{requestId}': createRequestUndoing(deps),
    'POST /v1/admin/privacy/requests/{requestId}/files': createExportFiles(deps),
    'POST /v1/admin/privacy/people': createPersonLookUp(deps),
    'GET /v1/admin/privacy/people/{sub}/holds': createHoldList(deps),
    'POST /v1/admin/privacy/people/{sub}/holds': createHoldPlacing(deps),
    'DELETE /v1/admin/privacy/people/{sub}/holds/{holdId}': createHoldRelease(deps),
    'POST /v1/admin/privacy/people/{sub}/consents': createConsentOnBehalf(deps),
    'POST /v1/admin/privacy/people/{sub}/parental-consents': createParentalAnswer(deps),
  };
  return {
    ...Object.fromEntries(
      Object.entries(operators).map(([key, endpoint]) => [key, rest(forOperators(deps, endpoint))]),
    ),
    // These prove themselves by what they carry.
    'POST /v1/privacy/acknowledgements': rest(createAcknowledgement(deps)),
    'GET /v1/privacy/certificates/{certificateId}': rest(createCertificate(deps)),
  };
}

function rest(endpoint: HomingEndpoint): Route {
  return { endpoint, errors: 'problem', body: 'json' };
}
