/** What a certificate of erasure says: the claims of a JWS that anybody can check. */
import type { PrivacyRequest } from '../ports/privacy-requests.ts';
import type { ToldProcessor } from '../ports/processors.ts';
import type { Processor } from '../privacy-policy.ts';
import { type EpochSeconds, toIsoTime } from '../time.ts';

/** Where the person was at home. */
export interface ErasurePlaces {
  readonly issuer: string;
  readonly cell: string;
  /** AWS region. */
  readonly region: string;
  readonly dataTable: string;
  readonly keyTable: string;
}

/** Registered claims of RFC 7519, and `erasure`. Nobody is named but by `sub`, which was random. */
export interface CertificateClaims {
  readonly iss: string;
  readonly jti: string;
  readonly iat: EpochSeconds;
  readonly sub: string;
  readonly erasure: {
    readonly requestId: string;
    readonly requestedAt: string;
    readonly requestedBy: 'person' | 'administrator';
    /** When the account was closed, beyond return. */
    readonly closedAt: string;
    readonly deleted: {
      readonly region: string;
      readonly cell: string;
      readonly table: string;
      /** How many of each entity. */
      readonly items: Readonly<Record<string, number>>;
      readonly completedAt: string;
    };
    readonly key: {
      readonly table: string;
      readonly destroyedAt: string;
      /** From then on no backup holds it, and nothing that was encrypted under it can be read. */
      readonly unreadableFrom: string;
    };
    readonly directory: { readonly hashOfAddressKeptUntil: string };
    readonly processors: ReadonlyArray<ProcessorClaim>;
    readonly kept: ReadonlyArray<Kept>;
  };
}

interface ProcessorClaim {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly toldAt?: string;
  readonly acknowledgedAt?: string;
  readonly overdueSince?: string;
}

interface Kept {
  readonly what: string;
  readonly why: string;
  readonly items?: number;
}

const ALWAYS_KEPT: ReadonlyArray<Kept> = [
  {
    what: 'audit trail: random ids, times and kinds of acts, truncated network addresses, reasons that operators gave',
    why: 'accountability and security of processing, GDPR Art. 5(2) and 32',
  },
  {
    what: 'ledger of erasures: the random id of the account and the time',
    why: 'so that a restored backup is erased again, GDPR Art. 17(1)',
  },
  {
    what: [
      'backups of the tables, for 35 days: from key.unreadableFrom on nothing of the profile or of browsers that can be read',
      'in clear, under random ids: times, choices and the language of what was shown, apps, truncated network addresses, reasons that operators gave',
      'the keyed hash of the address and the Argon2id hash of the password, by which whoever has the keyring can test one that they guess',
      'until a day after the last mail, the address that it goes to',
      'where a code was mailed, the address, which only that mail and the page that waited for it can open',
    ].join('; '),
    why: 'recovery from faults, GDPR Art. 32(1)(c)',
  },
  {
    what: 'the request, its times, the reason of an operator who asked, this certificate',
    why: 'proof that the request was answered, GDPR Art. 5(2) and 12(3)',
  },
];

export interface CertifiedErasure {
  readonly certificateId: string;
  readonly request: PrivacyRequest;
  readonly told: ReadonlyArray<ToldProcessor>;
  /** As the policy names them now; one that it no longer names is told by its id. */
  readonly processors: ReadonlyArray<Processor>;
  readonly places: ErasurePlaces;
  readonly now: EpochSeconds;
}

/** Throws RangeError when the erasure has not come so far: nothing is certified that did not happen. */
export function certificateClaims(erasure: CertifiedErasure): CertificateClaims {
  const { certificateId, request, told, processors, places, now } = erasure;
  const { facts = {} } = request;
  const at = (time: EpochSeconds | undefined): string => {
    if (time === undefined) throw new RangeError('the erasure has not come so far');
    return toIsoTime(time);
  };
  return {
    iss: places.issuer,
    jti: certificateId,
    iat: now,
    sub: request.sub,
    erasure: {
      requestId: request.requestId,
      requestedAt: at(request.requestedAt),
      requestedBy: request.actor.type === 'person' ? 'person' : 'administrator',
      closedAt: at(facts.committedAt),
      deleted: {
        region: places.region,
        cell: places.cell,
        table: places.dataTable,
        items: facts.deletedItems ?? {},
        completedAt: at(facts.itemsDeletedAt),
      },
      key: {
        table: places.keyTable,
        destroyedAt: at(facts.keyDestroyedAt),
        unreadableFrom: at(facts.unreadableFrom),
      },
      directory: { hashOfAddressKeptUntil: at(facts.quarantinedUntil) },
      processors: told.map((one) => toClaim(one, processors)),
      kept: [...ALWAYS_KEPT, ...anonymised(facts.anonymisedItems ?? {})],
    },
  };
}

function toClaim(
  { processorId, toldAt, acknowledgedAt, overdueAt }: ToldProcessor,
  processors: ReadonlyArray<Processor>,
): ProcessorClaim {
  const { name = processorId, country = '' } =
    processors.find(({ id }) => id === processorId) ?? {};
  return {
    ...{ id: processorId, name, country, toldAt: toIsoTime(toldAt) },
    ...(acknowledgedAt !== undefined && { acknowledgedAt: toIsoTime(acknowledgedAt) }),
    ...(overdueAt !== undefined && { overdueSince: toIsoTime(overdueAt) }),
  };
}

function anonymised(items: Readonly<Record<string, number>>): ReadonlyArray<Kept> {
  const count = Object.values(items).reduce((sum, number) => sum + number, 0);
  if (count === 0) return [];
  const why = 'proof of past consent without the person, GDPR Art. 7(1) and 17(3)';
  return [
    { what: 'history of consents, without anything that leads to the person', why, items: count },
  ];
}

/** The claims inside a compact JWS of our own, unverified. */
export function readClaims(jws: string): unknown {
  const [, payload = ''] = jws.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
}
