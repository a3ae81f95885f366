import { ArnFormat, Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  Effect,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  type IChainable,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

/** Step Functions Developer Guide, "Using CloudWatch Logs to log execution history". */
const LOG_DELIVERY_ACTIONS = [
  'logs:CreateLogDelivery',
  'logs:GetLogDelivery',
  'logs:UpdateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:DescribeResourcePolicies',
  'logs:DescribeLogGroups',
];

export interface WorkflowProps {
  /** Physical name, deterministic. */
  readonly name: string;
  readonly comment: string;
  readonly definition: IChainable;
  /** What its tasks invoke; its role may invoke nothing else. */
  readonly functions: ReadonlyArray<IFunction>;
  /** How long a run may take in all, waits included. */
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
}

/**
 * A standard workflow. Inputs and outputs of its states are opaque ids only, because Step Functions
 * keeps them for 90 days; its log has what happened when, without them.
 */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      // CloudWatch's resource policy, which grows with each log group, holds this prefix at once.
      logGroupName: `/aws/vendedlogs/states/${props.name}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = this.#createRole(props);
    this.stateMachine = new StateMachine(this, 'Machine', {
      stateMachineName: props.name,
      stateMachineType: StateMachineType.STANDARD,
      comment: props.comment,
      definitionBody: DefinitionBody.fromChainable(props.definition),
      timeout: props.timeout,
      // What the tasks would add by themselves includes versions of the functions, of which none is.
      role: role.withoutPolicyUpdates(),
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
      // The execution's own history says more than a trace would.
      tracingEnabled: false,
    });
    acknowledgeFindings(this.stateMachine, role);
  }

  #createRole({ name, functions }: WorkflowProps): Role {
    return new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: {
          ArnLike: { 'aws:SourceArn': workflowArn(this, name) },
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        },
      }),
      inlinePolicies: {
        workflow: new PolicyDocument({
          statements: [invoke(functions), deliverLogs()],
        }),
      },
    });
  }
}

/** Begins runs of workflows of this region. */
export function startWorkflows(
  scope: Construct,
  sid: string,
  names: ReadonlyArray<string>,
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions: ['states:StartExecution'],
    resources: names.map((name) => workflowArn(scope, name)),
  });
}

function invoke(functions: ReadonlyArray<IFunction>): PolicyStatement {
  return new PolicyStatement({
    sid: 'InvokeTasks',
    effect: Effect.ALLOW,
    actions: ['lambda:InvokeFunction'],
    resources: functions.map(({ functionArn }) => functionArn),
  });
}

/** What Step Functions asks for before it writes to a log group; IAM knows no resources here. */
function deliverLogs(): PolicyStatement {
  return new PolicyStatement({
    sid: 'DeliverLogs',
    effect: Effect.ALLOW,
    actions: LOG_DELIVERY_ACTIONS,
    resources: ['*'],
  });
}

/**
 * Runs that ended other than well, of a workflow that is found by its name. They stay as they are
 * until somebody redrives them.
 */
export function failedRuns(scope: Construct, name: string): IMetric {
  const StateMachineArn = workflowArn(scope, name);
  const count = (metricName: string) =>
    new Metric({
      namespace: 'AWS/States',
      metricName,
      dimensionsMap: { StateMachineArn },
      statistic: Stats.SUM,
    });
  // Ids of metrics are unique within a graph, which may show several workflows.
  const id = name.replaceAll('-', '_');
  return new MathExpression({
    // One that has no data would leave the sum without any.
    expression: `FILL(${id}_failed, 0) + FILL(${id}_timedOut, 0) + FILL(${id}_aborted, 0)`,
    usingMetrics: {
      [`${id}_failed`]: count('ExecutionsFailed'),
      [`${id}_timedOut`]: count('ExecutionsTimedOut'),
      [`${id}_aborted`]: count('ExecutionsAborted'),
    },
    label: `${name}: failed runs`,
    period: Duration.minutes(5),
  });
}

/** By its name, which is the same in every cell: no stack has to import it from another. */
export function workflowArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function acknowledgeFindings(machine: StateMachine, role: Role): void {
  Validations.of(machine).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SF2',
    reason: 'No X-Ray: the history of an execution has each state, its times, attempts and errors',
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
    reason: 'The delivery of logs is granted on all resources: IAM knows none for these actions',
  });
}
