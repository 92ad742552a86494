// The few shapes of the browser that the runtime touches, written out so that the rest of the program does not see a browser's globals.

export interface Element {
  textContent: string | null;
  hidden: boolean;
  value: string;
  readonly dataset: Record<string, string | undefined>;
  readonly style: Record<string, string>;
  readonly classList: { toggle(name: string, on: boolean): void };
  readonly offsetWidth: number;
  readonly offsetHeight: number;
  className: string;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string | null;
  removeAttribute(name: string): void;
  append(...nodes: readonly Element[]): void;
  remove(): void;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
  addEventListener(type: string, listener: (event: { readonly key?: string }) => void): void;
  readonly childNodes: Iterable<Element>;
}
interface Watcher {
  observe(element: Element): void;
  unobserve(element: Element): void;
}
interface Browser {
  readonly document: Element & {
    readonly documentElement: Element;
    readonly body: Element;
    createElement(name: string): Element;
    getElementById(id: string): Element | null;
    execCommand(name: string): boolean;
    createRange(): { selectNodeContents(element: Element): void };
  };
  readonly innerWidth: number;
  readonly innerHeight: number;
  readonly navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };
  readonly IntersectionObserver: new (
    seen: (entries: readonly { readonly isIntersecting: boolean; readonly target: Element }[]) => void,
    options: { readonly rootMargin: string },
  ) => Watcher;
  matchMedia(query: string): { readonly matches: boolean; addEventListener(type: 'change', listener: () => void): void };
  getSelection(): { removeAllRanges(): void; addRange(range: unknown): void } | null;
  setTimeout(run: () => void, ms: number): unknown;
}

export const browser = globalThis as unknown as Browser;
