// differential.mjs PROGRAM [COUNT [SEED]]: compares the written expressions, then COUNT generated ones.
import { readFileSync } from 'node:fs';
import { compare, report } from './compare.mjs';
import { generate } from './generate.mjs';

const here = (name) => new URL(name, import.meta.url);
const inputs = JSON.parse(readFileSync(here('data.json'), 'utf8'));

function written() {
  const queries = [];
  let data;
  for (const line of readFileSync(here('expressions.txt'), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('# ')) continue;
    if (line.startsWith('@ ')) {
      const name = line.slice(2);
      if (!(name in inputs)) throw new Error(`no input "${name}" in data.json`);
      data = inputs[name] ?? undefined;
    } else {
      queries.push({ expr: line, data });
    }
  }
  return queries;
}

const [program, count = '4000', seed = '1'] = process.argv.slice(2);
const good = [
  report('written expressions', await compare(program, written())),
  report(`generated expressions (seed ${seed})`, await compare(program, generate(Number(count), Number(seed), inputs))),
];
process.exit(good.every(Boolean) ? 0 : 1);
