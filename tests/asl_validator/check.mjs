// Checks compiled definitions with parts that others wrote: npm's asl-validator, and JSONata's own
// implementation for the expressions of the states that nothing can catch (Choice, Pass, Wait, Fail).
//   node check.mjs FILE…     prints one line a file, exits 1 where one is wrong
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);
const validate = require('asl-validator');
const jsonata = require('jsonata');

// What a phase's states may find in their input, good and bad.
const phase = {name: 'db', status: 'failed', reason: 'test2: no capacity', servers: [{name: 'test2'}]};
const inputs = [
  {memory: null, phases: []},
  {status: 'ready', wait_seconds: 3, memory: {}, phase, phases: []},
  {status: 'failed', wait_seconds: 3, memory: {}, phase, phases: [phase]},
  {input: {status: 'failed', wait_seconds: 3, memory: {}, phase, phases: [phase]}},
  {input: {memory: null, phases: []}, error: {Error: 'States.Timeout'}},
  {input: {memory: null, phases: [phase]}, error: {Error: 'Denied', Cause: '{"errorMessage":"say \\"why\\"","errorType":"Denied"}'}},
  {input: {memory: null, phases: [phase]}, error: {Error: 'Lambda.Unknown', Cause: '\\'.repeat(40000)}},
  {input: [{environment: 'dev', status: 'halted', reason: 'because', phases: []}], error: {Error: 'ReportNotSent', Cause: 'no topic'}},
  [{environment: 'dev', status: 'halted', reason: 'because', phases: []}, {environment: 'test', status: 'ready'}],
  {environments: [{name: 'dev', status: 'halted', reason: 'because'}, {name: 'test', status: 'halted', reason: 'too'}]},
  {environments: []},
  {},
];

async function evaluate(text, input) {
  return jsonata(text.slice(2, -2).trim()).evaluate(null, {states: {input, context: {Execution: {}}}});
}

function expressions(value) {
  if (typeof value === 'string') return value.startsWith('{%') ? [value] : [];
  if (value && typeof value === 'object') return Object.values(value).flatMap(expressions);
  return [];
}

function* statesOf(machine) {
  for (const [name, state] of Object.entries(machine.States)) {
    yield [name, state];
    for (const branch of state.Branches ?? []) yield* statesOf(branch);
  }
}

/** What nothing can catch must have a value for every input. */
async function uncatchable(name, state) {
  const texts = [];
  for (const rule of state.Choices ?? []) texts.push(rule.Condition, ...expressions(rule.Output));
  for (const catcher of state.Catch ?? []) {
    texts.push(...expressions(catcher.Output).filter((text) => !text.includes('errorOutput')));
  }
  if (state.Type === 'Pass' || state.Type === 'Fail') texts.push(...expressions([state.Output, state.Error, state.Cause]));
  for (const text of texts) {
    for (const input of inputs) {
      // A Choice's second output hands on its input's phase, which a Task made sure of.
      const value = await evaluate(text, input);
      if (value === undefined) throw new Error(`${name}: ${text} has no value for ${JSON.stringify(input)}`);
    }
  }
  return texts.length;
}

async function halts(name, state, errors) {
  if (!name.startsWith('Halt ')) return;
  const failed = await evaluate(state.Output, inputs[3]);
  const refused = await evaluate(state.Output, inputs[5]);
  const timedOut = await evaluate(state.Output, inputs[4]);
  const expect = (what, found, wanted) => found === wanted || errors.push(`${name}: ${what} is ${found}, expected ${wanted}`);
  expect('the reason of a failure', failed.reason, 'test2: no capacity');
  expect('the reason of an error', refused.reason, 'Denied: say "why"');
  expect('the reason of an error without cause', timedOut.reason, 'States.Timeout');
  expect('the number of phases', failed.phases.length, 2);
  expect("the halted phase's status", refused.phases[1].status, 'failed');
  expect('the list of untouched phases', Array.isArray(failed.not_touched), true);
}

async function check(file) {
  const definition = JSON.parse(readFileSync(file, 'utf8'));
  const verdict = validate(definition);
  const errors = verdict.errors.map((error) => JSON.stringify(error));
  let count = 0;
  for (const [name, state] of statesOf(definition)) {
    try {
      count += await uncatchable(name, state);
      await halts(name, state, errors);
    } catch (error) {
      errors.push(`${name}: ${error.message}`);
    }
  }
  if (verdict.isValid && errors.length === 0) {
    console.log(`${file}: valid; ${count} expressions that nothing catches, each with ${inputs.length} inputs`);
    return true;
  }
  console.log(`${file}: ${errors.join('\n  ')}`);
  return false;
}

const results = [];
for (const file of process.argv.slice(2)) results.push(await check(file));
process.exit(results.length > 0 && results.every(Boolean) ? 0 : 1);
