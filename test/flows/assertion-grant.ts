import { SignJWT } from 'jose';
import type { TestCloud } from '../harness/cloud.ts';
import { postForm } from './post-form.ts';
import { registerParty } from './registered-party.ts';

/** A machine that proves itself with a key gets a token (RFC 7523 §2.2); throws otherwise. */
export async function assertionGrant(cloud: TestCloud): Promise<void> {
  const { clientId, privateKey } = await registerParty(cloud, 'private_key_jwt');
  const now = Math.floor(cloud.cloud.clock.nowMs() / 1000);
  const claims = { iss: clientId, sub: clientId, aud: cloud.issuer, jti: clientId, exp: now + 60 };
  const assertion = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'app-1' });
  const { status } = await postForm(new URL('/oauth2/token', cloud.issuer), {
    grant_type: 'client_credentials',
    scope: 'read',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion.sign(privateKey),
  });
  if (status !== 200) throw new Error(`an assertion was answered with status ${status}`);
}
