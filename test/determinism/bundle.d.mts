export declare const MAJORS: readonly number[];
export declare const GOLDEN: string;
export declare function binary(major: number): string | undefined;
export declare function bundle(): Promise<string>;
export declare function digestsUnder(node: string, file: string): readonly { readonly name: string; readonly seed: string; readonly events: number; readonly order: string; readonly results: string }[];
