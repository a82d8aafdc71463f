/** What the doctor calls options of an API. */
const names: Readonly<Record<string, string>> = {
  allowInsecureHttp: '--allow-insecure-http',
  internalUrl: '--internal-url',
  keyFile: '--key',
  maxHeaderBytes: 'maxHeaderBytes of the API',
  projectId: '--project-id',
}

/** Calls the options in a text of the log by the names under which the doctor takes them. */
export function nameOptions(text: string): string {
  return text.replace(/\b[a-z]+[A-Z][A-Za-z]+\b/g, (word) =>
    Object.hasOwn(names, word) ? (names[word] ?? word) : word,
  )
}
