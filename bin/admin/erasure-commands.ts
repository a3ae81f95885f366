import { CONNECTION, type Command } from './commands.ts';

const { function: _function, ...CONNECTING } = CONNECTION;

export const ERASURE_COMMANDS: Readonly<Record<string, Command>> = {
  replay: {
    summary: 'after a restore: erase again whoever was erased',
    options: {
      cell: { type: 'string', value: 'NAME', help: 'whose tables (default: the first one)' },
      table: {
        type: 'string',
        value: 'NAME',
        help: 'restored copy: domicile-data-CELL-restored… (default: the live table)',
      },
      'keys-table': {
        type: 'string',
        value: 'NAME',
        help: 'restored copy: domicile-keys-CELL-restored… (default: the live table)',
      },
      'directory-table': {
        type: 'string',
        value: 'NAME',
        help: 'instead of both: a restored copy domicile-directory-restored… in the primary region',
      },
      since: {
        type: 'string',
        value: 'TIME',
        help: 'erasures from then on: 2026-11-22, or 90d ago (default: 36 days ago)',
      },
      ...CONNECTING,
    },
    example: 'erasure replay --cell eu --table domicile-data-eu-restored',
  },
};
