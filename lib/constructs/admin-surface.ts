import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../functions/environment.ts';
import { DIRECTORY_TABLE } from '../names.ts';
import { logRetention } from '../parameters.ts';
import { regionEnvironment } from '../topology-environment.ts';
import { readClients } from './directory-access.ts';
import type { CellContext } from './http-surface.ts';
import { itemAccess } from './item-access.ts';
import { KEY_ROTATION } from './key-rotation.ts';
import { wildcardFinding } from './nag-names.ts';
import { SurfaceFunction } from './surface-function.ts';

/**
 * `functions/admin`: operators register clients. It has no route: who may call it is decided by
 * the operator's own `lambda:InvokeFunction`.
 */
export class AdminSurface extends Construct {
  readonly surface: SurfaceFunction;

  constructor(scope: Construct, id: string, { parameters, topology }: CellContext) {
    super(scope, id);
    const table = DIRECTORY_TABLE;
    this.surface = new SurfaceFunction(this, 'Surface', {
      surface: 'admin',
      topology,
      memoryMiB: 512,
      timeout: Duration.seconds(20),
      logRetention: logRetention(parameters),
      environment: {
        [ENVIRONMENT.directoryTable]: table,
        [ENVIRONMENT.keyRotationArn]: keyRotationArn(this),
        ...regionEnvironment(topology),
      },
      statements: [
        readClients(this, ['GetItem', 'BatchGetItem']),
        itemAccess(this, { sid: 'ListClients', table, keys: 'CLIENTS', actions: ['Query'] }),
        itemAccess(this, {
          sid: 'WriteClientsAndTheirIndex',
          table,
          keys: ['CLIENT#*', 'CLIENTS'],
          actions: ['PutItem'],
        }),
        itemAccess(this, {
          sid: 'ListSigningKeys',
          table,
          keys: 'SIGNING-KEYS',
          actions: ['Query'],
        }),
        ...startRotations(this),
        // A deleted client's own item stays, as a tombstone.
        itemAccess(this, {
          sid: 'DeleteFromTheIndex',
          table,
          keys: 'CLIENTS',
          actions: ['DeleteItem'],
        }),
      ],
    });
  }
}

/** By its name: the Directory stack of this region has it. */
function keyRotationArn(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: KEY_ROTATION,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Rotates signing keys on demand, and tells how far a run is. */
function startRotations(scope: Construct): ReadonlyArray<PolicyStatement> {
  const stack = Stack.of(scope);
  const runs = { service: 'states', resource: 'execution', resourceName: `${KEY_ROTATION}:*` };
  Validations.of(scope).acknowledge({
    id: wildcardFinding(scope, { service: 'states', resource: `execution:${KEY_ROTATION}:*` }),
    reason: 'The runs of one workflow: their names are made when they start',
  });
  return [
    new PolicyStatement({
      sid: 'StartRotations',
      effect: Effect.ALLOW,
      actions: ['states:StartExecution'],
      resources: [keyRotationArn(scope)],
    }),
    new PolicyStatement({
      sid: 'FollowRotations',
      effect: Effect.ALLOW,
      actions: ['states:DescribeExecution'],
      resources: [stack.formatArn({ ...runs, arnFormat: ArnFormat.COLON_RESOURCE_NAME })],
    }),
  ];
}
