#!/usr/bin/env tsx
import { bearBrokenOutput } from '../cli/broken-output.ts';
import { runCommandLine } from '../cli/command-line.ts';

// The SDK announces on Node 20 that versions from 2027 on will need Node 22; the lockfile decides here, not the user.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

bearBrokenOutput(process);
process.exitCode = await runCommandLine(process.argv.slice(2));
