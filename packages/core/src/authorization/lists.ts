/** Names what is missing, for a client: `role: \`admin\`` or `roles: …`. */
export function nameAll(noun: string, names: readonly string[]): string {
  return `${names.length === 1 ? noun : `${noun}s`}: ${names.map((name) => `\`${name}\``).join(', ')}`
}

/** `readRequirement` has made lists of single texts. */
export function toList(value: string | readonly string[] | undefined): readonly string[] {
  return (value ?? []) as readonly string[]
}
