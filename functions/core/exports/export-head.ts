import type { PrivacyRequest } from '../ports/privacy-requests.ts';
import type { PrivacyPolicy, Purpose } from '../privacy-policy.ts';
import { type EpochSeconds, toIsoTime } from '../time.ts';
import type { ExportRecord } from './sections.ts';

/** Of the published schema, `docs/schemas/export.schema.json`; a change that breaks readers counts up. */
export const EXPORT_FORMAT = 'domicile-export/1';

/** Where the deployment publishes the schema. */
export const EXPORT_SCHEMA_PATH = '/v1/privacy/export-schema.json';

interface HeadFacts {
  readonly issuer: string;
  /** AWS region where the person's data rests. */
  readonly region: string;
  readonly request: PrivacyRequest;
  readonly policy: PrivacyPolicy;
  readonly collectedAt: EpochSeconds;
  /** BCP 47, the most wanted first. */
  readonly languages: ReadonlyArray<string>;
}

/** What GDPR Art. 15(1) asks for besides the data itself, and what the file is. */
export function createExportHead(facts: HeadFacts): ExportRecord {
  const { issuer, request, policy } = facts;
  return {
    $schema: `${issuer}${EXPORT_SCHEMA_PATH}`,
    format: EXPORT_FORMAT,
    issuer,
    sub: request.sub,
    requestId: request.requestId,
    requestedAt: toIsoTime(request.requestedAt),
    requestedBy: request.actor.type === 'person' ? 'person' : 'administrator',
    collectedAt: toIsoTime(facts.collectedAt),
    ...(request.expiresAt !== undefined && { availableUntil: toIsoTime(request.expiresAt) }),
    storedIn: facts.region,
    withCredentials: request.withCredentials === true,
    controller: policy.controller,
    purposes: policy.purposes.map((purpose) => describePurpose(purpose, policy, facts.languages)),
  };
}

function describePurpose(
  purpose: Purpose,
  { processors }: PrivacyPolicy,
  languages: ReadonlyArray<string>,
): ExportRecord {
  const inForce = purpose.versions.at(-1) ?? purpose.versions[0];
  const tag = languages.find((language) => Object.hasOwn(inForce.texts, language));
  const texts = (tag === undefined ? undefined : inForce.texts[tag]) ?? first(inForce.texts);
  return {
    purposeId: purpose.id,
    title: texts?.title ?? purpose.id,
    description: texts?.description ?? '',
    legalBasis: purpose.basis,
    retention: purpose.retention,
    dataCategories: purpose.dataCategories,
    recipients: purpose.processors.map(
      (id) => processors.find((processor) => processor.id === id)?.name ?? id,
    ),
  };
}

function first<Value>(values: Readonly<Record<string, Value>>): Value | undefined {
  return Object.values(values)[0];
}
