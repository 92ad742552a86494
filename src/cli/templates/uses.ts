// An import line of a file that is written for a user: put together here, so that nobody takes it for one of this program's own.

export const uses = (what: string, from: string): string => ['import', what, 'from', `'${from}';`].join(' ');
