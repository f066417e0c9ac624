// Preloaded into a measured process: writes its peak resident memory, in bytes, to a file when it ends. CommonJS, because
// `--require` costs less start-up time than `--import`.
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  writeFileSync(process.env.BENCH_PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS * 1024));
});
