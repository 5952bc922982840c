// Every public name is documented with an example; examples.test.ts runs them.
import { fileURLToPath } from 'node:url';

import ts from 'typescript-5.7';
import { describe, expect, test } from 'vitest';

const entries = ['index', 'nats'].map((name) => fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url)));
const program = ts.createProgram(entries, {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  noLib: true,
  strict: true,
});
const checker = program.getTypeChecker();

interface Name {
  readonly name: string;
  readonly symbol: ts.Symbol;
}

const text = (symbol: ts.Symbol): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
const examples = (symbol: ts.Symbol): string =>
  symbol
    .getJsDocTags(checker)
    .filter(({ name }) => name === 'example')
    .map((tag) => ts.displayPartsToString(tag.text))
    .join('\n');

function exported(): Name[] {
  const modules = entries.map((entry) => checker.getSymbolAtLocation(program.getSourceFile(entry)!)!);
  return modules
    .flatMap((module) => checker.getExportsOfModule(module))
    .map((symbol) => ({
      name: symbol.name,
      symbol: (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol),
    }));
}

/** The members that an interface or class declares itself, well-known symbols by their names: `dispose`. */
function membersOf({ symbol }: Name): Name[] {
  if ((symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.Class)) === 0) return [];
  return checker
    .getDeclaredTypeOfSymbol(symbol)
    .getProperties()
    .filter(({ declarations }) => symbol.declarations!.includes(declarations![0]!.parent as never))
    .map((member) => ({ name: /^__@(\w+)@/.exec(member.name)?.[1] ?? member.name, symbol: member }));
}

const names = exported();
const members = names.flatMap((of) =>
  membersOf(of).map((member) => [`${of.name}.${member.name}`, of, member] as const),
);

test('the names are found', () => {
  expect(names.length).toBeGreaterThan(50);
  expect(members.length).toBeGreaterThan(100);
});

describe('an exported name', () => {
  test.each(names.map((name) => [name.name, name] as const))(
    '%s has a text and an example',
    (_, { symbol }) => {
      expect(text(symbol)).not.toBe('');
      expect(examples(symbol)).toMatch(/^```ts( needs=nats)?\n[^]+\n```$/);
    },
  );
});

describe('a member', () => {
  test.each(members)(
    '%s has a text; a method has an example, or is shown in that of its interface',
    (_, of, { name, symbol }) => {
      expect(text(symbol)).not.toBe('');
      if ((symbol.flags & ts.SymbolFlags.Method) === 0 || examples(symbol) !== '') return;
      expect(examples(of.symbol)).toMatch(
        name === 'dispose' ? /^using |Symbol\.dispose/m : new RegExp(`\\b${name}\\b`),
      );
    },
  );
});
