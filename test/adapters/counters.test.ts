import { setImmediate } from 'node:timers/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { randomToken } from '../../functions/adapters/crypto/hash.ts';
import { createSealer } from '../../functions/adapters/crypto/sealer.ts';
import { createAttempts } from '../../functions/adapters/dynamodb/attempts.ts';
import { createChallenges } from '../../functions/adapters/dynamodb/challenges.ts';
import { createMailCounters } from '../../functions/adapters/dynamodb/mails.ts';
import type { SignUpChallenge } from '../../functions/core/challenge.ts';
import type {
  ChallengeId,
  IdentifierHash,
  MailId,
  SecretHash,
  Sub,
} from '../../functions/core/ids.ts';
import type { Attempts } from '../../functions/core/ports/attempts.ts';
import type { Challenges } from '../../functions/core/ports/challenges.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';
import { type LocalDynamo, newKeyrings, startLocalDynamo } from './local-dynamo.ts';

const LIMIT = 5;
const WINDOW = 900;
const CODES_PER_DAY = 12;
const DAY = 86_400;
const MAIL = 'mail' as MailId;

let local: LocalDynamo;
let attempts: Attempts;
let deps: Parameters<typeof createChallenges>[0];
let challenges: Challenges;

beforeAll(async () => {
  local = await startLocalDynamo();
  const keyrings = newKeyrings();
  const { loadShared: loadKeyring } = keyrings;
  const { dynamo, table: dataTable } = local;
  const tables = { dynamo, dataTable, loadKeyring };
  const counters = { ...tables, loadKeyring: keyrings.loadCell };
  attempts = createAttempts({ ...counters, rule: { limit: LIMIT, windowSeconds: WINDOW } });
  deps = {
    ...tables,
    loadKeyring: keyrings.loadCell,
    sealer: createSealer(keyrings),
    mails: createMailCounters({ ...tables, perAddressAndHour: 3, perSourceAndHour: 4 }),
    codeBudget: createAttempts({
      ...counters,
      rule: { limit: CODES_PER_DAY, windowSeconds: DAY },
    }),
    codeLifetimeSeconds: 600,
    tries: LIMIT,
    resendIntervalSeconds: 30,
  };
  challenges = createChallenges(deps);
});
afterAll(() => local.close());

