// Lint rule `rooms/imports`: holds every import against the table of rooms. Sees import, export from, import(), import type and import('x') types.
import path from 'node:path';
import { ROOMS, complaint, roomOf } from './rooms.mjs';

const imports = {
  meta: { type: 'problem', schema: [], messages: { no: '{{what}}', computed: 'import() needs a literal path here' } },
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const room = roomOf(file);
    if (room === undefined) return {};
    const check = (node, source, isType) => {
      if (source?.type !== 'Literal') {
        if (node.type === 'ImportExpression' && ROOMS[room].computed !== true) context.report({ node, messageId: 'computed' });
        return;
      }
      const what = complaint(file, source.value, isType);
      if (what !== undefined) context.report({ node, messageId: 'no', data: { what } });
    };
    const onlyTypes = (node) => node.importKind === 'type' || node.exportKind === 'type'
      || (node.specifiers?.length > 0 && node.specifiers.every((one) => one.importKind === 'type' || one.exportKind === 'type'));
    return {
      ImportDeclaration: (node) => { check(node, node.source, onlyTypes(node)); },
      ExportNamedDeclaration: (node) => { if (node.source) check(node, node.source, onlyTypes(node)); },
      ExportAllDeclaration: (node) => { check(node, node.source, onlyTypes(node)); },
      ImportExpression: (node) => { check(node, node.source, false); },
      TSImportType: (node) => { check(node, node.source ?? node.argument?.literal ?? node.argument, true); },
      TSImportEqualsDeclaration: (node) => { if (node.moduleReference.expression) check(node, node.moduleReference.expression, node.importKind === 'type'); },
    };
  },
};

/** Rule `rooms/first-line`: a file begins with a comment that says what it is. */
const firstLine = {
  meta: { type: 'suggestion', schema: [], messages: { no: 'the first line says, as a comment, what the file is' } },
  create(context) {
    return { Program: (node) => {
      const [first, second] = context.sourceCode.lines;
      if (!/^\/\/ \S/.test(first?.startsWith('#!') ? second ?? '' : first ?? '')) context.report({ node, loc: { line: 1, column: 0 }, messageId: 'no' });
    } };
  },
};

export default { rules: { imports, 'first-line': firstLine } };
