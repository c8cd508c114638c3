// Random expressions and data, the same for the same seed.
import { pictureExpression } from './pictures.mjs';

const NAMES = ['a', 'b', 'c', 'id', 'tags', 'items', 'v'];
const WORDS = ['x', 'y', 'abc', 'Hello', '', '10', 'a b', 'é', '😂'];

class Random {
  constructor(seed) { this.state = BigInt(seed) & 0xffffffffffffffffn; }
  next() {  // SplitMix64
    const mask = 0xffffffffffffffffn;
    this.state = (this.state + 0x9e3779b97f4a7c15n) & mask;
    let z = this.state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return Number((z ^ (z >> 31n)) >> 11n) / 2 ** 53;
  }
  below(bound) { return Math.floor(this.next() * bound); }
  pick(list) { return list[this.below(list.length)]; }
  chance(p) { return this.next() < p; }
}

// --- data ----------------------------------------------------------------------------------------------------

function scalar(r) {
  return r.pick([() => r.below(10), () => -r.below(5), () => r.below(1000) / 8, () => r.pick(WORDS), () => r.chance(0.5), () => null])();
}

function value(r, depth) {
  if (depth <= 0 || r.chance(0.3)) return scalar(r);
  if (r.chance(0.45)) return Array.from({ length: r.below(4) }, () => value(r, depth - 1));
  return object(r, depth);
}

function object(r, depth) {
  const members = Array.from({ length: 1 + r.below(4) }, () => [r.pick(NAMES), value(r, depth - 1)]);
  return Object.fromEntries(members);
}

function input(r) {
  if (r.chance(0.2)) return Array.from({ length: r.below(5) }, () => value(r, 3));
  return { items: Array.from({ length: 1 + r.below(4) }, () => object(r, 2)), ...object(r, 3) };
}

// --- expressions ---------------------------------------------------------------------------------------------

const one = (r, d, s) => expression(r, d - 1, s);
const many = (r, d, s, most) => Array.from({ length: r.below(most + 1) }, () => one(r, d, s)).join(', ');

function leaf(r, scope) {
  return r.pick([
    () => String(r.below(6)), () => String(r.below(100) / 4), () => JSON.stringify(r.pick(WORDS)),
    () => r.pick(NAMES), () => r.pick(NAMES), () => r.pick(NAMES), () => '$', () => r.pick(['true', 'false', 'null', '$$', '*']),
    () => (scope.length ? '$' + r.pick(scope) : '$x'), () => `[${r.below(4)}..${r.below(6)}]`,
  ])();
}

function step(r, d, scope) {
  return r.pick([
    () => r.pick(NAMES), () => r.pick(NAMES), () => r.pick(NAMES), () => '*', () => '$', () => '**',
    () => `(${one(r, d, scope)})`, () => `{${JSON.stringify(r.pick(NAMES))}: ${one(r, d, scope)}}`,
    () => `[${many(r, d, scope, 2)}]`, () => call(r, d, scope), () => `%.${r.pick(NAMES)}`,
  ])();
}

function path(r, d, scope) {
  let text = r.pick(['$', '$$', ...NAMES, ...NAMES]);
  const inner = [...scope];
  const length = 1 + r.below(3);
  for (let i = 0; i < length; ++i) {
    text += '.' + step(r, d, inner);
    if (r.chance(0.25)) text += predicate(r, d, inner);
    if (r.chance(0.07)) { text += '@$f'; inner.push('f'); }
    if (r.chance(0.07)) { text += '#$p'; inner.push('p'); }
    if (r.chance(0.05)) text += '[]';
    if (r.chance(0.07)) text += `^(${r.pick(['', '<', '>'])}${r.pick(['$', ...NAMES])})`;
  }
  if (r.chance(0.08)) text += `{${r.pick(['$string($)', '$string(id)', JSON.stringify(r.pick(WORDS))])}: ${one(r, d, inner)}}`;
  return text;
}

function predicate(r, d, scope) {
  return r.pick([
    () => `[${r.below(3)}]`, () => `[-${1 + r.below(2)}]`, () => `[${r.pick(NAMES)} = ${leaf(r, scope)}]`,
    () => `[${one(r, d, scope)}]`, () => `[$ > ${r.below(5)}]`, () => `[[0..${r.below(3)}]]`, () => `[${r.pick(NAMES)}]`,
  ])();
}

function lambda(r, d, scope, parameters) {
  const body = one(r, d, [...scope, ...parameters]);
  return `function(${parameters.map((p) => '$' + p).join(', ')}) { ${body} }`;
}

const UNARY = ['string', 'length', 'uppercase', 'lowercase', 'trim', 'number', 'abs', 'floor', 'ceil', 'round', 'sqrt', 'sum', 'count', 'max',
  'min', 'average', 'boolean', 'not', 'exists', 'type', 'sort', 'reverse', 'distinct', 'keys', 'spread', 'merge', 'zip', 'join', 'single',
  'base64encode', 'encodeUrlComponent', 'formatBase'];

