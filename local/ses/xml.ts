import type { AwsError, AwsResponse } from '../types.ts';

const NAMESPACE = 'http://ses.amazonaws.com/doc/2010-12-01/';

/** The answer of a Query-protocol operation: `members` become the elements of its result. */
export function renderXmlResult(
  operation: string,
  members: Readonly<Record<string, string | number>>,
): AwsResponse {
  const elements = Object.entries(members)
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
  return toResponse(
    200,
    `<${operation}Response xmlns="${NAMESPACE}"><${operation}Result>${elements}</${operation}Result>` +
      `<ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${operation}Response>`,
  );
}

/** An error as the Query protocol words it; the gateway uses it for every service that speaks XML. */
export function renderXmlError(error: AwsError, requestId: string): AwsResponse {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  return toResponse(
    error.status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${type}</Type>` +
      `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error>` +
      `<RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>`,
  );
}

function toResponse(status: number, body: string): AwsResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
