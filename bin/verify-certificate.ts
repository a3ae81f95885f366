import { verifyCommand } from './certificates/command.ts';

// `npm run verify-certificate -- FILE|URL`: exit codes 0 (valid), 1 (not valid), 2 (usage).

const { code, text } = await verifyCommand(process.argv.slice(2));
if (code === 0) console.log(text);
else console.error(text);
process.exitCode = code;
