// Asks this library and the reference the same queries, and says where the answers differ.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { NOW, reference } from './reference.mjs';

// All answers of jsonata_batch, one a query.
async function ours(program, queries) {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {});  // it ended early: told below
  child.stdin.end(queries.map((query) => JSON.stringify({ now: NOW, ...query }) + '\n').join(''));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => { text += chunk; });
  const [code] = await once(child, 'close');
  const lines = text.split('\n').filter(Boolean);
  if (code !== 0 || lines.length !== queries.length) {
    const query = queries[lines.length];
    throw new Error(`jsonata_batch ended with ${code} at: ${JSON.stringify(query)?.slice(0, 2000)}`);
  }
  return lines.map((line) => JSON.parse(line));
}

// Known differences, in which the reference is at fault (docs/jsonata.md):
// - an object constructor whose context is an empty array puts an undefined into that array, for all who see it;
const withoutPushed = (answer) => JSON.stringify(answer.value)?.replaceAll('[null]', '[]');
// - a partially applied built-in function takes what its signature forbids;
const isUnchecked = ({ expr }, mine) => mine.code?.startsWith('T04') && expr.includes('?');
// - $power differs in the last digit: V8 does not use the C library's pow.
const rounded = (answer) => JSON.stringify(answer.value, (_, v) => (typeof v === 'number' ? Number(v.toPrecision(13)) : v));
const isPower = ({ expr }, mine, theirs) => expr.includes('$power') && rounded(mine) === rounded(theirs);

// - a built-in function remembers the place of its last call, even from another expression's evaluation.
const isStale = (mine, theirs) => mine.position === 0 && mine.token === '' && theirs.position > 0;

function same(mine, theirs) {
  if (theirs.code) {
    return mine.code === theirs.code && isStale(mine, theirs) || mine.code === theirs.code &&
      (theirs.position === undefined || mine.position === theirs.position) &&
      (theirs.token === undefined || mine.token === theirs.token);  // the words are our own
  }
  return !mine.code && withoutPushed(mine) === withoutPushed(theirs);  // as text: the order of keys counts
}

// The reference evaluates the items of an array and the members of an object at the same time. Where several fail,
// which error comes out depends on how many steps JavaScript's event loop takes to each.
const race = ({ expr }, mine, theirs) => mine.code && theirs.code && /\{|\[.*,/s.test(expr);

export async function compare(program, queries) {
  const counts = { values: 0, undefined: 0, errors: 0, races: 0, known: 0, unanswered: 0 };
  const differences = [];
  const answers = await ours(program, queries);
  for (const [i, query] of queries.entries()) {
    const theirs = await reference(query);
    const mine = answers[i];
    if (theirs.internal !== undefined) counts.unanswered += 1;
    else if (!same(mine, theirs) && race(query, mine, theirs)) counts.races += 1;
    else if (!same(mine, theirs) && (isUnchecked(query, mine) || isPower(query, mine, theirs))) counts.known += 1;
    else if (!same(mine, theirs)) differences.push({ query, mine, theirs });
    else if (theirs.code) counts.errors += 1;
    else counts[theirs.value === undefined ? 'undefined' : 'values'] += 1;
  }
  return { counts, differences };
}

export function report(title, { counts, differences }) {
  for (const { query, mine, theirs } of differences.slice(0, 50)) {
    console.log(`differs: ${query.expr}`);
    if (query.data !== undefined) console.log(`  input:     ${JSON.stringify(query.data).slice(0, 300)}`);
    console.log(`  reference: ${JSON.stringify(theirs).slice(0, 300)}`);
    console.log(`  ours:      ${JSON.stringify(mine).slice(0, 300)}`);
  }
  const { values, errors, races, known, unanswered } = counts;
  const agree = values + errors + counts.undefined;
  console.log(`${title}: ${agree} agree (${values} values, ${counts.undefined} undefined, ${errors} errors), ` +
    `${differences.length} differ, ${races} with another of several errors, ${known} known to differ, ${unanswered} where the reference itself breaks`);
  return differences.length === 0;
}
