// The peer, on what it can run: it has no durability and no JSONata.
import { StateMachine } from 'aws-local-stepfunctions';

const row = (what, value) => console.log(`| ${what} | ${Math.round(value)} |`);

const states = {};
for (let i = 0; i < 1000; i++) states[`S${i}`] = i < 999 ? { Type: 'Pass', Next: `S${i + 1}` } : { Type: 'Pass', End: true };
const options = { validationOptions: { noValidate: true } };
const chain = new StateMachine({ StartAt: 'S0', States: states }, options);
const one = new StateMachine({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } }, options);

async function seconds(machine, times) {
  const begin = performance.now();
  for (let i = 0; i < times; i++) await machine.run({ a: 1 }).result;
  return (performance.now() - begin) / 1000;
}

await seconds(chain, 5);
await seconds(one, 500);
row('aws-local-stepfunctions 3.0.0, in memory: transitions a second, a chain of 1,000 Pass states', (1000 * 50) / (await seconds(chain, 50)));
row('aws-local-stepfunctions 3.0.0, in memory: executions a second, one Pass state', 5000 / (await seconds(one, 5000)));
