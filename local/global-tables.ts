import type { Deployment } from './template/deployment.ts';

/** Whether the table of this region is the replica of one that another region's stack declares. */
export function isReplica(deployment: Deployment, region: string, table: string): boolean {
  return deployment
    .byType('AWS::DynamoDB::GlobalTable')
    .some(({ physicalId, region: home }) => physicalId === table && home !== region);
}
