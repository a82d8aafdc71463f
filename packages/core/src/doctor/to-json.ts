/** Writes JSON for programs and terminals: what a terminal would not show as it stands is escaped. */
export function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2).replace(/[^\P{C}\n]|[^\P{Z} ]/gu, escapeUnits)}\n`
}

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
