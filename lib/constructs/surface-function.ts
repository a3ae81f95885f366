import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
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
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { entryOf } from '../bundling.ts';
import type { Topology } from '../config.ts';
import { functionName } from '../names.ts';
import { type Abroad, residencyGuard } from './residency-guard.ts';
import { type SurfaceCodeProps, surfaceCode } from './surface-code.ts';

export interface SurfaceFunctionProps extends SurfaceCodeProps {
  readonly topology: Topology;
  /** What it does outside its own region; by default nothing. */
  readonly abroad?: Abroad;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: ReadonlyArray<PolicyStatement>;
  readonly memoryMiB: number;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
}

/**
 * One surface's Lambda from `functions/<surface>/index.ts`: a bundle of what it calls, a role that
 * holds only the given statements and the right to write its own log, and that stays in its region.
 */
export class SurfaceFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: SurfaceFunctionProps) {
    super(scope, id);
    const name = functionName(props.surface);
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${name}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName: name,
      description: entryOf(props.surface),
      code: surfaceCode(this, props),
      handler: 'index.handler',
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
      environment: { ...props.environment },
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
