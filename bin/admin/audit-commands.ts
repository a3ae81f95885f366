import { CONNECTION, type Command, type Option } from './commands.ts';

const { function: _function, ...CONNECTING } = CONNECTION;

/** Every cell has its own trail. */
const OF_CELL: Readonly<Record<string, Option>> = {
  cell: {
    type: 'string',
    value: 'NAME',
    help: 'whose trail (default: the first one, or --region)',
  },
  function: { type: 'string', value: 'NAME', help: 'deployed function (default domicile-audit)' },
  ...CONNECTING,
};

const SINCE: Option = {
  type: 'string',
  value: 'TIME',
  help: '2026-11-22, 2026-11-22T14:00Z, or 90m, 24h, 7d ago',
};

const RANGE: Readonly<Record<string, Option>> = {
  since: SINCE,
  until: { type: 'string', value: 'TIME', help: 'as --since; exclusive' },
};

export const AUDIT_COMMANDS: Readonly<Record<string, Command>> = {
  list: {
    summary: 'tell who did what to whom, the newest first',
    options: {
      person: { type: 'string', value: 'SUB', help: 'whom it concerns' },
      actor: {
        type: 'string',
        value: 'ACTOR',
        help: 'who did it: person:SUB, client:ID, system:NAME or anonymous',
      },
      kind: { type: 'string', value: 'KIND', help: 'what was done: session.begun, grant.revoked…' },
      ...RANGE,
      since: {
        ...SINCE,
        help: 'date, instant, or 90m, 24h, 7d ago (default with none of these: a day)',
      },
      limit: { type: 'string', value: 'N', help: 'records at most (default 100)' },
      ...OF_CELL,
    },
    example: 'audit list --kind grant.reused --since 7d',
  },
  show: {
    summary: 'show what was signed of an hour, and its records',
    argument: 'HOUR',
    options: OF_CELL,
    example: 'audit show 2026-11-22T14:00Z',
  },
  verify: {
    summary: 'recompute every tree and the chain; exit code 1 if anything is not what was signed',
    options: {
      ...RANGE,
      'from-archive': {
        type: 'string',
        multiple: true,
        value: 'FILE',
        help: "an hour's file from the archive, compared with the table; may be repeated",
      },
      jwks: {
        type: 'string',
        value: 'FILE',
        help: 'the evidence keys as you keep them yourself (default: as the cell says)',
      },
      ...OF_CELL,
    },
    example: 'audit verify --since 7d',
  },
};
