/**
 * Consent receipts as ISO/IEC TS 27560:2023 structures them: what was shown, what was answered,
 * and who processes what. Its own field names, which are no others' to rename.
 */
import type { Sub } from '../ids.ts';
import type { Choice, ConsentState } from '../ports/privacy-choices.ts';
import type { PrivacyPolicy, Purpose } from '../privacy-policy.ts';
import { toIsoTime } from '../time.ts';
import { findShownWords, type HashText } from './words.ts';

/** TS 27560 §6.6: states of a consent event. */
const EVENT_STATES: Readonly<Record<ConsentState, string>> = {
  granted: 'consent given',
  withdrawn: 'consent withdrawn',
  objected: 'objection made',
  'awaiting-parent': 'consent requested',
};

interface ReceiptContext {
  readonly policy: PrivacyPolicy;
  readonly issuer: string;
  readonly sub: Sub;
  readonly hash: HashText;
}

/**
 * Claims of a receipt. Words stand in it only while the policy has the very words that the hash was
 * made of; the hash always does.
 */
export function receiptClaims(
  choice: Choice,
  { policy, issuer, sub, hash }: ReceiptContext,
): Readonly<Record<string, unknown>> {
  const purpose = policy.purposes.find(({ id }) => id === choice.purposeId);
  return {
    iss: issuer,
    sub,
    jti: choice.eventId,
    iat: choice.at,
    header: {
      schema_version: 'ISO/IEC TS 27560:2023',
      record_id: choice.eventId,
      pii_principal_id: sub,
    },
    processing: {
      language: choice.language,
      purposes: [describePurpose(choice, purpose, policy)],
    },
    shown: {
      version: choice.version,
      text_hash: choice.textHash,
      text_hash_method: 'sha-256 of title, line feed, description; base64url',
      page: choice.page,
      ...shownWords(choice, purpose, hash),
    },
    event: [
      {
        event_time: toIsoTime(choice.at),
        event_type: choice.method,
        event_state: EVENT_STATES[choice.state],
        entity_id: entityOf(choice, sub),
      },
    ],
    party_identification: describeParties(purpose, policy),
  };
}

/** Whose answer it was; an administrator enters it for the controller. */
function entityOf({ method }: Choice, sub: Sub): string {
  if (method === 'administrator') return 'controller';
  return method === 'parent' ? 'parent' : sub;
}

function shownWords(choice: Choice, purpose: Purpose | undefined, hash: HashText) {
  const words = findShownWords(purpose, choice, hash);
  return words && { title: words.title, description: words.description };
}

/** A purpose that the operator has removed since is named, and nothing made up about it. */
function describePurpose(choice: Choice, purpose: Purpose | undefined, policy: PrivacyPolicy) {
  return {
    purpose: choice.purposeId,
    ...(purpose !== undefined && {
      lawful_basis: purpose.basis,
      pii_information: purpose.dataCategories.map((category) => ({ pii_type: category })),
      retention_period: purpose.retention,
      recipient_third_parties: recipientsOf(purpose, policy).map(({ id }) => id),
    }),
    pii_controllers: [policy.controller.name],
    collection_method: choice.page,
    withdrawal_method: '/account/privacy',
  };
}

function describeParties(purpose: Purpose | undefined, policy: PrivacyPolicy) {
  const { name, contact, country } = policy.controller;
  const controller = {
    party_id: 'controller',
    party_name: name,
    party_contact: contact,
    party_address: country,
    party_role: 'controller',
  };
  const recipients = purpose === undefined ? [] : recipientsOf(purpose, policy);
  return [
    controller,
    ...recipients.map((recipient) => ({
      party_id: recipient.id,
      party_name: recipient.name,
      party_address: recipient.country,
      party_role: 'processor',
    })),
  ];
}

function recipientsOf({ processors }: Purpose, policy: PrivacyPolicy) {
  return policy.processors.filter(({ id }) => processors.includes(id));
}
