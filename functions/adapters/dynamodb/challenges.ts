import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type ChallengeContent, purposeOf } from '../../core/challenge.ts';
import { InvariantError } from '../../core/errors.ts';
import type { ChallengeId } from '../../core/ids.ts';
import type { Attempts } from '../../core/ports/attempts.ts';
import type { Challenges, Trial } from '../../core/ports/challenges.ts';
import type { Sealer } from '../../core/ports/sealer.ts';
import { addSeconds, type EpochSeconds } from '../../core/time.ts';
import { deriveKey, equalInConstantTime, hmacIdentifier, randomToken } from '../crypto/hash.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { decryptUnder, encryptUnder } from '../crypto/reference-cipher.ts';
import {
  type ChallengeTiming,
  challengeKey,
  decodeChallenge,
  forgetSending,
  putChallenge,
  renewChallenge,
  type StoredChallenge,
  uncountTry,
} from './challenge-items.ts';
import type { MailCounters } from './mails.ts';
import { sendDynamo } from './send.ts';

interface ChallengesDeps extends ChallengeTiming {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly sealer: Sealer;
  /** The cell's own: with the pepper that all cells have, codes of its people could be tried out. */
  readonly loadKeyring: () => Promise<Keyring<'cell-sealing'>>;
  readonly mails: MailCounters;
  readonly tries: number;
  /** Bounds the wrong codes that are tried for one address, whoever opens how many challenges for it. */
  readonly codeBudget: Attempts;
}

