import {
  findPasswordRefusal,
  normalisePassword,
  type PasswordRefusal,
  wordsOfAddress,
} from '../core/password-policy.ts';
import type { Passwords } from '../core/ports/passwords.ts';
import type { Message } from '../pages/form-state.ts';

interface PasswordChoice {
  readonly email: string;
  readonly productName: string;
  readonly minimumLength: number;
}

/** What is wrong with a new password as typed, to be shown next to its field. */
export async function findPasswordError(
  passwords: Passwords,
  typed: string,
  { email, productName, minimumLength }: PasswordChoice,
): Promise<Message | undefined> {
  if (typed === '') return { key: 'error.required' };
  const refusal = findPasswordRefusal(normalisePassword(typed), {
    minimumLength,
    knownWords: [...wordsOfAddress(email), productName],
    isCommon: await passwords.loadCommonPasswords(),
  });
  return refusal === undefined ? undefined : toMessage(refusal);
}

function toMessage(refusal: PasswordRefusal): Message {
  switch (refusal.reason) {
    case 'too-short':
      return { key: 'error.password-too-short', values: { minimum: refusal.minimum } };
    case 'too-long':
      return { key: 'error.password-too-long', values: { maximum: refusal.maximum } };
    case 'common':
      return { key: 'error.password-common' };
    case 'contains-address':
      return { key: 'error.password-contains-address' };
  }
}
