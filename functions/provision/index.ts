import { Logger } from '@aws-lambda-powertools/logger';
import { SHARED_KEY_NAMES } from '../adapters/crypto/keyring.ts';
import { SHARED_KEYRING_CONTEXT, SHARED_KEYRING_KEY } from '../adapters/crypto/keyring-loader.ts';
import { createKeyRotations } from '../adapters/dynamodb/key-rotations.ts';
import { createDynamo } from '../adapters/dynamodb/send.ts';
import { createKms } from '../adapters/kms/client.ts';
import { createRegionalKeys } from '../adapters/kms/regional-keys.ts';
import { toEpochSeconds } from '../core/time.ts';
import { ensureEvidenceKey } from '../deployment/evidence-key.ts';
import { ensureKeyring, keyIdOf } from '../deployment/keyring.ts';
import { createProvisioner } from '../deployment/provisioning.ts';
import { ENVIRONMENT, requireText } from '../environment.ts';
import { regionsOf } from '../signing-keys/regions.ts';
import { ensureSigningKeys } from './first-keys.ts';

const dynamo = createDynamo();
const directoryTable = requireText(ENVIRONMENT.directoryTable);
const keyringKeyArn = requireText(ENVIRONMENT.keyringKeyArn);
const evidenceKeyArn = requireText(ENVIRONMENT.evidenceKeyArn);
const rotations = createKeyRotations({ dynamo, directoryTable });
const regionalKeys = createRegionalKeys({
  primaryRegion: requireText(ENVIRONMENT.primaryRegion),
  regions: regionsOf(requireText(ENVIRONMENT.cellRegions)),
});

/** CloudFormation's custom resource: the shared keyring and the keys that sign, in every region. */
export const handler = createProvisioner({
  physicalResourceId: 'domicile-provisioned',
  logger: new Logger({ serviceName: 'provision' }),
  async provision() {
    const keyring = await ensureKeyring({
      ...{ dynamo, kms: createKms(), table: directoryTable, keyArn: keyringKeyArn },
      key: SHARED_KEYRING_KEY,
      names: SHARED_KEY_NAMES,
      context: SHARED_KEYRING_CONTEXT,
    });
    await regionalKeys.replicate(keyIdOf(keyringKeyArn), 'keyring');
    const evidenceKey = await ensureEvidenceKey({
      ...{ dynamo, regionalKeys, directoryTable, keyArn: evidenceKeyArn },
    });
    const now = toEpochSeconds(Date.now());
    const signingKeys = await ensureSigningKeys({ rotations, regionalKeys }, now);
    return { keyring, evidenceKey, signingKeys };
  },
});
