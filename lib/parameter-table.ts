import { addressSpecs } from './address-parameters.ts';
import {
  ARCHIVE_SPECS,
  EDGE_SPECS,
  INFRASTRUCTURE_SPECS,
  OPERATIONS_SPECS,
  SIGNING_KEY_SPECS,
} from './infrastructure-parameters.ts';
import { GROUPS, type ParameterSpec } from './parameter-spec.ts';
import { parameterName, tunablesOf } from './parameters.ts';
import { HTTP_SURFACES, PRIVACY_TASKS } from './surfaces.ts';

const START = '<!-- parameters:start -->';
const END = '<!-- parameters:end -->';

/** The README with its table of parameters renewed; undefined when it has no markers for one. */
export function withParameterTable(readme: string): string | undefined {
  const start = readme.indexOf(START);
  const end = readme.indexOf(END);
  if (start === -1 || end < start) return undefined;
  return `${readme.slice(0, start + START.length)}\n${renderParameterTable()}\n${readme.slice(end)}`;
}

/** Markdown: every stack parameter, in the order of the CloudFormation console. */
export function renderParameterTable(): string {
  const rows = [
    ...rowsOf(addressSpecs([{ name: 'eu' }, { name: 'us' }]), 'Identity'),
    ...rowsOf(SIGNING_KEY_SPECS, 'Directory'),
    ...rowsOf({ ...tunablesOf(HTTP_SURFACES), ...INFRASTRUCTURE_SPECS }, 'Identity'),
    ...rowsOf(onlyOfTasks(), 'Privacy'),
    ...rowsOf(ARCHIVE_SPECS, 'Data'),
    ...rowsOf(EDGE_SPECS, 'Edge'),
    ...rowsOf(OPERATIONS_SPECS, 'Operations'),
  ];
  const sorted = GROUPS.flatMap((group) => rows.filter((row) => row.group === group));
  return [
    '| parameter | default | accepts | meaning |',
    '|---|---|---|---|',
    ...sorted.map((row) => row.markdown),
  ].join('\n');
}

/** What the Privacy stack has for itself; what it shares with Identity stands there. */
function onlyOfTasks(): Record<string, ParameterSpec> {
  const shared = tunablesOf(HTTP_SURFACES);
  return Object.fromEntries(
    Object.entries(tunablesOf(PRIVACY_TASKS)).filter(([name]) => !(name in shared)),
  );
}

function rowsOf(
  specs: Readonly<Record<string, ParameterSpec>>,
  stack: string,
): Array<{ group: string; markdown: string }> {
  return Object.entries(specs).map(([name, spec]) => {
    const shown = placeOf(name, stack);
    const cells = [
      `\`${parameterName(name)}\`${shown}`,
      showDefault(spec.default),
      accepts(spec),
      spec.description,
    ];
    return { group: spec.group, markdown: `| ${cells.map(escapeCell).join(' | ')} |` };
  });
}

/** What no stack is said of belongs to Identity alone. */
function placeOf(name: string, stack: string): string {
  if (stack !== 'Identity') return ` (${stack} stack)`;
  return name in tunablesOf(PRIVACY_TASKS) ? ' (Identity and Privacy stacks)' : '';
}

function showDefault(value: string | number | undefined): string {
  if (value === undefined) return '(none)';
  return value === '' ? '(empty)' : `\`${value}\``;
}

function accepts(spec: ParameterSpec): string {
  switch (spec.type) {
    case 'number':
      return `${spec.min} to ${spec.max}`;
    case 'choice':
      return spec.values.join(', ');
    case 'text':
      return spec.expected;
  }
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
