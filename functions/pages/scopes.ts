import type { MessageKey } from './form-state.ts';
import type { Voice } from './voice.tsx';

const SCOPES: Readonly<Record<string, MessageKey>> = {
  openid: 'scope.openid',
  email: 'scope.email',
  profile: 'scope.profile',
  offline_access: 'scope.offline_access',
  privacy: 'scope.privacy',
  consents: 'scope.consents',
};

/** What a scope lets an app do, in the reader's words (OIDC Core §3.1.2.4). */
export function describeScope(scope: string, { say }: Voice): string {
  const known = Object.hasOwn(SCOPES, scope) ? SCOPES[scope] : undefined;
  return known === undefined ? say('scope.other', { scope }) : say(known);
}
