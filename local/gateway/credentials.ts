import { randomBytes } from 'node:crypto';
import type { Principal } from '../types.ts';

/** What the AWS SDK signs with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The process that holds a set of session credentials: a Lambda worker. */
export interface CredentialHolder {
  /** Request id of the invocation that it runs now. */
  requestId(): string | undefined;
  /** Of the invocation that asked for that one, when a function did. */
  parentRequestId?(): string | undefined;
  /** Ends the process as a crash of the machine would. */
  crash(): void;
}

export interface Identity {
  readonly principal: Principal;
  readonly holder: CredentialHolder | undefined;
}

export interface Signer extends Credentials {
  readonly principal: Principal;
}

/** Which access key belongs to whom. As with STS, each worker gets a key of its own. */
export interface CredentialRegistry {
  issue(principal: Principal, holder?: CredentialHolder): Credentials;
  find(accessKeyId: string): Identity | undefined;
  /**
   * Who signs with a key, also after the process that held it has ended: what it signed before
   * stays good until it expires.
   */
  findSigner(accessKeyId: string): Signer | undefined;
  revoke(accessKeyId: string): void;
}

export function createCredentialRegistry(): CredentialRegistry {
  const identities = new Map<string, Identity>();
  const signers = new Map<string, Signer>();
  return {
    issue(principal, holder) {
      const temporary = holder !== undefined;
      const suffix = randomBytes(8).toString('hex').toUpperCase();
      const credentials: Credentials = {
        accessKeyId: `${temporary ? 'ASIA' : 'AKIA'}${suffix}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        ...(temporary && { sessionToken: randomBytes(48).toString('base64') }),
      };
      identities.set(credentials.accessKeyId, { principal, holder });
      signers.set(credentials.accessKeyId, { ...credentials, principal });
      return credentials;
    },
    find: (accessKeyId) => identities.get(accessKeyId),
    findSigner: (accessKeyId) => signers.get(accessKeyId),
    revoke: (accessKeyId) => {
      identities.delete(accessKeyId);
    },
  };
}
