// Loaded before a program with `--import`: as it ends, it writes what the process cost into the file that the environment names.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const cost = {
    cpuSeconds: (user + system) / 1_000_000,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  writeFileSync(process.env.COST_FILE, JSON.stringify(cost));
});
