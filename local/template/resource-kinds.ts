import { scalarText } from './json.ts';
import {
  ACCOUNT_ID,
  arn,
  generatedName,
  hex,
  PARTITION,
  type ResourcePlace,
  URL_SUFFIX,
  uuid,
} from './physical-ids.ts';

/** A resource that is about to be given its physical identity. */
export interface Nameless extends ResourcePlace {
  readonly type: string;
  /** The property, its intrinsics resolved; undefined when the template leaves it out. */
  property(name: string): unknown;
  /** URL of an HTTP API, when whoever serves it says so. */
  apiEndpoint(): string | undefined;
}

export interface Identity {
  /** What `Ref` yields. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` yields. */
  readonly attributes: Readonly<Record<string, string>>;
}

type Identify = (resource: Nameless) => Identity;

const KINDS: Readonly<Record<string, Identify>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::KMS::Key': key,
  'AWS::KMS::ReplicaKey': replicaKey,
  'AWS::KMS::Alias': (resource) => bare(nameOf(resource, 'AliasName', 256)),
  'AWS::Lambda::Function': named('FunctionName', 64, 'lambda', (name) => `function:${name}`),
  'AWS::Lambda::EventSourceMapping': (resource) => ({
    physicalId: uuid(resource),
    attributes: {
      Id: uuid(resource),
      EventSourceMappingArn: arn(
        'lambda',
        resource.region,
        `event-source-mapping:${uuid(resource)}`,
      ),
    },
  }),
  'AWS::Lambda::Permission': (resource) => bare(generatedName(resource, 100)),
  'AWS::IAM::Role': (resource) => global(resource, 'RoleName', 'role', 'RoleId', 'AROA'),
  'AWS::IAM::User': (resource) => global(resource, 'UserName', 'user', 'UserId', 'AIDA'),
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': (resource) => bare(generatedName(resource, 100)),
  'AWS::ApiGatewayV2::Api': api,
  'AWS::ApiGatewayV2::Stage': (resource) => bare(nameOf(resource, 'StageName', 128)),
  'AWS::ApiGatewayV2::Route': (resource) => bare(hex(resource, 7)),
  'AWS::ApiGatewayV2::Integration': (resource) => bare(hex(resource, 7)),
  'AWS::Logs::LogGroup': named('LogGroupName', 512, 'logs', (name) => `log-group:${name}:*`),
  'AWS::SNS::Topic': topic,
  'AWS::SQS::Queue': queue,
  'AWS::S3::Bucket': bucket,
  'AWS::Events::EventBus': eventBus,
  'AWS::Events::Rule': rule,
  'AWS::StepFunctions::StateMachine': stateMachine,
  'AWS::CloudWatch::Alarm': named('AlarmName', 255, 'cloudwatch', (name) => `alarm:${name}`),
  'AWS::CloudWatch::CompositeAlarm': named(
    'AlarmName',
    255,
    'cloudwatch',
    (name) => `alarm:${name}`,
  ),
  'AWS::CloudWatch::Dashboard': (resource) => bare(nameOf(resource, 'DashboardName', 255)),
  'AWS::SES::EmailIdentity': (resource) => bare(nameOf(resource, 'EmailIdentity', 320)),
  'AWS::SES::ConfigurationSet': (resource) => bare(nameOf(resource, 'Name', 64)),
  'AWS::SSM::Parameter': (resource) => ({
    physicalId: nameOf(resource, 'Name', 1011),
    attributes: {
      Type: scalarText(resource.property('Type')) ?? 'String',
      Value: scalarText(resource.property('Value')) ?? '',
    },
  }),
};

/** Physical id and attributes as AWS would give them; types not listed get a name and an ARN. */
export function identify(resource: Nameless): Identity {
  const kind = KINDS[resource.type];
  if (kind !== undefined) return kind(resource);
  const physicalId = generatedName(resource, 255);
  const [, service = 'custom'] = resource.type.toLowerCase().split('::');
  return { physicalId, attributes: { Arn: arn(service, resource.region, physicalId) } };
}

function nameOf(resource: Nameless, property: string, maxLength: number): string {
  return scalarText(resource.property(property)) ?? generatedName(resource, maxLength);
}

function bare(physicalId: string): Identity {
  return { physicalId, attributes: {} };
}

function named(
  property: string,
  maxLength: number,
  service: string,
  path: (name: string) => string,
): Identify {
  return (resource) => {
    const physicalId = nameOf(resource, property, maxLength);
    return { physicalId, attributes: { Arn: arn(service, resource.region, path(physicalId)) } };
  };
}

