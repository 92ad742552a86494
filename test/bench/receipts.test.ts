// The bench of receipts measures what it says: the lines that tell receipts are found, all of them, and taken out.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withoutReceipts } from '../../bench/model/receipts.ts';

test.each(['src/dispatch/core.ts', 'sim/engine/preempting-engine.ts'])('%s without receipts tells none', (file) => {
  const source = readFileSync(file, 'utf8'), silent = withoutReceipts(file, source);
  expect(silent.length).toBeLessThan(source.length);
  expect(silent).not.toMatch(/if \(this\.#(parts\.)?receipts/);
});

test('a line that is not known is not passed over', () => {
  expect(() => withoutReceipts('src/dispatch/core.ts', '    if (this.#receipts) this.#receipts(one);\n')).toThrow('1 places, and 4 are known');
});
