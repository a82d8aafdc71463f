/** Nothing but ASCII is one column wide in every terminal. */
function isNarrow(character: string): boolean {
  return /[ -~]/.test(character)
}

function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += isNarrow(character) ? 1 : 2
  return width
}

/**
 * Breaks a text into lines between its words, and a word where it is longer than a line: a terminal would break it at its edge,
 * and what follows would stand where the doctor's own lines begin.
 *
 * @param width - how many columns a line has
 */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((word) => cut(word, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) > width && line !== '') {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

function cut(word: string, width: number): readonly string[] {
  const pieces: string[] = []
  let piece = ''
  for (const character of word) {
    if (widthOf(piece + character) > width) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...pieces, piece]
}

/** What a token says of itself is somebody else's text: it must not move the cursor, nor look like an empty place. */
export function toPrintable(text: string): string {
  return text.replace(/[^\P{C}]|[^\P{Z} ]/gu, '?')
}
