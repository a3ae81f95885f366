import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { renderParameterTable, withParameterTable } from '../lib/parameter-table.ts';

// Prints the table of stack parameters; `--write` renews it in the README.
const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });

if (values.write) {
  const readme = new URL('../README.md', import.meta.url);
  const renewed = withParameterTable(readFileSync(readme, 'utf8'));
  if (renewed === undefined) {
    console.error('README.md has no markers for the table of parameters');
    process.exitCode = 1;
  } else {
    writeFileSync(readme, renewed);
  }
} else {
  console.log(renderParameterTable());
}
