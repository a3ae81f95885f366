import { Logger } from '@aws-lambda-powertools/logger';
import { hashSecret, randomToken } from '../adapters/crypto/hash.ts';
import { createClientRegistry } from '../adapters/dynamodb/client-registry.ts';
import { createKeyRotations } from '../adapters/dynamodb/key-rotations.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { createRotationRuns } from '../adapters/states/rotation-runs.ts';
import { parseCellNames } from '../core/cells.ts';
import { ENVIRONMENT, requireText } from '../environment.ts';
import { createAdmin } from './admin.ts';

const directory = {
  dynamo: createDynamo(),
  directoryTable: requireText(ENVIRONMENT.directoryTable),
};

export const handler = createAdmin(
  {
    registry: createClientRegistry(directory),
    rotations: createKeyRotations(directory),
    rotationRuns: createRotationRuns(requireText(ENVIRONMENT.keyRotationArn)),
    cellNames: parseCellNames(requireText(ENVIRONMENT.cellRegions)),
    hashSecret,
    randomToken,
  },
  new Logger({ serviceName: 'admin' }),
);
