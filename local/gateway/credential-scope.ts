/** The parts of a Signature Version 4 `Authorization` header that say who calls what, and where. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** The signing name: `dynamodb`, `kms`, `ses`, `lambda`. */
  readonly service: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([A-Z0-9]{16,128})\/\d{8}\/([a-z0-9-]{1,32})\/([a-z0-9-]{1,32})\/aws4_request,/;

/**
 * Reads `Credential=<key>/<date>/<region>/<service>/aws4_request`. The signature itself is not
 * verified: everything that can reach the gateway runs on this machine.
 */
export function findCredentialScope(
  authorization: string | undefined,
): CredentialScope | undefined {
  const match = AUTHORIZATION.exec(authorization ?? '');
  const [, accessKeyId, region, service] = match ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}
