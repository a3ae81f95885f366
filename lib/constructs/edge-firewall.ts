import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { EdgeParameters } from '../parameters.ts';

/**
 * Rules of AWS's common set that only count. Ours is opaque to them: sealed state makes queries and
 * bodies long, passwords may hold any characters, apps on devices are sent to
 * `http://127.0.0.1` (RFC 8252 §7.3), and servers need not say what software they are.
 */
const COUNTED_ONLY = [
  'SizeRestrictions_QUERYSTRING',
  'SizeRestrictions_BODY',
  'SizeRestrictions_Cookie_HEADER',
  'NoUserAgent_HEADER',
  'CrossSiteScripting_BODY',
  'EC2MetaDataSSRF_BODY',
  'EC2MetaDataSSRF_QUERYARGUMENTS',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'GenericRFI_QUERYARGUMENTS',
];

const RATE_WINDOW_SECONDS = 300;

/** What stands in front of every distribution, by network address and by what requests look like. */
export class EdgeFirewall extends Construct {
  readonly webAclArn: string;

  constructor(scope: Construct, id: string, parameters: EdgeParameters) {
    super(scope, id);
    const { attrArn } = new CfnWebACL(this, 'WebAcl', {
      name: 'domicile-edge',
      description: 'Domicile: what does not reach the cells',
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('edge'),
      rules: [
        rateRule('forms', parameters.get('edgeFormsPerFiveMinutes').valueAsNumber, POSTED_FORMS),
        rateRule('requests', parameters.get('edgeRequestsPerFiveMinutes').valueAsNumber),
        managedRules('AWSManagedRulesKnownBadInputsRuleSet'),
        managedRules('AWSManagedRulesCommonRuleSet', COUNTED_ONLY),
      ].map((rule, priority) => ({ ...rule, priority })),
    });
    this.webAclArn = attrArn;
  }
}

type Rule = Omit<CfnWebACL.RuleProperty, 'priority'>;

function rateRule(
  name: string,
  limit: number,
  scopeDownStatement?: CfnWebACL.StatementProperty,
): Rule {
  return {
    name,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: {
      rateBasedStatement: {
        aggregateKeyType: 'IP',
        limit,
        evaluationWindowSec: RATE_WINDOW_SECONDS,
        ...(scopeDownStatement !== undefined && { scopeDownStatement }),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function managedRules(name: string, countedOnly: ReadonlyArray<string> = []): Rule {
  return {
    name,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: countedOnly.map((rule) => ({
          name: rule,
          actionToUse: { count: {} },
        })),
      },
    },
    visibilityConfig: visibility(name),
  };
}

/** What apps and other servers post: from few addresses and often. */
const POSTED_BY_SERVERS = ['/oauth2/', '/v1/'];

/** What people post on pages. */
const POSTED_FORMS: CfnWebACL.StatementProperty = {
  andStatement: {
    statements: [
      byteMatch({ method: {} }, 'EXACTLY', 'POST'),
      ...POSTED_BY_SERVERS.map((path) => ({
        notStatement: { statement: byteMatch({ uriPath: {} }, 'STARTS_WITH', path) },
      })),
    ],
  },
};

function byteMatch(
  fieldToMatch: CfnWebACL.FieldToMatchProperty,
  positionalConstraint: 'EXACTLY' | 'STARTS_WITH',
  searchString: string,
): CfnWebACL.StatementProperty {
  return {
    byteMatchStatement: {
      fieldToMatch,
      positionalConstraint,
      searchString,
      textTransformations: [{ priority: 0, type: 'NONE' }],
    },
  };
}

/** No samples: they keep queries, cookies and addresses for three hours, in the console. */
function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
