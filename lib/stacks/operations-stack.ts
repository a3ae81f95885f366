import { CfnCondition, Fn, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Cell, Topology } from '../config.ts';
import { ACCOUNT_HEALTH } from '../constructs/account-surface.ts';
import { watchCells } from '../constructs/cells-alarms.ts';
import { INTERACTION_HEALTH } from '../constructs/interaction-surface.ts';
import { PRIVACY_ADMIN_HEALTH } from '../constructs/privacy-admin-surface.ts';
import { watchPrivacy } from '../constructs/privacy-alarms.ts';
import { PRIVACY_HEALTH } from '../constructs/privacy-surface.ts';
import { ServiceAlarms } from '../constructs/service-alarms.ts';
import { createDashboard } from '../constructs/service-dashboard.ts';
import type { SurfaceHealth } from '../constructs/surface-health.ts';
import { TOKEN_HEALTH } from '../constructs/token-surface.ts';
import { DIRECTORY_TABLE, dataTableName, keyTableName, recordsTableName } from '../names.ts';
import { declareOperationsParameters } from '../parameters.ts';

const WATCHED: ReadonlyArray<SurfaceHealth> = [
  TOKEN_HEALTH,
  INTERACTION_HEALTH,
  ACCOUNT_HEALTH,
  PRIVACY_HEALTH,
  PRIVACY_ADMIN_HEALTH,
];

interface OperationsStackProps extends StackProps {
  readonly cell: Cell;
  readonly topology: Topology;
  readonly apiId: string;
}

/** What tells operators that customers lose something, and what shows them why. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    const parameters = declareOperationsParameters(this);
    const data = dataTableName(props.cell);
    const keys = keyTableName(props.cell);
    const records = recordsTableName(props.cell);
    const alarms = new ServiceAlarms(
      this,
      this.#notifyWhenGiven(parameters.get('notificationTopicArn').valueAsString),
    );
    alarms.watchApi(props.apiId);
    for (const health of WATCHED) alarms.watchSurface(health);
    alarms.watchTable('Directory', DIRECTORY_TABLE, 'Everything that looks up a client or person');
    alarms.watchTable('Data', data, 'Signing in and getting tokens');
    alarms.watchTable('Keys', keys, 'Signing up and reading profiles');
    alarms.watchTable('Records', records, 'Exporting, erasing and proving either');
    alarms.watchSigning();
    alarms.watchMail();
    alarms.watchSignInFailures(parameters.get('signInFailureSurge').valueAsNumber);
    watchCells(this, alarms, props);
    watchPrivacy(this, alarms);
    createDashboard(this, {
      topology: props.topology,
      cell: props.cell,
      apiId: props.apiId,
      tableNames: [DIRECTORY_TABLE, data, keys, records],
    });
  }

  #notifyWhenGiven(topicArn: string): IAlarmAction {
    const given = new CfnCondition(this, 'HasNotificationTopic', {
      expression: Fn.conditionNot(Fn.conditionEquals(topicArn, '')),
    });
    const alarmActionArn = Fn.conditionIf(given.logicalId, topicArn, Fn.ref('AWS::NoValue'));
    Validations.of(this).acknowledge({
      id: 'CloudFormation-Validate::W1030',
      reason: 'The empty topic ARN is never an alarm action: the condition replaces it by no value',
    });
    return { bind: () => ({ alarmActionArn: alarmActionArn.toString() }) };
  }
}