/** Codes are stored as a keyed hash: six digits have too few values for a plain one. */
export function createChallenges(deps: ChallengesDeps): Challenges {
  async function hashCode(challengeId: ChallengeId, code: string | undefined): Promise<string> {
    if (code === undefined) return randomToken(32);
    const key = deriveKey((await deps.loadKeyring()).key('cell-sealing'), 'one-time-code');
    return hmacIdentifier(key, 'one-time-code', `${challengeId}:${code}`);
  }

  /** Opens in this cell alone, and with the id alone, which no table and no backup holds. */
  function sealContent(challengeId: ChallengeId, content: ChallengeContent): Promise<string> {
    const encrypted = encryptUnder(challengeId, JSON.stringify(content), 'challenge');
    return deps.sealer.seal('challenge', Buffer.from(encrypted).toString('base64url'));
  }

  async function openContent(
    challengeId: ChallengeId,
    stored: StoredChallenge,
    now: EpochSeconds,
  ): Promise<ChallengeContent> {
    const encrypted = await deps.sealer.open('challenge', stored.sealed, now);
    if (typeof encrypted !== 'string')
      throw new InvariantError('a challenge holds content that is not ours');
    // Authentic, hence written by `sealContent`.
    return JSON.parse(
      decryptUnder(challengeId, Buffer.from(encrypted, 'base64url'), 'challenge'),
    ) as ChallengeContent;
  }

  /** One conditional write that uses up a try. */
  async function countTry(
    challengeId: ChallengeId,
    now: EpochSeconds,
  ): Promise<StoredChallenge | Exclude<Trial, { outcome: 'matched' | 'wrong' }>> {
    try {
      const { Attributes: item } = await sendDynamo(
        deps.dynamo,
        new UpdateItemCommand({
          TableName: deps.dataTable,
          Key: challengeKey(challengeId),
          ConditionExpression: 'tries < :limit AND codeExpiresAt > :now',
          UpdateExpression: 'ADD tries :one',
          ExpressionAttributeValues: {
            ':limit': { N: String(deps.tries) },
            ':now': { N: String(now) },
            ':one': { N: '1' },
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return decodeChallenge(item ?? {});
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (error.Item === undefined) return { outcome: 'gone' };
      const stored = decodeChallenge(error.Item);
      return { outcome: stored.codeExpiresAt > now ? 'spent' : 'expired' };
    }
  }

  async function conclude(
    challengeId: ChallengeId,
    counted: StoredChallenge,
    now: EpochSeconds,
    isRight: (content: ChallengeContent) => Promise<boolean>,
  ): Promise<Trial> {
    const content = await openContent(challengeId, counted, now);
    if (await isRight(content)) return { outcome: 'matched', content };
    const left = deps.tries - counted.tries;
    return left > 0 ? { outcome: 'wrong', left } : { outcome: 'spent' };
  }

  return {
    async open({ challengeId, email, content, mailId, code, source, now }) {
      const codeHash = await hashCode(challengeId, code);
      const sealed = await sealContent(challengeId, content);
      const challenge = { purpose: content.kind, codeHash, mailId, sealed };
      const item = putChallenge(deps.dataTable, challengeId, challenge, deps, now);
      const mailing = { email, purpose: purposeOf(content.kind), source, now };
      const counting = await deps.mails.count(mailing, item);
      if (counting.outcome === 'too-many-mails') return counting;
      if (counting.outcome === 'refused')
        throw new InvariantError('a random challenge id came up twice');
      return { outcome: 'opened' };
    },

    async renew({ challengeId, email, purpose, mailId, source, code, now }) {
      const codeHash = await hashCode(challengeId, code);
      const renewed = { codeHash, mailId };
      const item = renewChallenge(deps.dataTable, challengeId, renewed, deps, now);
      const counting = await deps.mails.count({ email, purpose, source, now }, item);
      if (counting.outcome === 'too-many-mails') return counting;
      if (counting.outcome === 'counted') return { outcome: 'opened' };
      if (counting.stored === undefined) return { outcome: 'gone' };
      const { lastSentAt } = decodeChallenge(counting.stored);
      return { outcome: 'too-soon', until: addSeconds(lastSentAt, deps.resendIntervalSeconds) };
    },

    async refund({ challengeId, email, purpose, mailId, source, now }) {
      const item = forgetSending(deps.dataTable, challengeId, mailId);
      await deps.mails.uncount({ email, purpose, source, now }, item);
    },

    async countNotice(notice) {
      const counting = await deps.mails.countNotice(notice);
      return counting.outcome === 'too-many-mails' ? counting : { outcome: 'opened' };
    },

    async find(challengeId, now) {
      const { Item: item } = await sendDynamo(
        deps.dynamo,
        new GetItemCommand({
          TableName: deps.dataTable,
          Key: challengeKey(challengeId),
          ConsistentRead: true,
        }),
      );
      if (item === undefined) return undefined;
      const stored = decodeChallenge(item);
      if (stored.expiresAt <= now) return undefined;
      return { content: await openContent(challengeId, stored, now), mailId: stored.mailId };
    },

    async tryCode({ challengeId, identifier }, code, now) {
      const codes = { codesFor: identifier };
      const work = [
        hashCode(challengeId, code),
        countTry(challengeId, now),
        deps.codeBudget.reserve(codes, now),
      ] as const;
      // To their ends, whatever fails: what is under way when the answer leaves is written when Lambda
      // goes on, with the next request.
      await Promise.allSettled(work);
      const [presented, counted, budget] = await Promise.all(work);
      if ('outcome' in counted) {
        // Nothing is compared: a stale page must not use up what its owner may try.
        if (budget.outcome === 'reserved') await deps.codeBudget.giveBack(codes);
        return counted;
      }
      if (budget.outcome === 'locked') return { outcome: 'exhausted' };
      return conclude(challengeId, counted, now, async () =>
        equalInConstantTime(counted.codeHash, presented),
      );
    },

    async giveBack({ challengeId, identifier }) {
      const uncounting = new UpdateItemCommand(uncountTry(deps.dataTable, challengeId));
      await Promise.allSettled([
        sendDynamo(deps.dynamo, uncounting),
        identifier && deps.codeBudget.giveBack({ codesFor: identifier }),
      ]);
    },

    async tryOwner(challengeId, isRight, now) {
      const counted = await countTry(challengeId, now);
      return 'outcome' in counted ? counted : conclude(challengeId, counted, now, isRight);
    },
  };
}
