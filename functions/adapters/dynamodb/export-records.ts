import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Account } from '../../core/account.ts';
import type { ExportRecord, SectionedRecord } from '../../core/exports/sections.ts';
import type { Sub } from '../../core/ids.ts';
import { parsePasswordHash } from '../../core/password-hash.ts';
import type { Choice, ChoiceEvent } from '../../core/ports/privacy-choices.ts';
import { type EpochSeconds, toIsoTime } from '../../core/time.ts';
import type { Item } from './account-items.ts';
import { decodeChoiceEvent } from './choice-event-items.ts';
import type { ToldEntityName } from './person-items.ts';
import { decodeChoices } from './privacy-choice-items.ts';

/** What decoding an item takes beside the item. */
export interface RecordContext {
  readonly sub: Sub;
  readonly withCredentials: boolean;
  /** Opens what is encrypted under the person's key. */
  readonly openAccount: () => Promise<{ account: Account; keyringVersion: number }>;
  /** Opens "Chrome on macOS", of a session; undefined when it does not open. */
  readonly openLabel: (sessionId: string, sealed: string) => Promise<string | undefined>;
  /** Of an app; undefined when it is not registered any more. */
  readonly findClientName: (clientId: string) => Promise<string | undefined>;
}

type Encode = (item: Item, context: RecordContext) => Promise<SectionedRecord>;

/**
 * What is told of each entity: named attributes only, so that no hash, code or sealed value gets
 * out because somebody adds one.
 */
const ENCODERS: Readonly<Record<ToldEntityName, Encode>> = {
  ACCOUNT: async (_, { sub, openAccount }) => {
    const { account, keyringVersion } = await openAccount();
    const { attributes, terms } = account;
    const record = {
      sub,
      status: account.status,
      isEmailVerified: account.emailVerified,
      attributes,
      ...(terms !== undefined && {
        acceptedTerms: { url: terms.url, acceptedAt: toIsoTime(terms.acceptedAt) },
      }),
      createdAt: toIsoTime(account.createdAt),
      updatedAt: toIsoTime(account.updatedAt),
      // The key itself would open every copy of the profile.
      dataKey: { keyringVersion },
    };
    return { section: 'profile', record };
  },

  PASSWORD: async (item, { withCredentials }) => {
    const { phc, changedAt } = unmarshall(item);
    const cost = parsePasswordHash(String(phc))?.cost;
    const record = {
      type: 'password',
      algorithm: 'argon2id',
      ...cost,
      changedAt: isoTime(changedAt),
      ...(withCredentials && { hash: phc, isPeppered: true }),
    };
    return { section: 'credentials', record };
  },

  PRIVACY: async (item) => {
    const { choices, topics, doNotSell } = decodeChoices(item);
    const record = {
      choices: [...choices.values()].map(describeChoice),
      topics: Object.fromEntries(topics),
      ...(doNotSell !== undefined && {
        doNotSell: { at: isoTime(doNotSell.at), source: doNotSell.source },
      }),
    };
    return { section: 'preferences', record };
  },

  CONSENT: async (item, { findClientName }) => {
    const { sk, scope, grantedAt } = unmarshall(item);
    const clientId = idOf(sk, 'CONSENT#');
    const record = {
      clientId,
      clientName: await findClientName(clientId),
      scopes: wordsOf(scope),
      grantedAt: isoTime(grantedAt),
    };
    return { section: 'permissions', record };
  },

  'CONSENT-EVENT': async (item) => ({
    section: 'consentHistory',
    record: describeEvent(decodeChoiceEvent(item)),
  }),

  GRANT: async (item, { findClientName }) => {
    const grant = unmarshall(item);
    const record = {
      grantId: idOf(grant['sk'], 'GRANT#'),
      clientId: grant['clientId'],
      clientName: await findClientName(String(grant['clientId'])),
      state: grant['state'],
      scopes: wordsOf(grant['scope']),
      resources: grant['resources'],
      redirectUri: grant['redirectUri'],
      sessionId: grant['sessionId'],
      authenticatedAt: isoTime(grant['authTime']),
      authenticationMethods: grant['amr'],
      expiresAt: isoTime(grant['expiresAt']),
    };
    return { section: 'grants', record };
  },

  // That a law keeps the data may be told, the reason is the operator's to tell.
  HOLD: async (item) => {
    const { sk, placedAt } = unmarshall(item);
    const record = { holdId: idOf(sk, 'HOLD#'), placedAt: isoTime(placedAt) };
    return { section: 'holds', record };
  },

  SESSION: async (item, { openLabel }) => {
    const session = unmarshall(item);
    const sessionId = idOf(session['sk'], 'SESSION#');
    const sealed = session['userAgent'];
    const device = typeof sealed === 'string' ? await openLabel(sessionId, sealed) : undefined;
    const record = {
      sessionId,
      device,
      authenticatedAt: isoTime(session['authTime']),
      authenticationMethods: session['amr'],
      createdAt: isoTime(session['createdAt']),
      lastSeenAt: isoTime(session['lastSeenAt']),
      endsAt: isoTime(session['absoluteExpiresAt']),
    };
    return { section: 'sessions', record };
  },
};

/** One item of the person's collection as a record of the export. */
export function encodeRecord(
  entity: ToldEntityName,
  item: Item,
  context: RecordContext,
): Promise<SectionedRecord> {
  return ENCODERS[entity](item, context);
}

/** `eventId` is the receipt's, too. */
function describeChoice({ at, ...choice }: Choice): ExportRecord {
  const { purposeId, state, version, textHash, language, page, method, eventId } = choice;
  return { purposeId, state, at: isoTime(at), version, textHash, language, page, method, eventId };
}

function describeEvent(event: ChoiceEvent): ExportRecord {
  if (event.kind !== 'do-not-sell') return { kind: 'choice', ...describeChoice(event) };
  const { kind, isOn, at, page, method, eventId } = event;
  return { kind, isOn, at: isoTime(at), page, method, eventId };
}

/** Of seconds since 1970, as all our items have them; what is not there is left out of the file. */
function isoTime(seconds: unknown): string | undefined {
  return seconds === undefined ? undefined : toIsoTime(Number(seconds) as EpochSeconds);
}

function wordsOf(scope: unknown): ReadonlyArray<string> {
  return String(scope ?? '')
    .split(' ')
    .filter((word) => word !== '');
}

function idOf(sortKey: unknown, prefix: string): string {
  return String(sortKey).slice(prefix.length);
}
