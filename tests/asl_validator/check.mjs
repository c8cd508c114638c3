// Checks compiled definitions with parts that others wrote: npm's asl-validator, and JSONata's own
// implementation for the expressions of the states that nothing can catch (Choice, Pass, Wait, Fail).
//   node check.mjs FILE…     prints one line a file, exits 1 where one is wrong
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);
const validate = require('asl-validator');
const jsonata = require('jsonata');

// What a branch's states may find in their input, good and bad.
const phase = {name: 'db', status: 'failed', reason: 'test2: no capacity', servers: [{name: 'test2'}], changed: 1};
const why = '{"errorMessage":"say \\"why\\"","errorType":"Denied"}';
const inputs = [
  {},
  {status: 'run', reason: '', members: {}, lease: {generation: 7, age: 0}},
  {status: 'waiting', reason: 'waiting while stop-1 stops it', wait_seconds: 4, claim: {generation: 3, beat: 0, seconds: 4, waited: 4}},
  {status: 'skipped', reason: 'kept stopped until 22:00 by ada'},
  {reason: 'test2: not found'},
  {status: 'ready', wait_seconds: 3, phase},
  {status: 'failed', wait_seconds: 3, phase},
  {status: 'waiting', wait_seconds: 3, phase: {}},
  {Error: 'States.Timeout'},
  {Error: 'Denied', Cause: why},
  {Error: 'Lambda.Unknown', Cause: '\\'.repeat(40000)},
  {Error: 'RequestLimitExceeded', Cause: ''},
  {status: 'ABORTED', environments: [{name: 'dev', status: 'halted', reason: 'because'}, {name: 'test', status: 'halted', reason: 'too'}]},
  {environments: []},
];
// What its variables may hold: at its beginning, and in its midst.
const verdicts = (names) => names.map((name) => ({name, status: 'halted', phase: 'db', reason: 'why'}));
const scopes = [
  {run: {began: '2026-11-24T06:00:00.000Z', chosen: [], coordination: 'engine'}, wish: {on_conflict: 'takeover', occurrence: null, calendar: null, override: false}, claim: null, lease: null, survey: {environments: []}, verdicts: {}, reported: {status: 'SUCCEEDED', ended_at: '2026-11-24T06:04:00.000Z'}, unmuting: {status: 'waiting', wait: 1, looks: 0, words: ''}, looks: 1, passing: [], members: {}, phases: [], at: '', memory: null, passed: 0, since: '2026-11-24T06:00:00.000Z'},
  {run: {began: '2026-11-24T06:00:00.000Z', chosen: ['dev'], coordination: {table: 'agreement'}}, wish: {on_conflict: 'wait', occurrence: null, calendar: null, override: true}, claim: {generation: 3, beat: 0, seconds: 2, waited: 2}, lease: {generation: 7, age: 40}, survey: {environments: verdicts(['dev', 'test', 'preprod'])}, verdicts: Object.fromEntries(verdicts(['dev', 'test', 'preprod']).map((one) => [one.name, one])), reported: {status: 'ABORTED', environments: []}, unmuting: {status: 'done', wait: 75, looks: 16, words: why}, looks: 32, passing: ['RequestLimitExceeded', 'States.Timeout'],
    members: {db: {first_states: {}}}, phases: [phase], at: 'app', memory: {}, passed: 60, since: '2026-11-24T06:00:00.000Z'},
];

async function evaluate(text, input, scope) {
  return jsonata(text.slice(2, -2).trim()).evaluate(null, {...scope, states: {input, errorOutput: {Error: 'Denied', Cause: why}, context: {Execution: {Id: "arn:x", Input: {}, StartTime: "2026-11-24T06:00:00.000Z"}}}});
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

/** What nothing can catch must have a value for every input. What a rule gives is only asked for where it holds. */
async function uncatchable(name, state) {
  let count = 0;
  const valued = async (text, input, scope) => {
    ++count;
    const value = await evaluate(text, input, scope);
    if (value === undefined) throw new Error(`${name}: ${text} has no value for ${JSON.stringify(input).slice(0, 300)}`);
    return value;
  };
  for (const scope of scopes) {
    for (const input of inputs) {
      for (const rule of state.Choices ?? []) {
        if (!await valued(rule.Condition, input, scope)) continue;
        for (const text of expressions([rule.Output, rule.Assign])) await valued(text, input, scope);
      }
      for (const text of expressions((state.Catch ?? []).map((catcher) => [catcher.Output, catcher.Assign]))) await valued(text, input, scope);
      if (state.Type === 'Pass' || state.Type === 'Fail') {
        for (const text of expressions([state.Output, state.Assign, state.Error, state.Cause])) await valued(text, input, scope);
      }
    }
  }
  return count;
}

async function halts(name, state, errors) {
  if (!name.startsWith('Halt ')) return;
  const end = (input) => evaluate(state.Output, input, scopes[1]);
  const failed = await end({status: 'failed', phase});
  const refused = await end({Error: 'Denied', Cause: why});
  const surveyed = await evaluate(state.Output, {reason: 'test2: not found'}, {...scopes[0], at: 'db'});
  const expect = (what, found, wanted) => found === wanted || errors.push(`${name}: ${what} is ${found}, expected ${wanted}`);
  expect('the reason of a failure', failed.reason, 'test2: no capacity');
  expect('the error that halted it', refused.error, 'Denied');
  expect('its cause', refused.cause, why);
  expect('the number of phases', failed.phases.length, 2);
  expect("the halted phase's status", refused.phases[1].status, 'failed');
  expect("the survey's reason", surveyed.reason, 'test2: not found');
  expect('the number of phases that were not worked on', surveyed.phases.length, 0);
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
    console.log(`${file}: valid; ${count} values of expressions that nothing catches`);
    return true;
  }
  console.log(`${file}: ${errors.join('\n  ')}`);
  return false;
}

const results = [];
for (const file of process.argv.slice(2)) results.push(await check(file));
process.exit(results.length > 0 && results.every(Boolean) ? 0 : 1);
