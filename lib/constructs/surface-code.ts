import { copyFileSync, linkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { PrivacyPolicy } from '../../functions/core/privacy-policy.ts';
import { COMMON_PASSWORDS_FILE, PRIVACY_POLICY_FILE } from '../../functions/environment.ts';
import { PROJECT_ROOT, provideBundles } from '../bundling.ts';
import { BUNDLES_CONTEXT } from '../names.ts';
import type { Surface } from '../surfaces.ts';

export interface SurfaceCodeProps {
  readonly surface: Surface;
  /** Whether people choose passwords here: the bundle then has the common ones beside it. */
  readonly needsCommonPasswords?: boolean;
  /** For those who know what data is processed for: lies beside the bundle. */
  readonly privacyPolicy?: PrivacyPolicy;
}

/** A surface's bundle with what lies beside it. Its hash is that of the files, wherever they were made. */
export function surfaceCode(scope: Construct, props: SurfaceCodeProps): Code {
  return Code.fromAsset(PROJECT_ROOT, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-started'),
      // CDK makes equal assets once, and sees no difference between functions: this tells them apart.
      command: [props.surface],
      local: {
        tryBundle: (output) => {
          const known: unknown = scope.node.tryGetContext(BUNDLES_CONTEXT);
          // Bundles that are kept are never changed, and every topology has them: one copy is enough.
          if (typeof known === 'string') write(known, output, props, linkOrCopy);
          else write(provideBundles(), output, props, copyFileSync);
          return true;
        },
      },
    },
  });
}

/** Some file systems have no links. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function write(
  bundles: string,
  output: string,
  props: SurfaceCodeProps,
  put: (from: string, to: string) => void,
): void {
  const { surface, needsCommonPasswords = false, privacyPolicy } = props;
  put(join(bundles, surface, 'index.cjs'), join(output, 'index.cjs'));
  if (privacyPolicy !== undefined) {
    writeFileSync(join(output, PRIVACY_POLICY_FILE), JSON.stringify(privacyPolicy));
  }
  if (needsCommonPasswords) {
    put(join(bundles, COMMON_PASSWORDS_FILE), join(output, COMMON_PASSWORDS_FILE));
  }
}
