// The compiler writes plain files; the command line needs its executable bit:
//
//     node server/cli/mark-executable.mjs FILE

import { chmodSync } from 'node:fs';

chmodSync(process.argv[2], 0o755);
