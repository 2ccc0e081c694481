/**
 * How far a zone is ahead of UTC at a moment.
 * @param timeZone IANA name such as `Europe/Moscow`.
 * @param at Unit: epoch milliseconds.
 * @returns Unit: minutes, negative west of Greenwich.
 */
export function utcOffsetMinutes(timeZone: string, at: number): number {
  const name = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" })
    .formatToParts(at)
    .find(({ type }) => type === "timeZoneName")?.value;
  const [, sign, hours = "0", minutes = "0"] = /^GMT([+-])(\d{2}):(\d{2})/.exec(name ?? "") ?? []; // "GMT" alone is UTC itself
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
