// Random pictures of numbers, integers and dates, and the numbers to show by them.
const UNITS = [...'YYMMDDdFWwXxHhPmsfZzCE'];
const READ = [...'YYMMDDdFHhPmsfZz'];
const SHOWN = ['', '', '1', '01', '001', '0001', 'N', 'n', 'Nn', 'i', 'I', 'w', 'a', '#0', '1o', 'wo', 'Ww', '0t', '9'];
const WIDTHS = ['', '', '', ',2', ',2-2', ',3-3', ',*-2', ',1-4'];
const ZONES = ['+0100', '-0330', '0000', '+1345', '0530'];

const some = (r, most, make) => Array.from({ length: 1 + r.below(most) }, make).join('');
const time = (r) => r.pick([r.below(2e12), -r.below(1e12), r.below(1e9), 1e12 + r.below(1e11)]);

function number(r) {
  return r.pick([r.below(10), r.below(1e6) / 100, -r.below(1e5) / 1000, r.below(1e9), r.next(), r.below(1e12) * 1000, 0.5 + r.below(10)]);
}

function numberPicture(r) {
  const picture = some(r, 8, () => r.pick([...'##000,.%‰x-(1)']));
  return r.chance(0.2) ? picture + ';' + r.pick(['(0)', '-0.0', '#', '0;0', 'neg 0']) : picture;
}

function integerPicture(r) {
  const picture = r.chance(0.2) ? r.pick(['w', 'W', 'Ww', 'a', 'A', 'i', 'I']) : some(r, 8, () => r.pick([...'#000,. 9٠']));
  return r.chance(0.3) ? picture + r.pick([';o', ';c', ';']) : picture;
}

function datePicture(r, units, separators) {
  return some(r, 4, () => `[${r.pick(units)}${r.pick(SHOWN)}${r.pick(WIDTHS)}]${r.pick(separators)}`);
}

const both = ['w', 'Ww', 'W', 'w;o', 'I', 'i', 'a', 'A', '#,##0', '0', '000;o', '#.##0', '0 0'];

export function pictureExpression(r) {
  const text = JSON.stringify;
  return r.pick([
    () => `$formatNumber(${number(r)}, ${text(numberPicture(r))})`,
    () => `$formatInteger(${r.pick([r.below(30), r.below(5000), -r.below(200), r.below(1e7), r.below(100) / 10])}, ${text(integerPicture(r))})`,
    () => `($p := ${text(r.pick(both))}; $parseInteger($formatInteger(${r.below(1e6)}, $p), $p))`,
    () => `$fromMillis(${time(r)}, ${text(datePicture(r, UNITS, ['', '-', ' ', '/', '[[', ']]', ':']))}${r.chance(0.3) ? ', ' + text(r.pick(ZONES)) : ''})`,
    () => `($p := ${text(datePicture(r, READ, ['-', ' ', '/', ':']))}; $toMillis($fromMillis(${time(r)}, $p), $p))`,
    () => `$toMillis($substring($fromMillis(${time(r)}), 0, ${r.pick([4, 7, 10, 19, 23, 24])}))`,
    () => `$round(${number(r)}, ${r.below(6) - 3}) & "/" & $formatBase(${number(r)}, ${2 + r.below(35)}) & "/" & $string(${number(r)} / ${1 + r.below(97)})`,
  ])();
}