describe('attempts', () => {
  const newIdentifier = () => ({ identifier: randomToken(32) as IdentifierHash });

  it('are counted before they are made: of fifty at once, the limit passes', async () => {
    const of = newIdentifier();
    const all = await Promise.all(Array.from({ length: 50 }, () => attempts.reserve(of, NOW)));
    expect(all.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(LIMIT);
    const until = addSeconds(NOW, WINDOW);
    expect(await attempts.reserve(of, NOW)).toEqual({ outcome: 'locked', until });
  });

  it('begin anew when the window is over, also when fifty notice at once', async () => {
    const of = newIdentifier();
    for (let count = 0; count < LIMIT; count += 1) await attempts.reserve(of, NOW);
    const later = addSeconds(NOW, WINDOW);
    const all = await Promise.all(Array.from({ length: 50 }, () => attempts.reserve(of, later)));
    expect(all.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(LIMIT);
  });

  it('are counted apart for a known device, and for somebody who is signed in', async () => {
    const of = newIdentifier();
    for (let count = 0; count < LIMIT; count += 1) await attempts.reserve(of, NOW);
    expect((await attempts.reserve(of, NOW)).outcome).toBe('locked');
    expect((await attempts.reserve({ ...of, device: 'd' }, NOW)).outcome).toBe('reserved');
    const sub = of.identifier as string as Sub;
    expect((await attempts.reserve({ sub }, NOW)).outcome).toBe('reserved');
  });
});

describe('what counts attempts of an address', () => {
  it('is named by no hash that the directory has', async () => {
    const identifier = `1.${randomToken(32)}` as IdentifierHash;
    await attempts.reserve({ identifier }, NOW);
    await attempts.reserve({ identifier, device: 'd' }, NOW);
    await attempts.reserve({ codesFor: identifier }, NOW);
    const { Items: items = [] } = await local.dynamo.send(
      new ScanCommand({ TableName: local.table }),
    );
    expect(items.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(items)).not.toContain(identifier.slice(2));
  });
});

describe('mails', () => {
  let source: string;
  beforeEach(() => {
    source = `192.0.2.${randomToken()}`;
  });

  async function open(
    email: string,
    now = NOW,
    from = source,
    kind?: 'address-known' | 'no-account',
  ): Promise<string> {
    const challengeId = randomToken() as ChallengeId;
    const content = { ...contentFor(email), ...(kind && { kind }) };
    const opening = await challenges.open({
      ...{ challengeId, email, content, mailId: MAIL, code: '123456' },
      ...{ source: from, now },
    });
    return opening.outcome;
  }

  it('are bounded per address, wherever they are asked for', async () => {
    const email = `${randomToken()}@example.com`;
    for (let count = 0; count < 3; count += 1) {
      expect(await open(email, NOW, randomToken())).toBe('opened');
    }
    expect(await open(email, NOW, randomToken())).toBe('too-many-mails');
    expect(await open(email, addSeconds(NOW, 3600), randomToken())).toBe('opened');
  });

  it('are bounded for sign-up and for recovery apart: neither can use up the other', async () => {
    const email = randomToken();
    for (let count = 0; count < 3; count += 1) await open(email, NOW, randomToken());
    expect(await open(email, NOW, randomToken(), 'address-known')).toBe('too-many-mails');
    for (let count = 0; count < 3; count += 1) {
      expect(await open(email, NOW, randomToken(), 'no-account')).toBe('opened');
    }
    expect(await open(email, NOW, randomToken(), 'no-account')).toBe('too-many-mails');
  });

  it('that other cells ask for are bounded apart: how many of ours are left tells nothing of them', async () => {
    const email = randomToken();
    for (let count = 0; count < 3; count += 1) {
      expect((await challenges.countNotice({ email, now: NOW })).outcome).toBe('opened');
    }
    expect((await challenges.countNotice({ email, now: NOW })).outcome).toBe('too-many-mails');
    for (let count = 0; count < 3; count += 1) {
      expect(await open(email, NOW, randomToken())).toBe('opened');
    }
    expect(await open(email, NOW, randomToken())).toBe('too-many-mails');
  });

  it('are bounded per source, whoever they are for, and a refusal counts for nobody', async () => {
    for (let count = 0; count < 4; count += 1) expect(await open(randomToken())).toBe('opened');
    const email = randomToken();
    expect(await open(email)).toBe('too-many-mails');
    for (let count = 0; count < 3; count += 1) {
      expect(await open(email, NOW, randomToken())).toBe('opened');
    }
  });

  it('begin anew when both windows are over, also when many notice at once', async () => {
    const email = randomToken();
    for (let count = 0; count < 3; count += 1) await open(email);
    const later = addSeconds(NOW, 3600);
    const all = await Promise.all(Array.from({ length: 4 }, () => open(email, later)));
    expect(all.filter((outcome) => outcome === 'opened')).toHaveLength(3);
  });

  it('are not counted when they could not be sent', async () => {
    const email = randomToken();
    for (let count = 0; count < 10; count += 1) {
      const challengeId = randomToken() as ChallengeId;
      const content = contentFor(email);
      const now = NOW;
      const challenge = { challengeId, email, content, mailId: MAIL, code: '1', source, now };
      const opening = await challenges.open(challenge);
      expect(opening.outcome).toBe('opened');
      const mailing = { email, purpose: 'sign-up', source, now } as const;
      await challenges.refund({ challengeId, mailId: MAIL, ...mailing });
    }
  });
});

describe('a challenge', () => {
  async function openWith(
    code: string | undefined,
    content = contentFor(randomToken()),
    now = NOW,
  ): Promise<ChallengeId> {
    const challengeId = randomToken() as ChallengeId;
    const source = randomToken();
    const { email } = content;
    await challenges.open({ challengeId, email, content, mailId: MAIL, code, source, now });
    return challengeId;
  }

  it('fails when all that it counts has come to its end: a frozen function goes on later', async () => {
    const ended = vi.fn();
    const codeBudget: Attempts = {
      ...deps.codeBudget,
      reserve: async () => {
        await setImmediate();
        ended();
        return { outcome: 'reserved' };
      },
    };
    const dynamo = new DynamoDBClient({ region: 'eu-central-1' });
    vi.spyOn(dynamo, 'send').mockImplementation(() => Promise.reject(new Error('away')));
    const away = createChallenges({ ...deps, codeBudget, dynamo });
    await expect(away.tryCode(of(randomToken() as ChallengeId), '123456', NOW)).rejects.toThrow();
    expect(ended).toHaveBeenCalledOnce();
  });

  it('takes its code, and no more than five tries, however many come at once', async () => {
    const id = await openWith('123456');
    expect((await challenges.tryCode(of(id), '123456', NOW)).outcome).toBe('matched');
    const all = await Promise.all(
      Array.from({ length: 50 }, () => challenges.tryCode(of(id), '000000', NOW)),
    );
    expect(all.filter(({ outcome }) => outcome === 'wrong')).toHaveLength(3);
    expect((await challenges.tryCode(of(id), '123456', NOW)).outcome).toBe('spent');
  });

  it.each(['123456', undefined])(
    'with code %s: over all challenges of an address so many codes are tried in a day, and no more',
    async (code) => {
      const content = contentFor(randomToken());
      const outcomes: Array<string> = [];
      for (let hour = 0; hour < 3; hour += 1) {
        const now = addSeconds(NOW, hour * 3600);
        const id = await openWith(code, content, now);
        const guesses = Array.from({ length: 5 }, () =>
          challenges.tryCode(of(id, content), '000000', now),
        );
        outcomes.push(...(await Promise.all(guesses)).map(({ outcome }) => outcome));
      }
      expect(outcomes.filter((outcome) => outcome === 'exhausted')).toHaveLength(3);
      const last = await openWith(code, content, addSeconds(NOW, 3 * 3600));
      const right = await challenges.tryCode(
        of(last, content),
        '123456',
        addSeconds(NOW, 3 * 3600),
      );
      expect(right).toEqual({ outcome: 'exhausted' });
      const nextDay = addSeconds(NOW, DAY);
      const tomorrow = await openWith(code, content, nextDay);
      const expected = code === undefined ? 'wrong' : 'matched';
      expect((await challenges.tryCode(of(tomorrow, content), '123456', nextDay)).outcome).toBe(
        expected,
      );
    },
  );

  it('uses up none of these when there is nothing to compare', async () => {
    const content = contentFor(randomToken());
    const gone = of(randomToken() as ChallengeId, content);
    for (let count = 0; count < CODES_PER_DAY; count += 1) {
      expect((await challenges.tryCode(gone, '000000', NOW)).outcome).toBe('gone');
    }
    const id = await openWith('123456', content);
    expect((await challenges.tryCode(of(id, content), '123456', NOW)).outcome).toBe('matched');
  });

  it('lets its owner in by the password of the sign-up however many codes strangers tried', async () => {
    const content = contentFor(randomToken());
    for (let hour = 0; hour < 3; hour += 1) {
      const now = addSeconds(NOW, hour * 3600);
      const id = await openWith('123456', content, now);
      for (let count = 0; count < 5; count += 1)
        await challenges.tryCode(of(id, content), '000000', now);
    }
    const id = await openWith('123456', content, addSeconds(NOW, DAY - 1));
    const trial = await challenges.tryOwner(id, async () => true, addSeconds(NOW, DAY - 1));
    expect(trial.outcome).toBe('matched');
  });

  it('takes no code when it is a decoy', async () => {
    const id = await openWith(undefined);
    expect(await challenges.tryCode(of(id), '123456', NOW)).toEqual({ outcome: 'wrong', left: 4 });
  });

  it('is expired once its code is, whether or not TTL has removed it', async () => {
    const id = await openWith('123456');
    const trial = await challenges.tryCode(of(id), '123456', addSeconds(NOW, 600));
    expect(trial.outcome).toBe('expired');
  });

  it('is gone when it never was', async () => {
    const id = randomToken() as ChallengeId;
    expect((await challenges.tryCode(of(id), '123456', NOW)).outcome).toBe('gone');
    expect(await challenges.find(id, NOW)).toBeUndefined();
    const mail = { email: 'e', purpose: 'sign-up', mailId: MAIL } as const;
    const renewal = { challengeId: id, ...mail, code: '1', source: 's', now: NOW };
    expect((await challenges.renew(renewal)).outcome).toBe('gone');
  });

  it('takes the new code alone once it was renewed, with new tries, and not too soon', async () => {
    const id = await openWith('123456');
    const renewal = {
      challengeId: id,
      email: randomToken(),
      purpose: 'sign-up',
      mailId: 'newer' as MailId,
      code: '654321',
      source: randomToken(),
    } as const;
    const soon = addSeconds(NOW, 29);
    const until = addSeconds(NOW, 30);
    expect(await challenges.renew({ ...renewal, now: soon })).toEqual({
      outcome: 'too-soon',
      until,
    });
    for (let count = 0; count < LIMIT; count += 1) await challenges.tryCode(of(id), '000000', NOW);
    expect((await challenges.find(id, until))?.mailId).toBe(MAIL);
    expect((await challenges.renew({ ...renewal, now: until })).outcome).toBe('opened');
    expect((await challenges.find(id, until))?.mailId).toBe('newer');
    expect((await challenges.tryCode(of(id), '123456', until)).outcome).toBe('wrong');
    expect((await challenges.tryCode(of(id), '654321', until)).outcome).toBe('matched');
  });

  it('keeps in the table nothing that tells address, code or password', async () => {
    const challengeId = randomToken() as ChallengeId;
    const content = contentFor('ada@example.com');
    const [now, source] = [NOW, randomToken()];
    const { email } = content;
    const challenge = { challengeId, email, content, mailId: MAIL, code: '123456', source, now };
    await challenges.open(challenge);
    expect(await challenges.find(challengeId, NOW)).toEqual({ content, mailId: MAIL });
    const scan = new ScanCommand({ TableName: local.table });
    const { Items: items = [] } = await local.dynamo.send(scan);
    expect(items.length).toBeGreaterThan(0);
    expect(JSON.stringify(items)).not.toMatch(/ada@|123456|argon2/);
  });
});

/** Of its own address, unless it is one of several of one. */
function of(challengeId: ChallengeId, { identifier } = contentFor(challengeId)) {
  return { challengeId, identifier };
}

function contentFor(email: string): SignUpChallenge {
  return {
    kind: 'sign-up',
    email,
    identifier: `hash of ${email}` as IdentifierHash,
    locales: ['en'],
    browser: 'browser' as SecretHash,
    sub: 'sub' as Sub,
    passwordHash: '$argon2id$…',
    terms: { url: 'https://example.com/terms', acceptedAt: NOW },
  };
}
