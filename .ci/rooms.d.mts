// Types of rooms.mjs.
export interface Room { readonly uses: '*' | readonly string[]; readonly packages: '*' | readonly string[]; readonly computed?: boolean }
export const ROOMS: Readonly<Record<string, Room>>;
export function roomOf(file: string): string | undefined;
export function complaint(file: string, specifier: string, isType: boolean): string | undefined;
