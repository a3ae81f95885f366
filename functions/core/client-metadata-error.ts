/** RFC 7591 §3.2.2. The description is for the operator and names the member at fault. */
export class ClientMetadataError extends Error {
  readonly code: 'invalid_redirect_uri' | 'invalid_client_metadata';

  constructor(code: ClientMetadataError['code'], description: string) {
    super(description);
    this.name = 'ClientMetadataError';
    this.code = code;
  }
}

export function invalidMetadata(description: string): ClientMetadataError {
  return new ClientMetadataError('invalid_client_metadata', description);
}
