// bench.mjs PROGRAM: the same expressions over the same data with this library and with npm's jsonata, as a table.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = (name) => new URL(name, import.meta.url).pathname;
const jsonata = createRequire(here('../../tests/jsonata/package.json'))('jsonata');
const cases = JSON.parse(readFileSync(here('cases.json'), 'utf8'));

const states = ['running', 'stopped', 'pending', 'running'];
const rows = Array.from({ length: 1000 }, (_, i) => ({
  id: `i-${String(i).padStart(17, '0')}`, name: `server${i}`, state: states[i % 4], cost: (i % 97) / 100,
}));
const data = {
  state: { input: { status: 'waiting', attempt: 7, environment: 'dev', phase: 'db' } },
  rows: { input: { rows } },
};

async function nanoseconds(count, run) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; ++i) await run();
  return Number(process.hrtime.bigint() - start) / count;
}

// The best of 15 rounds of about 20 ms each, after a warm-up: as in jsonata_bench.cc.
async function measure(run) {
  await nanoseconds(200, run);
  const count = Math.max(1, Math.floor(2e7 / (await nanoseconds(20, run))));
  await nanoseconds(count, run);
  let best = Infinity;
  for (let i = 0; i < 15; ++i) best = Math.min(best, await nanoseconds(count, run));
  return best;
}

async function measureReference({ expr, parse, data: name }) {
  const bindings = { states: data[name] };
  const parsed = jsonata(expr);
  return measure(() => (parse ? jsonata(expr) : parsed).evaluate(undefined, bindings));
}

function measureOurs(program) {
  const folder = mkdtempSync(join(tmpdir(), 'jsonata-bench-'));
  try {
    const file = join(folder, 'data.json');
    writeFileSync(file, JSON.stringify(data));
    return execFileSync(program, [here('cases.json'), file], { encoding: 'utf8' }).trim().split('\n').map((line) => JSON.parse(line).nanoseconds);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const micros = (ns) => (ns / 1000).toLocaleString('en-US', { maximumFractionDigits: ns < 10_000 ? 2 : 0 });

const ours = measureOurs(process.argv[2]);
console.log('| case | Lamplighter (µs) | npm jsonata 2.0.6 (µs) | times as fast |');
console.log('|---|---:|---:|---:|');
let good = true;
for (const [i, one] of cases.entries()) {
  const theirs = await measureReference(one);
  good &&= theirs / ours[i] >= 20;
  console.log(`| ${one.name} | ${micros(ours[i])} | ${micros(theirs)} | ${Math.round(theirs / ours[i])} |`);
}
console.log(good ? '\nThe aim of 20 times is met on each.' : '\nThe aim of 20 times is missed.');
