// Prints the table of digests as JSON: bundled, it runs under any Node.
import { digestsOf } from './digests.ts';

process.stdout.write(JSON.stringify(await digestsOf()));
