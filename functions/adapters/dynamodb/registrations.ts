import {
  type DynamoDBClient,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { UnavailableError } from '../../core/errors.ts';
import type { Claiming, Directory } from '../../core/ports/directory.ts';
import type { Registered, Registration } from '../../core/ports/sign-ins.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { type LabelKeyPair, newLabelKeyPair } from '../crypto/label-keys.ts';
import { newDataKey } from '../crypto/person-cipher.ts';
import { encodeAccount, encodeDataKey } from './account-items.ts';
import { putPassword } from './accounts.ts';
import { actAttribute, actOf } from './acts.ts';
import { forgetAttempts } from './attempts.ts';
import { type BeginningsDeps, prepare } from './beginnings.ts';
import { consumeChallenge } from './challenge-items.ts';
import { readRefusal } from './claims.ts';
import { claimIdentifier, putPointer } from './identifier-items.ts';
import { putFirstChoices } from './privacy-choice-items.ts';
import { cancellationCodes, sendDynamo } from './send.ts';
import { transact } from './transactions.ts';

export interface RegistrationDeps extends BeginningsDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
  readonly dataTable: string;
  readonly keyTable: string;
  readonly cell: string;
  /** The cell's own. */
  readonly loadKeyring: () => Promise<Keyring<'data-key-wrapping' | 'cell-sealing'>>;
  /** Absent in the primary region, where claim and account are one transaction. */
  readonly remoteClaims: Pick<Directory, 'claim' | 'confirm'> | undefined;
}

/** Creates an account and begins its first session. */
export function register(deps: RegistrationDeps, registration: Registration): Promise<Registered> {
  const { remoteClaims } = deps;
  return remoteClaims === undefined
    ? registerAtOnce(deps, registration)
    : registerInSteps(deps, remoteClaims, registration);
}

async function registerAtOnce(
  deps: RegistrationDeps,
  registration: Registration,
): Promise<Registered> {
  const { sub, identifier, now } = registration;
  const { challenge, home, begun } = await prepareHome(deps, registration, 'confirmed');
  const claim = { identifier, sub, cell: deps.cell, now };
  const claims = claimIdentifier(deps.directoryTable, claim, 'confirmed');
  const TransactItems = [challenge, ...claims, ...home];
  try {
    await sendDynamo(deps.dynamo, new TransactWriteItemsCommand({ TransactItems }));
    return begun;
  } catch (error) {
    const failed = cancellationCodes(error).indexOf('ConditionalCheckFailed');
    if (failed === -1) throw error;
    if (failed === 0) return { outcome: 'gone' };
    const refusal = readRefusal(error, sub, now);
    return refusal.outcome === 'lapsed' ? refusal : takenOf(refusal);
  }
}

/**
 * Claim, create, confirm. Cut off after the claim, the same code can be given again; after the
 * account, whoever looks for it makes the claim good.
 */
async function registerInSteps(
  deps: RegistrationDeps,
  remoteClaims: Pick<Directory, 'claim' | 'confirm'>,
  registration: Registration,
): Promise<Registered> {
  const { sub, identifier, now } = registration;
  const claiming = await remoteClaims.claim({ identifier, sub, now });
  if (claiming.outcome === 'held') return takenOf(claiming);
  if (claiming.outcome === 'lapsed') return claiming;
  const { challenge, home, begun } = await prepareHome(deps, registration, 'pending');
  const failed = await transact(deps.dynamo, [challenge, ...home]);
  if (failed !== undefined) return { outcome: failed === 0 ? 'gone' : 'taken' };
  try {
    await remoteClaims.confirm(identifier.current, sub);
  } catch (error) {
    // The account is there: signing in, or whoever wants its address, will confirm it.
    if (!(error instanceof UnavailableError)) throw error;
    return { ...begun, isClaimPending: true };
  }
  return begun;
}

/** By somebody, or by nobody for a while. */
function takenOf(refusal: Claiming): Extract<Registered, { outcome: 'taken' }> {
  const until = refusal.outcome === 'held' ? refusal.quarantinedUntil : undefined;
  return { outcome: 'taken', ...(until !== undefined && { quarantinedUntil: until }) };
}

/** What an account is at home: everything but the claim. */
async function prepareHome(
  deps: RegistrationDeps,
  registration: Registration,
  standing: 'pending' | 'confirmed',
) {
  const { sub, identifier, passwordHash, now } = registration;
  const labelKeys = newLabelKeyPair();
  const labelKey = labelKeys.publicKey;
  const beginning = await prepare(deps, { ...registration, labelKey });
  return {
    challenge: consumeChallenge(deps.dataTable, registration.challengeId),
    home: [
      putPointer(deps.dataTable, { identifier, sub, labelKey }, standing),
      ...(await putAccount(deps, registration, labelKeys)),
      putPassword(deps.dataTable, sub, passwordHash, now),
      ...(registration.privacy === undefined
        ? []
        : putFirstChoices(deps.dataTable, sub, registration.privacy, registration.acting)),
      await forgetAttempts(deps, { codesFor: identifier.current }),
      ...beginning.items,
    ],
    begun: beginning.begun,
  };
}

async function putAccount(
  deps: RegistrationDeps,
  { sub, identifier, attributes, terms, now, acting }: Registration,
  labelKeys: LabelKeyPair,
): Promise<ReadonlyArray<TransactWriteItem>> {
  const dataKey = newDataKey();
  const account = {
    sub,
    status: 'active',
    emailVerified: true,
    attributes,
    ...(terms !== undefined && { terms }),
    createdAt: now,
    updatedAt: now,
  } as const;
  const ConditionExpression = 'attribute_not_exists(pk)';
  const keyItem = encodeDataKey(await deps.loadKeyring(), sub, dataKey);
  return [
    {
      Put: {
        TableName: deps.dataTable,
        // Leads to the pointer whoever has to delete it and can no longer read the address.
        Item: {
          ...encodeAccount(account, dataKey, labelKeys),
          identifier: { S: identifier.current },
          act: actAttribute(actOf(acting, { kind: 'account.created', sub })),
        },
        ConditionExpression,
      },
    },
    { Put: { TableName: deps.keyTable, Item: keyItem, ConditionExpression } },
  ];
}
