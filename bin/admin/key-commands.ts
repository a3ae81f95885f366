import { CONNECTION, type Command } from './commands.ts';

export const KEY_COMMANDS: Readonly<Record<string, Command>> = {
  list: {
    summary: 'list the signing keys and their states',
    options: { all: { type: 'boolean', help: 'those that are gone, too' }, ...CONNECTION },
    example: 'keys list',
  },
  rotate: {
    summary: 'put new signing keys in the place of the old ones',
    options: {
      emergency: {
        type: 'boolean',
        help: 'the old keys may be in foreign hands: revoke them at once',
      },
      yes: { type: 'boolean', help: 'do not ask' },
      ...CONNECTION,
    },
    example: 'keys rotate',
  },
  status: {
    summary: 'tell how far the rotation is, what comes next and when',
    options: CONNECTION,
    example: 'keys status',
  },
};