function table(resource: Nameless): Identity {
  const physicalId = nameOf(resource, 'TableName', 255);
  const Arn = arn('dynamodb', resource.region, `table/${physicalId}`);
  const isStreaming = resource.property('StreamSpecification') !== undefined;
  return {
    physicalId,
    attributes: {
      Arn,
      ...(isStreaming ? { StreamArn: `${Arn}/stream/2026-01-01T00:00:00.000` } : {}),
      ...(resource.type === 'AWS::DynamoDB::GlobalTable' ? { TableId: uuid(resource) } : {}),
    },
  };
}

function key(resource: Nameless): Identity {
  const isMultiRegion = String(resource.property('MultiRegion')) === 'true';
  return keyIdentity(isMultiRegion ? `mrk-${hex(resource, 32)}` : uuid(resource), resource.region);
}

/** A replica shares the key id of its primary. */
function replicaKey(resource: Nameless): Identity {
  const primary = scalarText(resource.property('PrimaryKeyArn')) ?? '';
  return keyIdentity(primary.split('/').at(-1) ?? uuid(resource), resource.region);
}

function keyIdentity(id: string, region: string): Identity {
  return { physicalId: id, attributes: { Arn: arn('kms', region, `key/${id}`), KeyId: id } };
}

function global(
  resource: Nameless,
  property: string,
  kind: string,
  idAttribute: string,
  idPrefix: string,
): Identity {
  const physicalId = nameOf(resource, property, 64);
  const path = scalarText(resource.property('Path')) ?? '/';
  return {
    physicalId,
    attributes: {
      Arn: arn('iam', '', `${kind}${path}${physicalId}`),
      [idAttribute]: `${idPrefix}${hex(resource, 17).toUpperCase()}`,
    },
  };
}

function managedPolicy(resource: Nameless): Identity {
  const path = scalarText(resource.property('Path')) ?? '/';
  const PolicyArn = arn('iam', '', `policy${path}${nameOf(resource, 'ManagedPolicyName', 128)}`);
  return { physicalId: PolicyArn, attributes: { PolicyArn } };
}

function api(resource: Nameless): Identity {
  const ApiId = hex(resource, 10);
  const ApiEndpoint =
    resource.apiEndpoint() ?? `https://${ApiId}.execute-api.${resource.region}.${URL_SUFFIX}`;
  return { physicalId: ApiId, attributes: { ApiId, ApiEndpoint } };
}

function topic(resource: Nameless): Identity {
  const TopicName = nameOf(resource, 'TopicName', 256);
  const TopicArn = arn('sns', resource.region, TopicName);
  return { physicalId: TopicArn, attributes: { TopicArn, TopicName } };
}

function queue(resource: Nameless): Identity {
  const QueueName = nameOf(resource, 'QueueName', 80);
  const url = `https://sqs.${resource.region}.${URL_SUFFIX}/${ACCOUNT_ID}/${QueueName}`;
  return {
    physicalId: url,
    attributes: { Arn: arn('sqs', resource.region, QueueName), QueueName, QueueUrl: url },
  };
}

function bucket(resource: Nameless): Identity {
  const physicalId = nameOf(resource, 'BucketName', 63).toLowerCase();
  return {
    physicalId,
    attributes: {
      Arn: `arn:${PARTITION}:s3:::${physicalId}`,
      DomainName: `${physicalId}.s3.${URL_SUFFIX}`,
      RegionalDomainName: `${physicalId}.s3.${resource.region}.${URL_SUFFIX}`,
    },
  };
}

function eventBus(resource: Nameless): Identity {
  const Name = nameOf(resource, 'Name', 256);
  return {
    physicalId: Name,
    attributes: { Name, Arn: arn('events', resource.region, `event-bus/${Name}`) },
  };
}

/** A rule of a bus of one's own is named together with it. */
function rule(resource: Nameless): Identity {
  const name = nameOf(resource, 'Name', 64);
  const bus = scalarText(resource.property('EventBusName'))?.split('/').at(-1) ?? 'default';
  const isDefault = bus === 'default';
  const path = isDefault ? name : `${bus}/${name}`;
  return {
    physicalId: isDefault ? name : `${bus}|${name}`,
    attributes: { Arn: arn('events', resource.region, `rule/${path}`) },
  };
}

function stateMachine(resource: Nameless): Identity {
  const Name = nameOf(resource, 'StateMachineName', 80);
  const Arn = arn('states', resource.region, `stateMachine:${Name}`);
  return { physicalId: Arn, attributes: { Arn, Name } };
}
