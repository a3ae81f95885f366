import type { SharedClock } from '../clock.ts';
import type { Listener } from '../front.ts';
import type { Infrastructure } from '../infrastructure.ts';
import type { Deployment } from '../template/deployment.ts';
import { ACCOUNT_ID } from '../template/physical-ids.ts';
import type { AccessLog } from './access-log.ts';
import { readHttpApi } from './from-template.ts';
import { createHttpApi } from './http-api.ts';

/** The HTTP API that the template gives a region, its calls of functions decided by their resource policies. */
export function createDeployedApi(
  deployment: Deployment,
  region: string,
  { functions, authorizer, logs }: Infrastructure,
  clock: SharedClock,
  accessLog: AccessLog,
): Listener {
  const resource = deployment
    .byType('AWS::ApiGatewayV2::Api')
    .find((candidate) => candidate.region === region);
  if (resource === undefined) throw new Error(`the template has no HTTP API in ${region}`);
  const api = readHttpApi(resource, {
    deployment,
    accountId: ACCOUNT_ID,
    requirePool: functions.requirePool,
    isPermitted: (functionArn, sourceArn) =>
      authorizer.authorize({
        principal: { roleArn: 'apigateway.amazonaws.com', name: 'apigateway' },
        region,
        action: 'lambda:InvokeFunction',
        resource: functionArn,
        context: { 'aws:SourceArn': [sourceArn] },
      }).allowed,
  });
  return createHttpApi(api, {
    nowMs: clock.nowMs,
    accessLog,
    onFailure: (name, message) => {
      logs.add({ function: name, region, requestId: undefined, stream: 'platform', message });
    },
  });
}
