// Calendar timestamps to integer microseconds since 1970 (UTC), by integer arithmetic: a Date has milliseconds only and knows local time.

const STAMP = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const MICRO = 1_000_000;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days from 1970-01-01 in the Gregorian calendar; NaN where there is no such day. */
function daysSince1970(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1) return NaN;
  const length = month === 2 ? (isLeap(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  if (day > length) return NaN;
  const y = year - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return year * 365 + leapDays + DAYS_BEFORE_MONTH[month - 1] + (month > 2 && isLeap(year) ? 1 : 0) + day - 1 - 719_527;
}

/** True where a timestamp says its own zone. */
export function hasZone(value: unknown): boolean {
  return typeof value === 'string' && STAMP.exec(value.trim())?.[8] !== undefined;
}

/**
 * `2023-11-16 18:17:03.9799600`, with or without fraction (up to nine digits, rounded to the nearest microsecond) and zone
 * (`Z`, `+00:00`; none is read as UTC). NaN for anything else, and for days and hours that do not exist.
 */
export function timestampUs(value: unknown): number {
  if (typeof value !== 'string') return NaN;
  const part = STAMP.exec(value.trim());
  if (part === null) return NaN;
  const days = daysSince1970(Number(part[1]), Number(part[2]), Number(part[3]));
  const hour = Number(part[4]), minute = Number(part[5]), second = Number(part[6]);
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  const nanoseconds = part[7] === undefined ? 0 : Number(part[7].padEnd(9, '0'));
  let zoneMinutes = 0;
  if (part[8] !== undefined && part[8] !== 'Z') {
    const digits = part[8].slice(1).replace(':', '');
    zoneMinutes = (part[8][0] === '-' ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
  }
  return (days * 86_400 + hour * 3600 + minute * 60 + second - zoneMinutes * 60) * MICRO + Math.round(nanoseconds / 1000);
}

/** Microseconds since 1970 as ISO text with six digits: `2023-11-16T18:17:03.979960Z`. Whole numbers from the year 1970 to 9999. */
export function timestampText(us: number): string {
  const whole = Math.floor(us / MICRO), micros = us - whole * MICRO, days = Math.floor(whole / 86_400), second = whole - days * 86_400;
  let year = 1970 + Math.floor(days / 366), left = days - daysSince1970(year, 1, 1);
  for (let length = isLeap(year) ? 366 : 365; left >= length; length = isLeap(year) ? 366 : 365) { left -= length; year++; }
  let month = 12;
  while (month > 1 && left < DAYS_BEFORE_MONTH[month - 1] + (month > 2 && isLeap(year) ? 1 : 0)) month--;
  const day = left - DAYS_BEFORE_MONTH[month - 1] - (month > 2 && isLeap(year) ? 1 : 0) + 1;
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(Math.floor(second / 3600))}:${pad(Math.floor((second % 3600) / 60))}:${pad(second % 60)}.${pad(micros, 6)}Z`;
}
