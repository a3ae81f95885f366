import type { ActKind } from '../../core/audit/act.ts';

/**
 * Kinds of acts for people who never heard of one; who did it stands beside it. Its own list, since
 * a person's history and the file of an export need it, and a sign-in does not.
 */
export type ActWords = Readonly<Record<ActKind, string>>;

export const EN_ACTS: ActWords = {
  'account.created': 'Account created',
  'account.erasing': 'Account set to be deleted',
  'account.kept': 'Account kept after all',
  'account.closed': 'Account closed for good',
  'session.begun': 'Signed in',
  'session.ended': 'Signed out',
  'sign-in.tried': 'A password was tried',
  'sign-in.locked': 'Too many wrong passwords: no more tries for a while',
  'password.changed': 'Password changed',
  'password.recovered': 'New password chosen by e-mail',
  'grant.issued': 'Signed in to an app',
  'grant.revoked': 'Access of an app ended',
  'grant.reused': 'A key of an app came twice: its access was ended, to be safe',
  'scopes.allowed': 'Access allowed to an app',
  'scopes.withdrawn': 'Access of an app removed',
  'consent.given': 'Agreed to a use of your data',
  'consent.withdrawn': 'Did not agree to a use of your data, or no longer',
  'consent.objected': 'Objected to a use of your data',
  'consent.parent-asked': 'Parents were asked whether they agree',
  'consent.parent-answered': 'Parents answered whether they agree',
  'preferences.changed': 'Preferences changed',
  'export.requested': 'A copy of your data was asked for',
  'export.ready': 'A copy of your data became ready',
  'export.downloaded': 'A copy of your data was downloaded',
  'export.expired': 'A copy of your data was deleted again',
  'erasure.requested': 'Deletion of your account was asked for',
  'erasure.undone': 'Deletion of your account was called off',
  'erasure.begun': 'Deletion of your account began',
  'erasure.completed': 'Deletion of your account was completed',
  'erasure.replayed': 'Deletion was repeated after a backup had been restored',
  'person.looked-up': 'Account looked up by its e-mail address',
  'processor.told': 'A service that works for us was told of your request',
  'processor.acknowledged': 'A service that works for us answered',
  'processor.overdue': 'A service that works for us did not answer in time',
  'request.read': 'What became of one of your requests was looked at',
  'request.listed': 'A list of requests was looked at',
  'hold.placed': 'A law began to keep your account from being deleted',
  'hold.released': 'A law no longer keeps your account from being deleted',
  'hold.read': 'It was looked at whether a law keeps your account',
  'client.created': 'An app was registered',
  'client.changed': 'An app was changed',
  'client.deleted': 'An app was deleted',
  'keys.moved': 'The keys that sign were changed',
};
