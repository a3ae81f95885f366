import { runAdmin } from './admin/run.ts';

// `npm run admin -- SUBJECT COMMAND`: exit codes 0, 1 (refused), 2 (usage).

// Progress is for the terminal, and not among what a script reads.
const { code, text } = await runAdmin(process.argv.slice(2), console.error);
if (code === 0) console.log(text);
else console.error(text);
process.exitCode = code;
