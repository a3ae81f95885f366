import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetStaging, type Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  Effect,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import {
  type ICommandHooks,
  LogLevel,
  NodejsFunction,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { PrivacyPolicy } from '../../functions/core/privacy-policy.ts';
import { COMMON_PASSWORDS_FILE, PRIVACY_POLICY_FILE } from '../../functions/environment.ts';
import { REQUIRE_BANNER, UNUSED_CREDENTIAL_PROVIDERS } from '../bundling.ts';
import type { Topology } from '../config.ts';
import { functionName } from '../names.ts';
import type { Surface } from '../surfaces.ts';
import { type Abroad, residencyGuard } from './residency-guard.ts';

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

export interface SurfaceFunctionProps {
  readonly surface: Surface;
  readonly topology: Topology;
  /** What it does outside its own region; by default nothing. */
  readonly abroad?: Abroad;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: ReadonlyArray<PolicyStatement>;
  readonly memoryMiB: number;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
  /** Whether people choose passwords here: the bundle then has the common ones beside it. */
  readonly needsCommonPasswords?: boolean;
  /** For those who know what data is processed for: lies beside the bundle. */
  readonly privacyPolicy?: PrivacyPolicy;
}

/**
 * One surface's Lambda from `functions/<surface>/index.ts`: a bundle of what it calls, a role that
 * holds only the given statements and the right to write its own log, and that stays in its region.
 */
export class SurfaceFunction extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: SurfaceFunctionProps) {
    super(scope, id);
    const name = functionName(props.surface);
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${name}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const handlerPath = `functions/${props.surface}/index.ts`;
    this.function = new NodejsFunction(this, 'Function', {
      functionName: name,
      description: handlerPath,
      entry: `${PROJECT_ROOT}/${handlerPath}`,
      projectRoot: PROJECT_ROOT,
      depsLockFilePath: `${PROJECT_ROOT}/package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB,
      timeout: props.timeout,
      role: this.#createRole(props, logGroup),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // START and END lines of every invocation cost more than they tell; our log has the request.
      systemLogLevelV2: SystemLogLevel.WARN,
      // No X-Ray: request ids join access log and function log, and a trace per sign-in costs more
      // than the sign-in.
      awsSdkConnectionReuse: false,
      environment: { ...props.environment },
      bundling: {
        format: OutputFormat.ESM,
        mainFields: ['module', 'main'],
        // What is used of the SDK goes into the bundle: Lambda's own is larger and slower to load.
        externalModules: [...UNUSED_CREDENTIAL_PROVIDERS],
        minify: true,
        // Names in stack traces stay readable; source maps would double what a cold start loads.
        keepNames: true,
        sourceMap: false,
        banner: REQUIRE_BANNER,
        logLevel: LogLevel.WARNING,
        commandHooks: writeBeside(props),
      },
    });
  }

  /** Not AWS's basic execution policy: that one may write to every log group of the account. */
  #createRole(props: SurfaceFunctionProps, logGroup: LogGroup): Role {
    const writeLog = new PolicyStatement({
      sid: 'WriteLog',
      effect: Effect.ALLOW,
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    return new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        // Inline, so that the function never runs before its permissions exist.
        surface: new PolicyDocument({
          statements: [
            ...props.statements,
            writeLog,
            ...residencyGuard(this, props.topology, props.abroad),
          ],
        }),
      },
    });
  }
}

/** Writes what lies beside the bundle once esbuild has written that. */
function writeBeside({
  needsCommonPasswords = false,
  privacyPolicy,
}: SurfaceFunctionProps): ICommandHooks {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_, output) => {
      // The bundler also asks what it would run in a container, which is never started.
      const isWritten = output !== AssetStaging.BUNDLING_OUTPUT_DIR;
      if (privacyPolicy !== undefined && isWritten) {
        writeFileSync(join(output, PRIVACY_POLICY_FILE), JSON.stringify(privacyPolicy));
      }
      return needsCommonPasswords ? [writeCommonPasswords(output)] : [];
    },
  };
}

/** A command, because the list of them is for development and no part of the app's own code. */
function writeCommonPasswords(output: string): string {
  const program = join(PROJECT_ROOT, 'bin', 'common-passwords.ts');
  const words = [process.execPath, program, join(output, COMMON_PASSWORDS_FILE)];
  return words.map((word) => JSON.stringify(word)).join(' ');
}
