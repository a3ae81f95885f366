import { CfnParameter, type CfnParameterProps, type Stack, Token } from 'aws-cdk-lib';
import { TUNABLES } from '../functions/environment.ts';
import { addressSpecs } from './address-parameters.ts';
import type { Cell } from './config.ts';
import {
  ARCHIVE_SPECS,
  EDGE_SPECS,
  INFRASTRUCTURE_SPECS,
  LOG_SPECS,
  OPERATIONS_SPECS,
  SIGNING_KEY_SPECS,
} from './infrastructure-parameters.ts';
import { GROUPS, type ParameterSpec } from './parameter-spec.ts';
import { HTTP_SURFACES, PRIVACY_TASKS, type Surface } from './surfaces.ts';
import { TUNABLE_SPECS, type TunableName } from './tunables.ts';

const DIRECTORY_SPECS = { ...SIGNING_KEY_SPECS, ...LOG_SPECS };
const DATA_SPECS = { ...LOG_SPECS, ...ARCHIVE_SPECS };
const IDENTITY_SPECS = { ...tunablesOf(HTTP_SURFACES), ...INFRASTRUCTURE_SPECS };
const PRIVACY_SPECS = {
  ...tunablesOf(PRIVACY_TASKS),
  ...LOG_SPECS,
  auditArchive: ARCHIVE_SPECS.auditArchive,
};

/** CloudFormation parameters of one stack, found by the key of their declaration. */
export class Parameters<Name extends string> {
  readonly #declared: ReadonlyMap<string, CfnParameter>;

  /** `specs` may lack some of the names: asking for those is a mistake in this code. */
  constructor(stack: Stack, specs: Readonly<Record<string, ParameterSpec>>) {
    const entries = Object.entries(specs);
    this.#declared = new Map(
      entries.map(([name, spec]) => [
        name,
        new CfnParameter(stack, parameterName(name), parameterProps(spec)),
      ]),
    );
    stack.templateOptions.metadata = {
      ...stack.templateOptions.metadata,
      'AWS::CloudFormation::Interface': { ParameterGroups: consoleGroups(entries) },
    };
  }

  get(name: Name): CfnParameter {
    const parameter = this.#declared.get(name);
    if (parameter === undefined) throw new Error(`parameter ${name} is not declared`);
    return parameter;
  }
}

export type IdentityParameters = Parameters<
  TunableName | keyof typeof INFRASTRUCTURE_SPECS | keyof ReturnType<typeof addressSpecs>
>;

/** Of tunables those that its functions read. */
export type PrivacyParameters = Parameters<TunableName | keyof typeof LOG_SPECS | 'auditArchive'>;

/** Of the stack that has the bucket, and of the one that writes to it. */
export type ArchiveParameters = Parameters<'auditArchive'>;

export type DataParameters = Parameters<keyof typeof DATA_SPECS>;

export type DirectoryParameters = Parameters<keyof typeof DIRECTORY_SPECS>;

export function declareDirectoryParameters(stack: Stack): DirectoryParameters {
  return new Parameters(stack, DIRECTORY_SPECS);
}

export function declareDataParameters(stack: Stack): DataParameters {
  return new Parameters(stack, DATA_SPECS);
}

export function declarePrivacyParameters(stack: Stack): PrivacyParameters {
  return new Parameters(stack, PRIVACY_SPECS);
}

/** With `foreignFront`, the operator says under which addresses a front of their own answers. */
export function declareIdentityParameters(
  stack: Stack,
  { foreignFront }: { readonly foreignFront: ReadonlyArray<Cell> | undefined },
): IdentityParameters {
  const addresses = foreignFront === undefined ? {} : addressSpecs(foreignFront);
  return new Parameters(stack, { ...addresses, ...IDENTITY_SPECS });
}

export function declareOperationsParameters(
  stack: Stack,
): Parameters<keyof typeof OPERATIONS_SPECS> {
  return new Parameters(stack, OPERATIONS_SPECS);
}

export type EdgeParameters = Parameters<keyof typeof EDGE_SPECS>;

export function declareEdgeParameters(stack: Stack): EdgeParameters {
  return new Parameters(stack, EDGE_SPECS);
}

/** Environment of one function: the tunables that it reads and no others. */
export function tunableEnvironment(
  parameters: Parameters<TunableName>,
  surface: Surface,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of TUNABLE_NAMES) {
    if (TUNABLE_SPECS[name].surfaces.some((reader) => reader === surface)) {
      environment[TUNABLES[name]] = parameters.get(name).valueAsString;
    }
  }
  return environment;
}

/** CloudWatch checks the number; the parameter's allowed values are the ones that it takes. */
export function logRetention(parameters: Parameters<'logRetentionDays'>): number {
  return Token.asNumber(parameters.get('logRetentionDays').value);
}

/** `accessTokenLifetimeSeconds` → `AccessTokenLifetimeSeconds`, as operators write it. */
export function parameterName(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

/** Those that any of the given functions read. */
export function tunablesOf(surfaces: ReadonlyArray<Surface>): Record<string, ParameterSpec> {
  return Object.fromEntries(
    Object.entries(TUNABLE_SPECS).filter(([, spec]) =>
      spec.surfaces.some((reader) => surfaces.includes(reader)),
    ),
  );
}

const TUNABLE_NAMES = Object.keys(TUNABLE_SPECS).filter(
  (name): name is TunableName => name in TUNABLES,
);

function parameterProps(spec: ParameterSpec): CfnParameterProps {
  const { description } = spec;
  switch (spec.type) {
    case 'number':
      return {
        type: 'Number',
        default: spec.default,
        minValue: spec.min,
        maxValue: spec.max,
        description: `${description} Whole number, ${spec.min} to ${spec.max}.`,
        constraintDescription: `a whole number from ${spec.min} to ${spec.max}`,
      };
    case 'text':
      return {
        type: 'String',
        ...(spec.default === undefined ? {} : { default: spec.default }),
        allowedPattern: `^${spec.pattern}$`,
        maxLength: spec.maxLength,
        description,
        constraintDescription: spec.expected,
        ...(spec.isSecret && { noEcho: true }),
      };
    case 'choice':
      return {
        type: 'String',
        default: spec.default,
        allowedValues: [...spec.values],
        description,
        constraintDescription: `one of ${spec.values.join(', ')}`,
      };
  }
}

function consoleGroups(
  entries: ReadonlyArray<[name: string, spec: ParameterSpec]>,
): ReadonlyArray<object> {
  return GROUPS.map((group) => ({
    Label: { default: group },
    Parameters: entries
      .filter(([, spec]) => spec.group === group)
      .map(([name]) => parameterName(name)),
  })).filter(({ Parameters }) => Parameters.length > 0);
}
