import type { EpochSeconds } from '../time.ts';
import type { PrivacyRequestId } from './privacy-requests.ts';

/** A signed certificate of an erasure, as it was first made. */
export interface Certificate {
  readonly certificateId: string;
  readonly issuedAt: EpochSeconds;
  /** Compact JWS, `typ` `erasure-certificate+jwt`. */
  readonly jws: string;
}

export interface Certificates {
  find(certificateId: string): Promise<Certificate | undefined>;
  /** The one id of a request's certificate: drawn once, kept with the request. */
  reserveId(requestId: PrivacyRequestId): Promise<string>;
  /** Keeps the first one that is made; answers with that. */
  keep(certificate: Certificate): Promise<Certificate>;
}