function call(r, d, scope) {
  const a = () => one(r, d, scope);
  return r.pick([
    () => `$${r.pick(UNARY)}(${a()})`, () => `$${r.pick(UNARY)}(${a()})`, () => `$${r.pick(UNARY)}()`,
    () => `$substring(${a()}, ${r.below(4)}${r.chance(0.5) ? ', ' + r.below(4) : ''})`, () => `$append(${a()}, ${a()})`,
    () => `$lookup(${a()}, ${JSON.stringify(r.pick(NAMES))})`, () => `$split(${a()}, ${r.pick(['","', '" "', '""', '/[a-l]/'])})`,
    () => `$contains(${a()}, ${r.pick(['"a"', '/l+/', '/É/i'])})`, () => `$replace(${a()}, ${r.pick(['"a"', '/l(.)/'])}, ${r.pick(['"<$1>"', '"-"'])})`,
    () => `$match(${a()}, ${r.pick(['/./', '/(l)(o)?/', '/b/'])})`, () => `$join(${a()}, "-")`, () => `$pad(${a()}, ${r.below(8) - 4}, "ab")`,
    () => `$map(${a()}, ${lambda(r, d, scope, r.pick([['v'], ['v', 'i']]))})`, () => `$filter(${a()}, ${lambda(r, d, scope, ['v'])})`,
    () => `$reduce(${a()}, ${lambda(r, d, scope, ['v', 'w'])})`, () => `$each(${a()}, ${lambda(r, d, scope, ['v', 'k'])})`,
    () => `$sift(${a()}, ${lambda(r, d, scope, ['v'])})`, () => `$sort(${a()}, ${lambda(r, d, scope, ['l', 'r'])})`,
    () => `$formatInteger(${a()}, ${r.pick(['"#,##0"', '"w"', '"I"', '"a"', '"Ww;o"', '"000;o"'])})`,
    () => `$formatNumber(${a()}, ${r.pick(['"#,##0.00"', '"0.###"', '"00%"', '"0.0e0"', '"#0.0;(0)"'])})`,
    () => `$fromMillis(${a()}, ${r.pick(['"[Y]-[M01]-[D01]"', '"[FNn] [D1o] [MNn] [Y]"', '"[H01]:[m01]:[s01].[f001]"', '"[W] [w] [d] [X] [x]"'])})`,
    () => `$power(${a()}, ${r.below(4)})`, () => `$round(${a()}, ${r.below(4) - 2})`,
  ])();
}

function expression(r, depth, scope) {
  if (depth <= 0) return leaf(r, scope);
  const a = () => one(r, depth, scope);
  return r.pick([
    () => leaf(r, scope), () => leaf(r, scope),
    () => path(r, depth, scope), () => path(r, depth, scope), () => path(r, depth, scope), () => path(r, depth, scope),
    () => call(r, depth, scope), () => call(r, depth, scope), () => call(r, depth, scope),
    () => `${a()} ${r.pick(['+', '-', '*', '/', '%', '&', '&'])} ${a()}`,
    () => `${a()} ${r.pick(['=', '!=', '<', '<=', '>', '>=', 'in', 'and', 'or'])} ${a()}`,
    () => `(${a()})${predicate(r, depth, scope)}`, () => `-${a()}`, () => `(${a()})`,
    () => `${a()} ? ${a()} : ${a()}`, () => `[${many(r, depth, scope, 3)}]`,
    () => `{${JSON.stringify(r.pick(NAMES))}: ${a()}, "k": ${a()}}`,
    () => `($x := ${a()}; ${expression(r, depth - 1, [...scope, 'x'])})`,
    () => `(${lambda(r, depth, scope, ['p', 'q'])})(${many(r, depth, scope, 3)})`,
    () => `${a()} ~> $${r.pick(UNARY)}()`, () => `${a()} ~> |${r.pick(['$', ...NAMES])}|{"n": ${a()}}${r.chance(0.3) ? ', "a"' : ''}|`,
    () => `(${path(r, depth, scope)}).${r.pick(NAMES)}`,
  ])();
}

// Bites a piece out of the text, doubles one or swaps two: most of it no longer parses.
function mutate(r, text) {
  const tokens = text.match(/\s+|[A-Za-z]+|\d+|"[^"]*"|./gu) ?? [];
  const i = r.below(tokens.length);
  const j = r.below(tokens.length);
  r.pick([
    () => tokens.splice(i, 1), () => tokens.splice(i, 0, tokens[j]), () => { [tokens[i], tokens[j]] = [tokens[j], tokens[i]]; },
    () => tokens.splice(i, 0, r.pick(['(', ')', '[', ']', '{', '}', '.', ',', ';', ':', '?', '@', '#', '%', '^', '|', '~>', ':=', '"', '$'])),
  ])();
  return tokens.join('');
}

// An exponent picture makes the reference run for ever, on zero and below.
const hangs = (text) => /e0/.test(text);

export function generate(count, seed, inputs) {
  const r = new Random(seed);
  const pool = Object.values(inputs).filter((data) => data !== null);
  const queries = [];
  while (queries.length < count) {
    const data = r.chance(0.15) ? r.pick(pool) : input(r);
    let expr = r.chance(0.15) ? pictureExpression(r) : expression(r, 1 + r.below(4), []);
    if (r.chance(0.2)) expr = mutate(r, expr);
    if (!hangs(expr) && expr.length < 600) queries.push({ expr, data });
  }
  return queries;
}
