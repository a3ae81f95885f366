import { AwsError, type AwsRequest, type AwsService } from '../types.ts';

/** What a request asks of IAM. */
export type Queries = ReturnType<AwsService['authorizations']>;

/** Who asks what of which resources, as the call log tells it. */
export function describeCall(request: AwsRequest, queries: Queries | AwsError) {
  return {
    region: request.region,
    service: request.service,
    operation: request.operation,
    principal: request.principal.name,
    callerRegion: request.principal.region,
    resource: describeResources(request, queries),
    items: countItems(request.input),
  };
}

/** A request that is malformed is still logged, and only then refused. */
export function describeQueries(request: AwsRequest, service: AwsService): Queries | AwsError {
  try {
    return service.authorizations(request);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function describeResources(request: AwsRequest, queries: Queries | AwsError): string {
  if (queries instanceof AwsError) return '';
  const own = queries.filter(({ action }) => action.startsWith(`${request.service}:`));
  return [...new Set(own.map(({ resource }) => resource))].join(' ');
}

/** What DynamoDB bills by; a call of any other service is one. */
function countItems(input: AwsRequest['input']): number {
  const { TransactItems: members, RequestItems: tables } = input;
  if (Array.isArray(members)) return members.length;
  if (typeof tables !== 'object' || tables === null) return 1;
  return Object.values(tables).flatMap((table) => table?.Keys ?? table).length;
}
