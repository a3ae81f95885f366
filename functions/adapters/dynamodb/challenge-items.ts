import type { TransactWriteItem, Update } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ChallengeId, MailId } from '../../core/ids.ts';
import { addSeconds, type EpochSeconds } from '../../core/time.ts';
import { hashSecret } from '../crypto/hash.ts';
import type { Item } from './account-items.ts';

/** How long after its code somebody may still ask for a new one. */
const RENEWABLE_SECONDS = 3600;

export interface ChallengeTiming {
  readonly codeLifetimeSeconds: number;
  readonly resendIntervalSeconds: number;
}

/** The item as stored. */
export interface StoredChallenge {
  readonly codeHash: string;
  readonly codeExpiresAt: EpochSeconds;
  readonly tries: number;
  readonly lastSentAt: EpochSeconds;
  /** The newest mail's, whose link alone works. */
  readonly mailId: MailId;
  /**
   * What the code confirms: under a key that follows from the id, and sealed under the cell's
   * keyring, so that the table tells nothing of it, nor a backup to whoever has all keyrings.
   */
  readonly sealed: string;
  readonly expiresAt: EpochSeconds;
}

/** The id's hash: the id itself, which opens the content, is known to browser and mail alone. */
export function challengeKey(challengeId: ChallengeId): Item {
  return { pk: { S: `CHALLENGE#${hashSecret(challengeId)}` }, sk: { S: 'CHALLENGE' } };
}

/** Only this file writes challenges, hence the shape is known. */
export function decodeChallenge(item: Item): StoredChallenge {
  return unmarshall(item) as StoredChallenge;
}

export function putChallenge(
  dataTable: string,
  challengeId: ChallengeId,
  challenge: Pick<StoredChallenge, 'codeHash' | 'mailId' | 'sealed'> & { readonly purpose: string },
  { codeLifetimeSeconds }: ChallengeTiming,
  now: EpochSeconds,
): TransactWriteItem {
  return {
    Put: {
      TableName: dataTable,
      Item: {
        ...challengeKey(challengeId),
        ...marshall({
          v: 1,
          ...challenge,
          codeExpiresAt: addSeconds(now, codeLifetimeSeconds),
          tries: 0,
          lastSentAt: now,
          expiresAt: addSeconds(now, codeLifetimeSeconds + RENEWABLE_SECONDS),
        }),
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** What a renewal replaces, kept until its mail has left: attribute → where it is kept. */
const REPLACED = {
  codeHash: 'oldHash',
  mailId: 'oldMail',
  codeExpiresAt: 'oldEnd',
  tries: 'oldTries',
};

/** A new code and link with new tries, unless the last one was sent a moment ago. */
export function renewChallenge(
  dataTable: string,
  challengeId: ChallengeId,
  { codeHash, mailId }: Pick<StoredChallenge, 'codeHash' | 'mailId'>,
  { codeLifetimeSeconds, resendIntervalSeconds }: ChallengeTiming,
  now: EpochSeconds,
): TransactWriteItem {
  return {
    Update: {
      TableName: dataTable,
      Key: challengeKey(challengeId),
      ConditionExpression: 'attribute_exists(pk) AND lastSentAt <= :latest',
      UpdateExpression: `SET codeHash = :hash, mailId = :mail, codeExpiresAt = :end, expiresAt = :ttl, lastSentAt = :now, tries = :zero, ${keepReplaced()}`,
      ExpressionAttributeValues: {
        ':hash': { S: codeHash },
        ':mail': { S: mailId },
        ':latest': { N: String(now - resendIntervalSeconds) },
        ':end': { N: String(addSeconds(now, codeLifetimeSeconds)) },
        ':ttl': { N: String(addSeconds(now, codeLifetimeSeconds + RENEWABLE_SECONDS)) },
        ':now': { N: String(now) },
        ':zero': { N: '0' },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** Every operand of an update is what was stored before it. */
function keepReplaced(): string {
  return Object.entries(REPLACED)
    .map(([name, kept]) => `${kept} = ${name}`)
    .join(', ');
}

/** The mail was not sent after all: the code before it is good again, and asking works at once. */
export function forgetSending(
  dataTable: string,
  challengeId: ChallengeId,
  mailId: MailId,
): TransactWriteItem {
  const restored = Object.entries(REPLACED).map(
    ([name, kept]) => `${name} = if_not_exists(${kept}, ${name})`,
  );
  return {
    Update: {
      TableName: dataTable,
      Key: challengeKey(challengeId),
      // A mail that was sent since stands.
      ConditionExpression: 'mailId = :mail',
      UpdateExpression: `SET lastSentAt = :never, ${restored.join(', ')} REMOVE ${Object.values(REPLACED).join(', ')}`,
      ExpressionAttributeValues: { ':never': { N: '0' }, ':mail': { S: mailId } },
    },
  };
}

/** Fails when the challenge has been used up, or was renewed: there is nothing to give back then. */
export function uncountTry(
  dataTable: string,
  challengeId: ChallengeId,
): Update & { UpdateExpression: string } {
  return {
    TableName: dataTable,
    Key: challengeKey(challengeId),
    ConditionExpression: 'tries > :zero',
    UpdateExpression: 'ADD tries :minusOne',
    ExpressionAttributeValues: { ':zero': { N: '0' }, ':minusOne': { N: '-1' } },
  };
}

/** Consumes a challenge; of two transactions that do, one fails. */
export function consumeChallenge(dataTable: string, challengeId: ChallengeId): TransactWriteItem {
  return {
    Delete: {
      TableName: dataTable,
      Key: challengeKey(challengeId),
      ConditionExpression: 'attribute_exists(pk)',
    },
  };
}
