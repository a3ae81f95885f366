import type { HomingEndpoint } from '../http/forwarding.ts';
import type { Endpoint } from '../http/message.ts';
import type { Route } from '../http/surface.ts';
import { createConsentHistory } from './consent-history.ts';
import { createConsentChoice, createConsentList } from './consents.ts';
import type { PrivacyPortal } from './dependencies.ts';
import {
  acceptKeepWord,
  createErasureRequest,
  createErasureStatus,
  createErasureUndoing,
} from './erasure.ts';
import { createExportRequest, createExportStatus } from './export.ts';
import { createExportDownload, createExportPage } from './export-page.ts';
import { publishExportSchema } from './export-schema.ts';
import { publishGpcSupport } from './global-privacy-control.ts';
import { createAppRemoval, createDoNotSellForm, createTopicsForm } from './pages/choices.ts';
import { createConsentForm } from './pages/consents.ts';
import { createDeletePage, createDeletion } from './pages/delete.ts';
import { createExportAsking, createExportAskingPage } from './pages/export.ts';
import { createHistoryPage } from './pages/history.ts';
import { createPrivacyOverview } from './pages/overview.ts';
import { createReceiptFile, createReceiptPage } from './pages/receipt.ts';
import { createForPerson } from './person.ts';
import { createPreferenceChange, createPreferences } from './preferences.ts';
import { createReceipt } from './receipts.ts';

/** By the HTTP API's route key; `lib/constructs/privacy-surface.ts` lists the same. */
export function createRoutes(deps: PrivacyPortal): Readonly<Record<string, Route>> {
  const forPerson = createForPerson(deps);
  const page = (endpoint: Endpoint): Route => ({
    endpoint: deps.atCellHost(endpoint),
    errors: 'page',
  });
  return {
    'GET /.well-known/gpc.json': rest(publishGpcSupport),
    'GET /v1/me/consents': rest(forPerson(createConsentList(deps))),
    'PUT /v1/me/consents/{purposeId}': rest(forPerson(createConsentChoice(deps))),
    'GET /v1/me/consents/history': rest(forPerson(createConsentHistory(deps))),
    'GET /v1/me/consents/receipts/{eventId}': rest(forPerson(createReceipt(deps))),
    'POST /v1/me/export': rest(forPerson(createExportRequest(deps))),
    'GET /v1/me/export': rest(forPerson(createExportStatus(deps))),
    'GET /v1/privacy/export-schema.json': rest(publishExportSchema),
    'GET /account/privacy': page(createPrivacyOverview(deps)),
    'POST /account/privacy/consents': page(createConsentForm(deps)),
    'POST /account/privacy/preferences': page(createTopicsForm(deps)),
    'POST /account/privacy/do-not-sell': page(createDoNotSellForm(deps)),
    'POST /account/privacy/apps/remove': page(createAppRemoval(deps)),
    'GET /account/privacy/history': page(createHistoryPage(deps)),
    'GET /account/privacy/receipts/{eventId}': page(createReceiptPage(deps)),
    'GET /account/privacy/receipts/{eventId}/file': page(createReceiptFile(deps)),
    'GET /account/privacy/export': page(createExportAskingPage(deps)),
    'POST /account/privacy/export': page(createExportAsking(deps)),
    'GET /account/privacy/delete': page(createDeletePage(deps)),
    'POST /account/privacy/delete': page(createDeletion(deps)),
    'GET /account/privacy/export/{requestId}': page(createExportPage(deps)),
    'GET /account/privacy/export/{requestId}/{file}': page(createExportDownload(deps)),
    'POST /v1/me/erasure': rest(forPerson(createErasureRequest(deps))),
    'GET /v1/me/erasure': rest(acceptKeepWord(deps, forPerson, createErasureStatus(deps))),
    'DELETE /v1/me/erasure': rest(acceptKeepWord(deps, forPerson, createErasureUndoing(deps))),
    'GET /v1/me/preferences': rest(forPerson(createPreferences(deps))),
    'PUT /v1/me/preferences': rest(forPerson(createPreferenceChange(deps))),
  };
}

function rest(endpoint: HomingEndpoint): Route {
  return { endpoint, errors: 'problem', body: 'json' };
}
