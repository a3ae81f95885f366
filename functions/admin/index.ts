import { Logger } from '@aws-lambda-powertools/logger';
import { hashSecret, randomToken } from '../adapters/crypto/hash.ts';
import { createClientRegistry } from '../adapters/dynamodb/client-registry.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { ENVIRONMENT, requireText } from '../environment.ts';
import { createAdmin } from './admin.ts';

const registry = createClientRegistry({
  dynamo: createDynamo(),
  directoryTable: requireText(ENVIRONMENT.directoryTable),
});

export const handler = createAdmin(
  { registry, hashSecret, randomToken },
  new Logger({ serviceName: 'admin' }),
);
