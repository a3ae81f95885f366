import type { ParseArgsOptionsConfig } from 'node:util';
import { AUDIT_COMMANDS } from './audit-commands.ts';
import { CLIENT_COMMANDS, type Command } from './commands.ts';
import { ERASURE_COMMANDS } from './erasure-commands.ts';
import { KEY_COMMANDS } from './key-commands.ts';

export const SUBJECTS: Readonly<Record<string, Readonly<Record<string, Command>>>> = {
  client: CLIENT_COMMANDS,
  keys: KEY_COMMANDS,
  audit: AUDIT_COMMANDS,
  erasure: ERASURE_COMMANDS,
};

export function parseArgsOptions(command: Command): ParseArgsOptionsConfig {
  const entries = Object.entries(command.options).map(([name, option]) => {
    const { type, multiple = false, short } = option;
    return [name, { type, multiple, ...(short === undefined ? {} : { short }) }];
  });
  return Object.fromEntries(entries);
}

export function overview(): string {
  const lines = Object.entries(SUBJECTS).flatMap(([subject, commands]) =>
    Object.entries(commands).map(([name, { summary, argument }]) => {
      const command = [subject, name, ...(argument === undefined ? [] : [argument])].join(' ');
      return `  ${command.padEnd(32)}${summary}`;
    }),
  );
  return [
    `Usage: npm run admin -- client|keys|audit|erasure COMMAND [options]`,
    '',
    ...lines,
    '',
    'With your AWS credentials, or with --local for the cloud that npm start runs.',
    'COMMAND --help tells its options.',
  ].join('\n');
}

/** `name` as it is typed: `client show`. */
export function helpOf(name: string, command: Command): string {
  const argument = command.argument === undefined ? '' : ` ${command.argument}`;
  const lines = Object.entries(command.options).map(([option, { value = '', short, help }]) => {
    const flag = `${short === undefined ? '' : `-${short}, `}--${option} ${value}`;
    return `  ${flag.padEnd(34)}${help}`;
  });
  return [
    `Usage: npm run admin -- ${name}${argument} [options]`,
    '',
    `${command.summary[0]?.toUpperCase()}${command.summary.slice(1)}.`,
    '',
    ...lines,
    '',
    `Example: npm run admin -- ${command.example}`,
  ].join('\n');
}
