import { Logger } from '@aws-lambda-powertools/logger';
import { CELL_KEY_NAMES } from '../adapters/crypto/keyring.ts';
import { CELL_KEYRING_KEY, cellKeyringContext } from '../adapters/crypto/keyring-loader.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { createKms } from '../adapters/kms/client.ts';
import { ensureKeyring } from '../deployment/keyring.ts';
import { createProvisioner } from '../deployment/provisioning.ts';
import { ENVIRONMENT, requireText } from '../environment.ts';

const wanted = {
  dynamo: createDynamo(),
  kms: createKms(),
  table: requireText(ENVIRONMENT.dataTable),
  key: CELL_KEYRING_KEY,
  names: CELL_KEY_NAMES,
  keyArn: requireText(ENVIRONMENT.cellKeyArn),
  context: cellKeyringContext(requireText(ENVIRONMENT.cell)),
};

/** CloudFormation's custom resource: the keyring that this cell alone can open. */
export const handler = createProvisioner({
  physicalResourceId: 'domicile-cell-provisioned',
  logger: new Logger({ serviceName: 'provision-cell' }),
  provision: async () => ({ keyring: await ensureKeyring(wanted) }),
});
