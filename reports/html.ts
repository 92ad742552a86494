// Text into HTML: a template tag that escapes everything it is given, except what was made by the tag itself.

/** HTML that is already safe. Only `html`, `join` and `trusted` make it. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

export type Piece = Html | string | number | readonly Piece[] | false | null | undefined;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes for text and for quoted attributes alike. Control characters, which no parser keeps, become a visible mark. */
export const escapeHtml = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff]/gu, '\ufffd').replace(/[&<>"']/g, (c) => ENTITIES[c]);

function render(piece: Piece): string {
  if (piece === false || piece === null || piece === undefined) return '';
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'string') return escapeHtml(piece);
  if (typeof piece === 'number') return String(piece);
  return piece.map(render).join('');
}

export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(strings.reduce((out, part, i) => out + render(pieces[i - 1]) + part));
}

/** For text that another escaper wrote: a rendered SVG, a style sheet, a script. */
export const trusted = (text: string): Html => new Html(text);

/** JSON that can stand inside a script element: no `<`, so that neither `</script>` nor `<!--` can end it. */
export const scriptJson = (value: unknown): Html =>
  new Html(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
