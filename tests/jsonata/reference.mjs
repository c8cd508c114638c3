// The reference implementation's answer to a query, in the form in which jsonata_batch answers.
import jsonata from 'jsonata';

// The clock stands still, so that both answer at the same time.
export const NOW = 1510067557121;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) { super(...(parts.length ? parts : [NOW])); }
  static now() { return NOW; }
};

const isFunction = (value) =>
  typeof value === 'function' || (value && (value._jsonata_function === true || value._jsonata_lambda === true));

// The value as JSON can say it: no functions, text for a number that is none, U+FFFD for a lone surrogate.
function plain(value) {
  if (value === null || value === undefined || isFunction(value)) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') return value.toWellFormed ? value.toWellFormed() : wellFormed(value);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return Array.from(value, plain);
  const members = Object.entries(value).filter(([, v]) => v !== undefined && !isFunction(v));
  return Object.fromEntries(members.map(([k, v]) => [wellFormed(k), plain(v)]));
}

function wellFormed(text) {
  return Array.from(text, (c) => (c.length === 1 && c >= '\ud800' && c <= '\udfff' ? '\ufffd' : c)).join('');
}

// A failure without a code is one of JavaScript itself (TypeError, …): no answer to compare with.
function failed(error) {
  if (typeof error.code !== 'string' || !/^[A-Z]\d{4}$/.test(error.code)) return { internal: String(error.message ?? error) };
  const answer = { code: error.code, position: error.position };
  if (typeof error.token === 'string') answer.token = wellFormed(error.token);
  return answer;
}

export async function reference(query) {
  try {
    const expression = jsonata(query.expr);
    const deadline = RealDate.now() + 3000;
    let steps = 0;
    expression.assign(Symbol.for('jsonata.__evaluate_entry'), () => {
      if (++steps % 1000 === 0 && RealDate.now() > deadline) throw new Error('too long');
    });
    const value = await expression.evaluate(structuredClone(query.data), query.bindings);
    if (value === undefined || isFunction(value)) return {};
    return { value: plain(value) };
  } catch (error) {
    return failed(error);
  }
}
