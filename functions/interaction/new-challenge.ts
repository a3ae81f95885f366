import { randomToken } from '../adapters/crypto/hash.ts';
import type { ChallengeContent } from '../core/challenge.ts';
import type { ChallengeId, MailId } from '../core/ids.ts';
import type { EpochSeconds } from '../core/time.ts';
import type { HttpRequest } from '../http/message.ts';
import { mailChallenge, newCode } from './challenge-mails.ts';
import type { Interaction } from './dependencies.ts';

type Outcome =
  | { readonly outcome: 'mailed'; readonly challengeId: ChallengeId }
  | { readonly outcome: 'too-many-mails'; readonly until: EpochSeconds };

/** Stores a challenge and mails it: one transaction, one mail, whoever the address belongs to. */
export async function beginChallenge(
  deps: Interaction,
  http: HttpRequest,
  content: ChallengeContent,
): Promise<Outcome> {
  const challengeId = randomToken() as ChallengeId;
  const mailId = randomToken() as MailId;
  const code = newCode(content.kind);
  const { sourceAddress: source, now } = http;
  const opening = await deps.challenges.open({ challengeId, content, mailId, code, source, now });
  if (opening.outcome === 'too-many-mails') return opening;
  await mailChallenge(deps, http, { challengeId, content, mailId, code });
  return { outcome: 'mailed', challengeId };
}
