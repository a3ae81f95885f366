import type { TestCloud } from '../harness/cloud.ts';
import { assertionGrant } from './assertion-grant.ts';
import {
  actAsMachine,
  askAboutTokens,
  authorizeByPushing,
  consentOnce,
  goAstray,
  manageClient,
  readKeys,
  signOutByApp,
  singleSignOn,
  speakByPost,
  useTokens,
} from './journeys-of-apps.ts';
import {
  askForAnotherCode,
  changePasswordInPortal,
  endOtherSessions,
  recoverByCode,
  recoverByLink,
  signInAfterMistake,
  signOutInPortal,
  signUpAgain,
  signUpByLink,
  signUpOnTheWay,
} from './journeys-of-people.ts';

/** Something that people, apps or operators do; throws unless it succeeds to its end. */
export interface Journey {
  readonly name: string;
  run(cloud: TestCloud): Promise<void>;
}

/** Everything that the product is for: each on its own, from a client's registration on. */
export const EVERY_JOURNEY: ReadonlyArray<Journey> = [
  { name: 'an app reads the keys', run: readKeys },
  { name: 'sign-up by code on the way to an app', run: signUpOnTheWay },
  { name: 'sign-up by link in another browser', run: signUpByLink },
  { name: 'sign-up with a known address', run: signUpAgain },
  { name: 'a second code', run: askForAnotherCode },
  { name: 'sign-in after a wrong password', run: signInAfterMistake },
  { name: 'tokens, profile, refresh and revocation', run: useTokens },
  { name: 'an API asks about tokens', run: askAboutTokens },
  { name: 'an app pushes its requests', run: authorizeByPushing },
  { name: 'sign-in without asking, for an app that hints at the person', run: singleSignOn },
  { name: 'an app that posts its requests', run: speakByPost },
  { name: 'consent for a foreign app', run: consentOnce },
  { name: 'recovery by code', run: recoverByCode },
  { name: 'recovery by link', run: recoverByLink },
  { name: 'another password in the portal', run: changePasswordInPortal },
  { name: 'another session ended in the portal', run: endOtherSessions },
  { name: 'sign-out in the portal', run: signOutInPortal },
  { name: 'sign-out by the app', run: signOutByApp },
  { name: 'a way that leads nowhere', run: goAstray },
  { name: 'a machine with a secret', run: actAsMachine },
  { name: 'a machine with a key', run: assertionGrant },
  { name: 'an operator manages a client', run: manageClient },
];
